"""A redacted name is looked for in the raw bytes of every file of the house, and in what each service shows."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterator

import pytest

from house import House, house_in, start, stop
from suivi.cli import main

NAME, STAYS = "Zoumana Ouattakoro", "Fily Diabakaté"
ROW = "Vérifier la liste des relais que tient Sekou Bagayokola"
FILE = f"CR {NAME} 2026-09-16.md"
MINUTES = f"""# Cluster Protection Mali – compte rendu de la réunion du 16 septembre 2026

**Lieu :** domicile de {NAME}, Bamako

**Facilitateur :** {NAME}, DRC

**Organisations présentes :** UNHCR, OCHA, {NAME} (indépendant)

| Résumé des discussions | Actions à prendre | Responsables | Délai |
| --- | --- | --- | --- |
| {NAME} cite 777 personnes sensibilisées dans le cercle de Macina. | Reloger {NAME} | DRC, {NAME} | 31/10/2026 |
| Formation de {NAME} du 3 au 5 octobre 2026. | Payer la formation de {NAME} | {NAME} | fin octobre 2026 |
"""
OTHER = f"""# Cluster Protection Mali – compte rendu de la réunion du 23 septembre 2026

**Rapporteur :** {STAYS}

| Résumé des discussions | Actions à prendre | Responsables | Délai |
| --- | --- | --- | --- |
| Les relais sont connus. | {ROW} | OCHA | 31/10/2026 |
| Le plan est prêt. | Diffuser le plan de travail trimestriel | UNHCR | 31/10/2026 |
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Two nights over a document and its second version; emulator and ORS keep their state in the house."""
    folder = tmp_path_factory.mktemp("redacted")
    process, emulator = start("sheets_emulator", "--port", "0", "--state", str(folder / "emulator"))
    makers = house_in(folder, emulator)
    house = next(makers)
    for path in [*house.drive.rglob("*.docx"), *house.drive.rglob("*.pdf")]:
        path.unlink()  # a small drive is enough
    (house.drive / FILE).write_text(MINUTES)
    (house.drive / "autre.md").write_text(OTHER)
    house.night()
    (house.drive / FILE).write_text(f"{MINUTES}\nClôture par {NAME}.\n")
    house.night()
    yield house
    next(makers, None)
    stop(process)


@pytest.fixture(autouse=True)
def _here(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in house.environment.items():
        monkeypatch.setenv(name, value)


def redact(what: str) -> int:
    return main(["redact", what, "--cluster", "mali_protection", "--yes"])


def places_of(house: House, words: str) -> list[str]:
    """Files in which the words stand, free pages and logs included, and services that show them."""
    needles = [words.encode(), words.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")]
    found = []
    for path in sorted(house.folder.rglob("*")):
        if not path.is_file() or path.is_relative_to(house.drive):
            continue
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
        if any(needle in data for needle in needles):
            found.append(str(path.relative_to(house.folder)))
    found += [kind for kind in ("internal", "shared") if words in house.spreadsheet(kind)]
    found += [form for form in ("actions", "meetings", "presence") if words in _ors(house, form)]
    out = house.folder.parent / "export.json"
    main(["export", "mali_protection", "actions", "--format", "json", "--level", "interne", "--out", str(out)])
    return [*found, *(["export"] if words in out.read_text() else [])]


def _ors(house: House, form: str) -> str:
    bearer = {"Authorization": f"Bearer {house.token}"}
    return house.http.get(f"{house.ors}/api/v1/{form}?limit=1000", headers=bearer, timeout=20).text


def test_a_redacted_document_is_found_nowhere_and_does_not_come_back(house, capsys):
    before = places_of(house, NAME)
    assert {"internal", "export"} <= set(before)
    assert any(place.startswith("var/suivi.db") for place in before)
    assert sum(place.startswith("store/") for place in before) == 2  # both versions
    assert redact(FILE) == 0
    assert places_of(house, NAME) == []
    said = capsys.readouterr().out
    for word in ("historique des versions", "drive", "sauvegardes", "exports"):
        assert word in said
    house.night()
    assert places_of(house, NAME) == []
    assert STAYS in house.spreadsheet("internal")


def test_a_redacted_row_leaves_its_neighbours(house):
    number = next(r["N°"] for r in house.tab("internal", "Suivi des actions") if r["Action"] == ROW)
    assert redact(number) == 0
    house.night()
    left = [place for place in places_of(house, ROW) if not place.startswith("store/")]
    assert left == []  # the document itself keeps it: the sentence says so
    assert any("Diffuser le plan" in r["Action"] for r in house.tab("internal", "Suivi des actions"))


def test_a_document_that_another_cluster_has_stays_that_clusters_and_is_said(house, capsys):
    from suivi.ledger.tables import FileRow, VersionRow

    path = next(house.drive.rglob("*reunion*.md"))
    with house.ledger.write() as session:
        mine = session.query(FileRow).filter(FileRow.name == path.name).one()
        theirs = FileRow(cluster="niger_sante", drive="d", native_id="n", path="n.md", name="n.md",
                         document=mine.document, first_seen="2026-11-24", last_seen="2026-11-24")  # fmt: skip
        session.add(theirs)
        session.flush()
        session.add(VersionRow(file=theirs.id, document=mine.document, night=1))
        document = mine.document
    assert redact(document[:12]) == 0
    assert "niger_sante" in capsys.readouterr().out
    assert list((house.folder / "store").rglob(document))
    rows = sqlite3.connect(house.folder / "var" / "suivi.db").execute(
        "select cluster from files where document = ?", (document,)
    )
    assert rows.fetchall() == [("niger_sante",)]


def test_what_does_not_exist_is_a_sentence(house, capsys):
    assert redact("PROT-1999-01-01/1") == 2
    assert "has no document, row or number" in capsys.readouterr().err
