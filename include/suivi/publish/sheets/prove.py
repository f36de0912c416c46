"""Prove access to a spreadsheet: read it, leave a mark that nobody sees, look whose it is."""

from __future__ import annotations

from suivi.publish.sheets.client import Sheets
from suivi.publish.sheets.grid import book
from suivi.publish.sheets.model import Target
from suivi.publish.sheets.stamp import check_stamp
from suivi.settings import Cluster

MARK = "suivi_check"
_FIELDS = "spreadsheetId,properties(title),developerMetadata(metadataId,metadataKey,metadataValue)"


def prove(sheets: Sheets, cluster: Cluster, target: Target) -> str:
    """The spreadsheet's title; `TargetError` says what to fix. Writes developer metadata only, no cell."""
    spreadsheet = str(cluster.sheets[target])
    answer = sheets.patiently(lambda: sheets.read(spreadsheet, _FIELDS))
    now = book(answer)
    check_stamp(sheets, now, cluster, target, spreadsheet)
    if MARK in now.stamps:
        where = [{"developerMetadataLookup": {"metadataKey": MARK}}]
        change = {"dataFilters": where, "developerMetadata": {"metadataValue": "ok"}, "fields": "metadataValue"}
        request = {"updateDeveloperMetadata": change}
    else:
        mark = {"metadataKey": MARK, "metadataValue": "ok", "location": {"spreadsheet": True}, "visibility": "DOCUMENT"}
        request = {"createDeveloperMetadata": {"developerMetadata": mark}}
    sheets.patiently(lambda: sheets.write(spreadsheet, [request]))
    return str(answer.get("properties", {}).get("title", spreadsheet))
