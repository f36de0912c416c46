"""Messages that people save out of Outlook (msg): an OLE file whose streams are the properties of the mail."""

from __future__ import annotations

import struct
from typing import Any

from suivi.documents import read
from suivi.extract import extract

LAST, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
BODY = """Bonjour,

Compte rendu de la réunion du groupe Abris du 12 mars 2024 à Koulanga.

Présents : Tandem, Croissant Bleu

Points d'action :
- Tandem : commander les bâches avant le 20 mars 2024
"""
ATTACHED = "Action;Responsable;Échéance\nRéparer les latrines du bloc B;Croissant Bleu;31/03/2024\n"


def compound(tree: dict[str, Any]) -> bytes:
    """An OLE compound file (MS-CFB version 3): storages are dicts, streams bytes (small ones in the mini stream)."""
    entries: list[list[Any]] = [["Root Entry", 5, FREE, FREE, b""]]  # name, kind, right sibling, child, data

    def add(children: dict[str, Any]) -> int:
        first = before = FREE
        for name, value in children.items():
            number = len(entries)
            nested = isinstance(value, dict)
            entries.append([name, 1 if nested else 2, FREE, FREE, b"" if nested else value])
            if before == FREE:
                first = number
            else:
                entries[before][2] = number
            before = number
            if nested:
                entries[number][3] = add(value)
        return first

    entries[0][3] = add(tree)
    mini, links = bytearray(), []
    starts = {}
    for number, (_, kind, _, _, data) in enumerate(entries):
        if kind == 2 and data and len(data) < 4096:
            starts[number] = len(links)
            count = -(-len(data) // 64)
            links += [*range(len(links) + 1, len(links) + count), LAST]
            mini += data.ljust(count * 64, b"\0")
    directory = b""
    sectors: list[bytes] = []
    fat: list[int] = []

    def place(data: bytes) -> int:
        if not data:
            return LAST
        start, count = 1 + len(fat), -(-len(data) // 512)  # the one sector of the FAT is the first
        fat.extend([*range(start + 1, start + count), LAST])
        sectors.append(data.ljust(count * 512, b"\0"))
        return start

    for number, (_, kind, _, _, data) in enumerate(entries):
        if kind == 2 and len(data) >= 4096:
            starts[number] = place(data)
    entries[0][4], starts[0] = bytes(mini), place(bytes(mini))
    minifat = place(b"".join(struct.pack("<I", link) for link in links))
    for number, (name, kind, right, child, data) in enumerate(entries):
        directory += struct.pack(
            "<64sHBBIII16xIQQIQ", name.encode("utf-16-le"), len(name) * 2 + 2, kind, 1, FREE, right, child, 0, 0, 0,
            starts.get(number, 0), len(data),
        )  # fmt: skip
    folder = place(directory)
    assert len(fat) < 128, "one sector of FAT is enough here"
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, folder, 0, 4096,
        minifat, -(-len(links) // 128), LAST, 0, 0,
    )  # fmt: skip
    table = struct.pack("<I", TABLE) + b"".join(struct.pack("<I", link) for link in fat)
    return head.ljust(512, b"\xff") + table.ljust(512, b"\xff") + b"".join(sectors)


def message(subject: str, body: str, attachments: dict[str, bytes]) -> bytes:
    """A message as Outlook saves it: subject, body and attachments, its texts in UTF-16."""
    tree: dict[str, Any] = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
        "__substg1.0_1000001F": body.encode("utf-16-le"),
    }
    for number, (name, data) in enumerate(attachments.items()):
        tree[f"__attach_version1.0_#{number:08X}"] = {
            "__substg1.0_37010102": data,
            "__substg1.0_3707001F": name.encode("utf-16-le"),
        }
    return compound(tree)


def test_subject_body_and_attachment_are_read() -> None:
    reading = read(message("Groupe Abris – compte rendu", BODY, {"suivi.csv": ATTACHED.encode()}), "CR.msg")
    texts = [block.text for block in reading.blocks]
    assert reading.format == "msg"
    assert reading.issues == ()
    assert texts[0] == "Objet : Groupe Abris – compte rendu"
    assert "Présents : Tandem, Croissant Bleu" in texts
    assert "Réparer les latrines du bloc B" in texts


def test_it_is_known_by_its_content_whatever_its_name() -> None:
    reading = read(message("Groupe Abris", BODY, {}), "CR.doc")
    assert reading.format == "msg"
    assert [issue.type for issue in reading.issues] == ["document_misnamed"]


def test_its_minutes_are_taken() -> None:
    minutes = extract(read(message("Groupe Abris – compte rendu", BODY, {}), "CR.msg"), "CR.msg")
    assert minutes.is_minutes
    assert minutes.meeting.date == "2024-03-12"
    assert [(action.responsible, action.deadline_date) for action in minutes.actions] == [(("Tandem",), "2024-03-20")]


def test_one_that_is_cut_off_is_one_issue() -> None:
    data = message("Groupe Abris", BODY * 20, {})
    reading = read(data[: len(data) - 3000], "CR.msg")
    assert reading.blocks == ()
    assert [issue.type for issue in reading.issues] == ["document_damaged"]
