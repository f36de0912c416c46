"""`python -m suivi.documents.bench [FILE…]`: CPU time of reading, as a multiple of the least any reader could take,
and of extracting from what was read. Without files: the docx and PDF documents of the sample drive, then invented
minutes of five pages.

The floor of a docx is to unzip and parse its XML parts, that of a PDF pdfium's own text; both are measured in the
same run, alternating with the reading, best of several rounds. Extraction is measured once on each of many documents
that differ, so that nothing it remembers flatters it. Other readers stand beside where they are installed
(markitdown is in no lock: `pip install markitdown[docx,pdf]` into an environment of your own to see it).
"""

from __future__ import annotations

import io
import sys
import time
import zipfile
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from lxml import etree

from suivi.documents.bench_minutes import FAMILIES, PAGES, minutes
from suivi.documents.reading import read

ROUNDS = 9
DOCUMENTS = 15  # of each family, all different
EXTRACT_LIMIT = 5.0  # CPU milliseconds for a document of five pages
LIMITS = {"docx": 4.0, "pdf": 5.0}
SAMPLES = Path(__file__).parents[2] / "samples"


def main(names: list[str]) -> int:
    """Print a line a file; 1 when a reading or an extraction takes more than its limit, 2 for other files."""
    paths = [Path(name) for name in names] or sample_files()
    if strange := [path.name for path in paths if path.suffix.lstrip(".") not in LIMITS]:
        print(f"only docx and PDF have a floor to measure against, not {', '.join(strange)}", file=sys.stderr)
        return 2
    print(f"{'file':40} {'floor ms':>9} {'suivi ms':>9} {'ratio':>6} {'limit':>6} {'extract ms':>11}  others (ms)")
    over = sum([not within_limit(path) for path in paths])
    if not names:
        print(f"\n{'five pages, all different':40} {'pages':>9} {'chars':>9} {'ms':>6} {'limit':>6} {'worst ms':>11}")
        over += sum([not extracted_within_limit(family) for family in FAMILIES])
    return 1 if over else 0


def extracted_within_limit(family: str) -> bool:
    """Measure and print the extraction from documents of one family: the median of many; whether it keeps the limit."""
    extract = import_module("suivi.extract").extract  # a later step of the road
    readings = [read(minutes(family, seed), f"{family}.html") for seed in range(DOCUMENTS + 1)]
    extract(readings[0], family)  # the grammar is compiled once a process
    times = sorted(_spent(partial(extract, reading, family)) for reading in readings[1:])
    median, size = times[DOCUMENTS // 2], sum(len(reading.text) for reading in readings[1:]) // DOCUMENTS
    verdict = "" if median <= EXTRACT_LIMIT else "  over the limit"
    print(f"{family:40} {PAGES:9} {size:9} {median:6.1f} {EXTRACT_LIMIT:6.1f} {times[-1]:11.1f}{verdict}")
    return median <= EXTRACT_LIMIT


def sample_files() -> list[Path]:
    """The docx and PDF documents of the sample drive that ships."""
    found = (path for kind in LIMITS for path in SAMPLES.rglob(f"*.{kind}"))
    return sorted(path for path in found if not path.name.startswith("~$"))  # Word's lock files


def within_limit(path: Path) -> bool:
    """Measure and print one file; whether its reading keeps to the limit."""
    data, kind = path.read_bytes(), path.suffix.lstrip(".")
    others = _others(kind)
    floor, reading = unzip_and_parse if kind == "docx" else pdf_text, read(data, path.name)
    tasks: dict[str, Callable[[bytes], Any]] = {
        "floor": floor,
        "suivi": partial(read, name=path.name),
        "extract": lambda _: import_module("suivi.extract").extract(reading, path.name),  # a later step of the road
    }
    times = _best({**tasks, **{name: task for name, task in others.items() if task}}, data)
    ratio = times["suivi"] / times["floor"]
    beside = [f"{name} {times[name]:.1f}" if task else f"{name} not installed" for name, task in others.items()]
    print(
        f"{path.name[:40]:40} {times['floor']:9.2f} {times['suivi']:9.2f} {ratio:6.1f} {LIMITS[kind]:6.1f} "
        f"{times['extract']:11.2f}  {', '.join(beside)}"
    )
    return ratio <= LIMITS[kind]


def unzip_and_parse(data: bytes) -> None:
    """The least a docx reader does: every XML part unpacked and parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))


def pdf_text(data: bytes) -> None:
    """The least a PDF reader does: pdfium's text of every page."""
    document = pdfium.PdfDocument(data)
    for page in document:
        page.get_textpage().get_text_bounded()
    document.close()


def _others(kind: str) -> dict[str, Callable[[bytes], Any] | None]:
    """Readers of the same format by others; `None` for what is not installed."""
    known = {
        "docx": {"python-docx": ("docx", _python_docx), "markitdown": ("markitdown", _markitdown)},
        "pdf": {"pdfplumber": ("pdfplumber", _pdfplumber), "markitdown": ("markitdown", _markitdown)},
    }
    return {name: task if find_spec(module) else None for name, (module, task) in known[kind].items()}


def _python_docx(data: bytes) -> None:
    document = import_module("docx").Document(io.BytesIO(data))
    for paragraph in document.paragraphs:
        _ = paragraph.text
    for table in document.tables:
        for row in table.rows:
            _ = [cell.text for cell in row.cells]


def _pdfplumber(data: bytes) -> None:
    with import_module("pdfplumber").open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_text()
            page.extract_tables()


def _markitdown(data: bytes) -> None:
    import_module("markitdown").MarkItDown().convert_stream(io.BytesIO(data))


def _best(tasks: dict[str, Callable[[bytes], Any]], data: bytes) -> dict[str, float]:
    """Least CPU milliseconds of each task; slow ones are run once."""
    best: dict[str, float] = {}
    for number in range(ROUNDS):
        for name, task in tasks.items():
            if number and name not in ("floor", "suivi", "extract"):
                continue
            spent = _spent(partial(task, data))
            best[name] = min(best.get(name, spent), spent)
    return best


def _spent(task: Callable[[], Any]) -> float:
    """CPU milliseconds of one run."""
    start = time.process_time()
    task()
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
