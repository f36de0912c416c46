"""The sample drive holds what its sources and its README say."""

from __future__ import annotations

import runpy
import zipfile
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parents[2] / "include" / "samples"
DRIVE = SAMPLES / "mali_protection"
BUILD = runpy.run_path(str(SAMPLES / "build.py"))
SOURCES = BUILD["sources"]()


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("drive")
    # A PDF takes LibreOffice: its Word form is built instead.
    BUILD["build"](out, [source | {"file": source["file"].replace(".pdf", ".docx")} for source in SOURCES])
    return out


def word_text(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("word/document.xml")


@pytest.mark.parametrize("path", [p for p in sorted(DRIVE.rglob("*")) if p.is_file()], ids=lambda p: p.name)
def test_committed_file_is_what_its_source_builds(path: Path, rebuilt: Path) -> None:
    twin = rebuilt / path.relative_to(DRIVE)
    if path.suffix == ".pdf":
        assert path.read_bytes().startswith(b"%PDF-")
        assert twin.with_suffix(".docx").exists()
    elif path.suffix == ".docx" and not path.name.startswith("~$"):
        assert word_text(path) == word_text(twin)
    else:
        assert path.read_bytes() == twin.read_bytes()


def test_drive_has_ten_or_more_minutes_in_four_formats() -> None:
    files = [Path(s["file"]) for s in SOURCES if s["expect"].get("minutes", True)]
    assert len(files) >= 10
    assert {f.suffix for f in files} == {".docx", ".pdf", ".txt", ".md"}
    assert all((DRIVE / f).exists() for f in files)


def test_planted_values_stand_in_one_action_and_nowhere_else() -> None:
    planted = ("Seydou Kassambara", "66 00 12 34", "Diallassagou")
    texts = {p.name: p.read_text(encoding="utf-8") for p in (SAMPLES / "sources").iterdir()}
    for value in planted:
        assert [name for name, text in texts.items() if value in text] == ["02_national_2026-02-11.yaml"]
        assert value in (SAMPLES / "README.md").read_text(encoding="utf-8")


def test_drive_stays_small() -> None:
    assert sum(p.stat().st_size for p in DRIVE.rglob("*") if p.is_file()) < 1_000_000
