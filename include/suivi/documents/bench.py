"""`python -m suivi.documents.bench [FILE…]`: CPU time of reading, as a multiple of the least any reader could take,
and of extracting from what was read. Without files: the docx and PDF documents of the sample drive.

The floor of a docx is to unzip and parse its XML parts, that of a PDF pdfium's own text; both are measured in the
same run, alternating with the reading, best of several rounds. Other readers stand beside where they are installed.
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

from suivi.documents.reading import read

ROUNDS = 9
LIMITS = {"docx": 4.0, "pdf": 5.0}
SAMPLES = Path(__file__).parents[2] / "samples"


def main(names: list[str]) -> int:
    """Print a line a file; 1 when a reading takes more than its limit times the floor, 2 for other files."""
    paths = [Path(name) for name in names] or sample_files()
    if strange := [path.name for path in paths if path.suffix.lstrip(".") not in LIMITS]:
        print(f"only docx and PDF have a floor to measure against, not {', '.join(strange)}", file=sys.stderr)
        return 2
    print(f"{'file':40} {'floor ms':>9} {'suivi ms':>9} {'ratio':>6} {'limit':>6} {'extract ms':>11}  others (ms)")
    return 1 if sum([not within_limit(path) for path in paths]) else 0


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
            start = time.process_time()
            task(data)
            spent = (time.process_time() - start) * 1000
            best[name] = min(best.get(name, spent), spent)
    return best


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
