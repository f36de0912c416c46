"""Whatever is read, a block's text is a literal slice of the reading's text, in order."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suivi.documents import read
from suivi.documents.compose import compose
from suivi.documents.pieces import Cell, Paragraph, Piece, Table
from suivi.documents.wire import pack, unpack
from suivi.models import Reading

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "docs"

texts = st.text(max_size=60)
cells = st.builds(
    Cell,
    text=texts,
    row=st.integers(1, 5),
    column=st.integers(1, 5),
    row_span=st.integers(1, 3),
    column_span=st.integers(1, 3),
)
pieces = st.lists(st.one_of(st.builds(Paragraph, text=texts), st.builds(Table, cells=st.lists(cells, max_size=12))))


def check(reading: Reading) -> None:
    assert all(issue.type != "document_crashed_reader" for issue in reading.issues), reading.issues
    end = 0
    for block in reading.blocks:
        assert reading.text[block.start : block.end] == block.text
        assert block.start >= end
        end = block.end


@given(pieces)
def test_composed_pieces(found: list[Piece]) -> None:
    reading = compose(found, "txt")
    check(reading)
    assert unpack(pack(reading)) == reading


@settings(max_examples=60)
@given(texts, st.sampled_from(["txt", "md", "adoc", "html", "csv", "eml"]))
def test_any_text_as_any_format(text: str, suffix: str) -> None:
    check(read(text.encode("utf-8", "surrogatepass"), f"x.{suffix}"))


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(["pdf", "docx", "odt", "xlsx", "txt", "rtf"]))
def test_any_bytes_under_any_name(data: bytes, suffix: str) -> None:
    if not data.lstrip().startswith(b"{\\rtf"):  # would start LibreOffice
        check(read(data, f"x.{suffix}"))


@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_real_documents() -> None:
    for path in sorted(CORPUS.iterdir()):
        reading = read(path.read_bytes(), path.name)
        check(reading)
        assert reading.blocks, path.name
