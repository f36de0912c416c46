"""What was raised and why, and the map of actors, after a night; what is internal is looked for in every output."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator

import pytest
import requests
from openpyxl import load_workbook

from house import FIRST, House, house_in
from suivi import schema
from suivi.cli import main
from suivi.ledger import lease
from suivi.steps.context import open_run
from suivi.steps.reminders import letters

MINUTES = """# Cluster Protection Mali – compte rendu de la réunion du 21 octobre 2026

**Facilitateur :** Tiécoura Fanéla (DRC)

**Organisations présentes :** UNHCR, OCHA, DRC, NRC, CICR

| Résumé des discussions | Actions à prendre | Responsables | Délai |
| --- | --- | --- | --- |
| Le plan est prêt. | Diffuser le plan de travail trimestriel | UNHCR | 31/10/2026 |
| Une équipe part. | Mener une évaluation rapide à Bankass | DRC | 05/11/2026 |
| T. F. suit le dossier. | T. F. fera le point avec Zoumanatou Ouattakoro au 76 12 34 56 | DRC | 06/11/2026 |
| Le site est plein. | Recenser les familles du village de Sokouranibala | NRC | 07/11/2026 |
| Les patrouilles. | Suivre les 640 militaires du cercle de Koro | OCHA | 08/11/2026 |
| Cas signalés. | Documenter les 37 cas de viol de Ménaka | NRC | 09/11/2026 |
| Dialogue. | Associer les éleveurs peuls au dialogue | NRC | 10/11/2026 |

NRC réalise des audiences foraines dans le cercle de Niono. CICR réalise des causeries éducatives dans le cercle de Gao.
"""
SECRETS = (
    "Fanéla", "Ouattakoro", "76 12 34 56", "Sokouranibala", "évaluation rapide", "640 militaires", "cas de viol",
    "éleveurs peuls", "T. F. fera", "CICR",
)  # fmt: skip
# What notes and logs may hold: the consent list is public, and so is the name of a rule.
WORDING = tuple(secret for secret in SECRETS if secret != "CICR")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sheets_server: str) -> Iterator[House]:
    """One night over one document."""
    makers = house_in(tmp_path_factory.mktemp("raised"), sheets_server)
    house = next(makers)
    for path in [each for each in house.drive.rglob("*") if each.is_file()]:
        path.unlink()
    (house.drive / "CR 2026-10-21.md").write_text(MINUTES)
    house.night()
    yield house
    next(makers, None)


@pytest.fixture(autouse=True)
def environment(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in house.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("COLUMNS", "200")


def test_levels_counts_registers_and_reasons_and_never_says_the_wording(tmp_path, capsys):
    assert main(["levels", "mali_protection", "--out", str(tmp_path / "niveaux.csv")]) == 0
    said = capsys.readouterr().out
    for reason in ("mouvement ou distribution à venir", "lieu en dessous du cercle", "étiquette ethnique"):
        assert reason in said
    listed = (tmp_path / "niveaux.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(listed)))
    actions = {row["number"]: row["why"] for row in rows if row["register"] == "actions"}
    assert len(actions) == 6
    assert all(number.startswith("PROT-2026-10-21/") for number in actions)
    assert not [secret for secret in SECRETS if secret in said + listed]


def test_the_map_of_actors_says_what_an_empty_cell_means(tmp_path):
    assert main(["actors", "mali_protection", "--out", str(tmp_path / "acteurs.csv")]) == 0
    text = (tmp_path / "acteurs.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["admin2_name"] for row in rows if "audiences foraines" in row["NRC"].lower()] == ["Niono"]
    assert "CICR" not in text
    assert main(["actors", "mali_protection", "--level", "interne", "--out", str(tmp_path / "acteurs.xlsx")]) == 0
    sheet = load_workbook(tmp_path / "acteurs.xlsx").active
    cells = {cell for row in sheet.iter_rows(values_only=True) for cell in row}
    assert {"CICR", "non mentionné dans les PV"} <= cells


def test_a_file_of_another_kind_is_a_sentence(tmp_path, capsys):
    assert main(["actors", "mali_protection", "--out", str(tmp_path / "acteurs.doc")]) == 2
    assert "neither a .csv nor an .xlsx" in capsys.readouterr().err


def test_nothing_internal_is_in_any_output_below_it(house, tmp_path):
    outputs = {"shared sheet": house.spreadsheet("shared")}
    for register in schema.REGISTERS:
        for format in ("json", "csv"):
            out = tmp_path / f"{register}.{format}"
            assert main(["export", "mali_protection", register, "--format", format, "--out", str(out)]) == 0
            outputs[out.name] = out.read_text(encoding="utf-8")
    word = tmp_path / "suivi.docx"
    assert main(["export", "mali_protection", "actions", "--format", "docx", "--out", str(word)]) == 0
    outputs["follow-up"] = zipfile.ZipFile(word).read("word/document.xml").decode()
    shared = ("shared sheet", "actions.json", "actions.csv", "follow-up")
    assert all("Diffuser le plan de travail trimestriel" in outputs[name] for name in shared)
    outputs |= _of_the_ors(house)
    outputs |= _mails(house)
    leaks = {(name, secret) for name, text in outputs.items() for secret in SECRETS if secret in text}
    assert not leaks


def _of_the_ors(house: House) -> dict[str, str]:
    head = {"Authorization": f"Bearer {house.token}"}
    paths = [f"/api/v1/{name}" for name in ("actions", "meetings", "presence", "indicators", "key_figures")]
    paths += ["/DataFeeds/ReportedData.ashx?format=json", "/datafeeds/ors3w.ashx", "/datafeeds/keyfiguresfeed.ashx"]
    found = {}
    for path in paths:
        answer = requests.get(f"{house.ors}{path}", headers=head, timeout=30)
        assert answer.status_code == 200, (path, answer.text)
        found[path] = answer.text
    assert "Diffuser le plan" in found["/api/v1/actions"]
    return found


def _mails(house: House) -> dict[str, str]:
    run = open_run("mali_protection", "letters", FIRST, house.settings, work=True)
    found = {f"mail to {letter.party}": f"{letter.subject} {letter.body}" for letter in letters(run)}
    lease.drop(run.ledger.engine, "mali_protection", "letters")
    assert "Diffuser le plan" in found["mail to UNHCR"]
    return found


def test_nothing_internal_is_in_data_docs_notes_and_logs(house):
    pages = [path for path in (house.folder / "var").rglob("*") if path.suffix in (".html", ".json", ".log")]
    assert len(pages) > 5
    leaks = {
        (str(path.relative_to(house.folder)), secret)
        for path in pages
        for secret in WORDING
        if secret in path.read_text(encoding="utf-8", errors="replace")
    }
    assert not leaks
