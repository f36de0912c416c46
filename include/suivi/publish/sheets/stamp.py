"""The ledger's id in the spreadsheet's developer metadata: whose sheet this is, of which cluster, in which part.

Staging never writes into production, and a mix-up of the internal and the shared id never leaks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from suivi.errors import TargetError
from suivi.publish.sheets.client import Sheets
from suivi.publish.sheets.grid import Book
from suivi.publish.sheets.model import Target
from suivi.settings import Cluster

STAMP = "suivi"
RECEIPT = "suivi_write"


def stamp_value(sheets: Sheets, cluster: Cluster, target: Target) -> str:
    return f"{sheets.ledger}|{cluster.cluster}|{target}"


class StampError(TargetError):
    """The spreadsheet belongs to another installation, cluster or part."""

    runbook = "stamp"


def check_stamp(sheets: Sheets, now: Book, cluster: Cluster, target: Target, spreadsheet: str) -> None:
    """Refuse a spreadsheet that carries another stamp than ours. A lost ledger is taken over with `adopt`, but never
    across clusters or from one part to the other."""
    if not sheets.ledger or STAMP not in now.stamps:
        return
    ledger, _, rest = now.stamps[STAMP][1].partition("|")
    if rest != f"{cluster.cluster}|{target}":
        raise StampError(
            f"Spreadsheet {spreadsheet} is stamped for '{rest.replace('|', ', ')}', not for '{cluster.cluster}, "
            f"{target}'. Check the two ids in the cluster's file; nothing was written."
        )
    if ledger != sheets.ledger and not sheets.adopt:
        raise StampError(
            f"Spreadsheet {spreadsheet} is stamped by another installation. If this is its successor (the ledger was "
            "lost), run once with adopt; else make new spreadsheets. Nothing was written."
        )


def stamp_requests(sheets: Sheets, now: Book, cluster: Cluster, target: Target) -> list[dict[str, Any]]:
    """The request that stamps the spreadsheet, if it needs one."""
    value = stamp_value(sheets, cluster, target)
    if not sheets.ledger or now.stamps.get(STAMP, (0, ""))[1] == value:
        return []
    if STAMP in now.stamps:
        where = {"developerMetadataLookup": {"metadataKey": STAMP}}
        update = {"dataFilters": [where], "developerMetadata": {"metadataValue": value}, "fields": "metadataValue"}
        return [{"updateDeveloperMetadata": update}]
    place = {"spreadsheet": True}
    metadata = {"metadataKey": STAMP, "metadataValue": value, "location": place, "visibility": "DOCUMENT"}
    return [{"createDeveloperMetadata": {"developerMetadata": metadata}}]


def receipt_requests(now: Book, inserted: Iterable[str]) -> list[dict[str, Any]]:
    """A receipt under an id that can be given once: a write that inserts rows and comes twice (the first one late,
    after its repetition) is refused the second time, as a whole.

    The id follows from the receipt that was read and from what is inserted, so both attempts carry the same.
    """
    before = now.stamps.get(RECEIPT, (0, ""))[0]
    text = "\x1f".join((str(before), *inserted))
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) % (2**31 - 1) + 1
    drop = {"deleteDeveloperMetadata": {"dataFilter": {"developerMetadataLookup": {"metadataId": before}}}}
    metadata = {"metadataId": number, "metadataKey": RECEIPT, "location": {"spreadsheet": True}}
    new = {"createDeveloperMetadata": {"developerMetadata": {**metadata, "visibility": "DOCUMENT"}}}
    return [drop, new] if before else [new]
