"""Gold against extraction: figures, acceptance with the document left out, and the corpus where it is there."""

import json
from pathlib import Path

import pytest

from suivi.documents import read
from suivi.extract import evaluate, extract
from suivi.extract.confidence import FEATURES, model
from suivi.models import to_json

FOLDER = Path(__file__).parent / "minutes"
CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
NAMES = ("drc.html", "en_inline.txt", "fr_mail.txt", "t3_fr.html", "not_lab.txt")


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    for name in NAMES:
        record = to_json(extract(read((FOLDER / name).read_bytes(), name), name))
        (tmp_path / f"{Path(name).stem}.json").write_text(json.dumps(record), encoding="utf-8")
    return tmp_path


def test_extraction_agrees_with_itself(gold: Path) -> None:
    found = evaluate.evaluate(gold, FOLDER)
    assert set(found.documents) == {Path(name).stem for name in NAMES}
    assert set(found.formats) == {"html", "txt"}
    assert found.figures["action_f1"] == found.figures["is_minutes"] == found.figures["header"] == 1


def test_a_missed_and_an_invented_action_cost(gold: Path) -> None:
    path = gold / "drc.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    record["actions"][0]["text"] = "Quelque chose que le document ne dit nulle part, pas même en passant"
    path.write_text(json.dumps(record), encoding="utf-8")
    figures = evaluate.evaluate(gold, FOLDER).documents["drc"]
    assert figures["action_precision"] == figures["action_recall"] == pytest.approx(0.8)


def test_gold_without_its_document_is_said(gold: Path) -> None:
    (gold / "gone.json").write_text(json.dumps({"document": "gone.txt", "is_minutes": True}), encoding="utf-8")
    found = evaluate.evaluate(gold, FOLDER)
    assert found.missing == ("gone",)
    assert "document not found: gone" in evaluate.render(found)


def test_calibration_writes_what_extraction_reads(gold: Path, tmp_path: Path) -> None:
    target = tmp_path / "weights.yaml"
    evaluate.calibrate([(gold, FOLDER)], target)
    assert "threshold" in target.read_text(encoding="utf-8")
    assert set(model()["weights"]) == set(FEATURES)


@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_the_corpus_figures_hold() -> None:
    found = evaluate.evaluate(CORPUS / "gold", CORPUS / "docs")
    least = {
        "is_minutes": 1.0,
        "action_f1": 0.92,
        "responsible_f1": 0.93,
        "dated": 0.93,
        "status": 0.95,
        "review": 0.93,
        "agenda": 0.85,
        "header": 0.92,
        "date": 1.0,
        "organisation_f1": 0.92,
        "figure_f1": 0.75,
    }
    assert {name: round(found.figures[name], 3) for name in least if found.figures[name] < least[name]} == {}
    assert found.accepted_precision >= 0.98
    assert found.accepted_coverage >= 0.75
