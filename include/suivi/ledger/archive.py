"""Files, documents and minutes in the ledger. Every function takes the session of an open transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from suivi.ledger.nights import Night
from suivi.ledger.tables import DocumentRow, FileRow, MinutesRow, TombstoneRow, VersionRow

MAX_ATTEMPTS = 3  # a document that killed its reader as often is an issue, not tried again


@dataclass(frozen=True, slots=True)
class Pending:
    """A document that lacks minutes at the wanted version."""

    document: str
    name: str
    store_key: str
    attempts: int


def files(session: Session, cluster: str, drive: str) -> Sequence[FileRow]:
    return session.scalars(select(FileRow).where(FileRow.cluster == cluster, FileRow.drive == drive)).all()


def file(session: Session, cluster: str, drive: str, native_id: str) -> FileRow | None:
    return session.scalar(
        select(FileRow).where(FileRow.cluster == cluster, FileRow.drive == drive, FileRow.native_id == native_id)
    )


def paths(session: Session, cluster: str) -> dict[str, str]:
    """Document → the path that people know it by."""
    found = session.execute(select(FileRow.document, FileRow.path).where(FileRow.cluster == cluster))
    return {row.document: row.path for row in found if row.document}


def add_document(session: Session, night: Night, document: str, name: str, size: int, store_key: str) -> bool:
    """Keep a document; False where it was known."""
    if session.get(DocumentRow, document) is not None:
        return False
    session.add(
        DocumentRow(
            id=document, name=name, size=size, store_key=store_key, first_seen=night.day.isoformat(), night=night.number
        )
    )
    session.flush()
    return True


def link(session: Session, file: FileRow, document: str, night: Night) -> None:
    """The file holds this document from this night on."""
    session.add(file)
    session.flush()
    file.document = document
    if session.get(VersionRow, (file.id, document)) is None:
        session.add(VersionRow(file=file.id, document=document, night=night.number))


def tombstoned(session: Session, cluster: str, kind: str, id: str) -> bool:
    return session.get(TombstoneRow, (cluster, kind, id)) is not None


def pending(session: Session, cluster: str, version: int, slice_size: int) -> list[Pending]:
    """Documents of the cluster's files that lack minutes at `version`, oldest first.

    Documents never read come all; those that only need re-reading by a newer extractor come `slice_size` a night.
    """
    older = aliased(MinutesRow)
    has_older = (
        select(older.document)
        .where(
            older.document == DocumentRow.id,
            older.version < version,
            older.state.in_(("minutes", "workbook", "not_minutes")),
        )
        .exists()
    )
    query = (
        select(
            DocumentRow.id, DocumentRow.name, DocumentRow.store_key, func.coalesce(MinutesRow.attempts, 0), has_older
        )
        .join(FileRow, FileRow.document == DocumentRow.id)
        .outerjoin(MinutesRow, and_(MinutesRow.document == DocumentRow.id, MinutesRow.version == version))
        .where(
            FileRow.cluster == cluster,
            DocumentRow.purged.is_(None),
            or_(MinutesRow.document.is_(None), MinutesRow.state == "reading"),
        )
        .distinct()
        .order_by(DocumentRow.id)
    )
    found = session.execute(query).all()
    fresh = [Pending(*row[:4]) for row in found if not row[4]]
    again = [Pending(*row[:4]) for row in found if row[4]]
    return fresh + again[:slice_size]


def count_attempt(session: Session, document: str, version: int, night: Night) -> None:
    """Before the document is opened, so that a reader that dies is remembered."""
    row = session.get(MinutesRow, (document, version)) or MinutesRow(document=document, version=version, attempts=0)
    row.state, row.night = "reading", night.number
    row.attempts += 1
    session.add(row)


def save_minutes(session: Session, document: str, version: int, state: str, payload: dict[str, Any] | None) -> None:
    row = session.get_one(MinutesRow, (document, version))
    row.state, row.payload = state, payload


def minutes(session: Session, cluster: str) -> list[Row[Any]]:
    """(minutes payload, document, file, night, first seen) of what the cluster's files hold now.

    For each document the newest version that was read; a document in two files comes once, by its oldest file.
    """
    newest = (
        select(MinutesRow.document, func.max(MinutesRow.version).label("version"))
        .where(MinutesRow.state == "minutes")
        .group_by(MinutesRow.document)
        .subquery()
    )
    first_file = (
        select(FileRow.document, func.min(FileRow.id).label("file"))
        .where(FileRow.cluster == cluster)
        .group_by(FileRow.document)
        .subquery()
    )
    query = (
        select(MinutesRow.payload, MinutesRow.document, FileRow, DocumentRow.night, DocumentRow.first_seen)
        .join(newest, and_(newest.c.document == MinutesRow.document, newest.c.version == MinutesRow.version))
        .join(first_file, first_file.c.document == MinutesRow.document)
        .join(FileRow, FileRow.id == first_file.c.file)
        .join(DocumentRow, DocumentRow.id == MinutesRow.document)
        .order_by(MinutesRow.document)
    )
    return list(session.execute(query))


def workbooks(session: Session, cluster: str) -> list[dict[str, Any]]:
    """The 5W workbooks that the cluster's files hold now, as they were read last."""
    newest = (
        select(MinutesRow.document, func.max(MinutesRow.version).label("version"))
        .where(MinutesRow.state == "workbook")
        .group_by(MinutesRow.document)
        .subquery()
    )
    mine = select(FileRow.document).where(FileRow.cluster == cluster, FileRow.missing_since.is_(None))
    query = (
        select(MinutesRow.payload)
        .join(newest, and_(newest.c.document == MinutesRow.document, newest.c.version == MinutesRow.version))
        .where(MinutesRow.document.in_(mine))
        .order_by(MinutesRow.document)
    )
    return [payload for payload in session.scalars(query) if payload]


def minutes_rows(session: Session, cluster: str) -> Sequence[MinutesRow]:
    """Every kept reading of the cluster's documents, of any version."""
    mine = select(FileRow.document).where(FileRow.cluster == cluster)
    return session.scalars(
        select(MinutesRow).where(
            MinutesRow.document.in_(mine),
            MinutesRow.payload.is_not(None),
            MinutesRow.state.in_(("minutes", "not_minutes")),
        )
    ).all()


def standing_issues(session: Session, cluster: str, version: int) -> list[dict[str, Any]]:
    """Issues of the documents that the cluster's files hold now, as reading and extraction found them."""
    query = (
        select(MinutesRow.payload)
        .join(FileRow, FileRow.document == MinutesRow.document)
        .where(FileRow.cluster == cluster, MinutesRow.version == version, MinutesRow.payload.is_not(None))
    )
    return [issue for payload in session.scalars(query) if payload for issue in payload.get("issues", [])]


def states(session: Session, cluster: str, version: int) -> dict[str, int]:
    """How many of the cluster's documents are in which state at `version`."""
    query = (
        select(MinutesRow.state, func.count(func.distinct(MinutesRow.document)))
        .join(FileRow, FileRow.document == MinutesRow.document)
        .where(FileRow.cluster == cluster, MinutesRow.version == version)
        .group_by(MinutesRow.state)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def mark_missing(session: Session, file: FileRow, day: date) -> None:
    """A file gone from its drive stays in the registers; the first night it was missed is kept."""
    file.missing_since = file.missing_since or day.isoformat()
    session.add(file)
