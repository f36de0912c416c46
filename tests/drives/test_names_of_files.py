"""Names of files as ids and as people see them."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from suivi.drives.entry import id_of_path, path_of_id, shown, shown_name

ANY = st.characters(codec=None, exclude_categories=())
PATHS = st.binary(min_size=1, max_size=60).map(os.fsdecode) | st.text(ANY, max_size=60)


@given(PATHS)
def test_id_leads_back_to_its_path_and_is_plain_text(path: str) -> None:
    native_id = id_of_path(path)
    native_id.encode()
    assert path_of_id(native_id) == path


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_two_paths_never_share_an_id(one: bytes, other: bytes) -> None:
    same = id_of_path(os.fsdecode(one)) == id_of_path(os.fsdecode(other))
    assert same == (one == other)


@given(PATHS)
def test_shown_path_can_be_printed_stored_and_sent(path: str) -> None:
    seen = shown(path)
    seen.encode()
    assert len(seen) <= 1000
    assert not any(ord(c) < 32 or 0x202A <= ord(c) <= 0x202E for c in seen)


@given(st.text(max_size=400))
def test_shown_name_is_no_path(name: str) -> None:
    assert "/" not in shown_name(name)
    assert len(shown_name(name)) <= 200


def test_long_name_keeps_its_suffix() -> None:
    assert shown_name("x" * 500 + ".docx").endswith("….docx")
