"""What a listing changes, from the files known the night before."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from suivi.drives import FileEntry, Listing, compare


def file(native_id: str, version: str | None = "1", path: str = "", size: int = 10) -> FileEntry:
    path = path or native_id
    return FileEntry(native_id, path, path.rsplit("/", 1)[-1], size, None, version)


KNOWN = [file(f"{n}.docx", version=f"v{n}") for n in range(10)]


def test_same_listing_changes_nothing() -> None:
    changes = compare(KNOWN, KNOWN)
    assert len(changes.unchanged) == 10
    assert changes.to_read == changes.missing == changes.moved == ()


def test_first_night_is_all_new() -> None:
    assert len(compare([], KNOWN).new) == 10


def test_empty_first_night_is_no_refusal() -> None:
    assert compare([], []).refused == ""


def test_other_version_is_changed() -> None:
    changes = compare(KNOWN, [replace(KNOWN[0], version="v0b"), *KNOWN[1:]])
    assert [e.native_id for e in changes.to_read] == ["0.docx"]


def test_file_without_version_is_read_every_night() -> None:
    assert compare([file("a", None)], [file("a", None)]).changed == (file("a", None),)


def test_rename_on_a_drive_with_ids_is_no_reading() -> None:
    now = replace(KNOWN[0], path="autre/nom.docx", name="nom.docx")
    changes = compare(KNOWN, [now, *KNOWN[1:]])
    assert changes.moved == ((KNOWN[0], now),)
    assert changes.to_read == ()


def test_rename_on_a_drive_of_paths_is_read_once_and_nothing_is_missing() -> None:
    now = file("archive/0.docx", version="v0")
    changes = compare(KNOWN, [now, *KNOWN[1:]])
    assert changes.moved == ((KNOWN[0], now),)
    assert changes.to_read == (now,)
    assert changes.missing == changes.new == ()


def test_two_files_of_one_version_are_not_paired() -> None:
    known = [file("a", "same"), file("b", "same"), *KNOWN]
    changes = compare(known, [file("c", "same"), *KNOWN])
    assert changes.moved == ()
    assert {e.native_id for e in changes.missing} == {"a", "b"}
    assert [e.native_id for e in changes.new] == ["c"]


def test_file_gone_is_missing() -> None:
    assert compare(KNOWN, KNOWN[1:]).missing == (KNOWN[0],)


def test_thirty_per_cent_fewer_is_taken_and_more_is_refused() -> None:
    assert len(compare(KNOWN, KNOWN[3:]).missing) == 3
    refused = compare(KNOWN, KNOWN[4:])
    assert "6 files where 10" in refused.refused
    assert refused == replace(compare([], []), refused=refused.refused)


def test_empty_listing_is_refused_and_can_be_accepted() -> None:
    assert compare(KNOWN, []).refused
    assert len(compare(KNOWN, [], accept=True).missing) == 10


def test_files_below_an_unreadable_folder_are_not_missing() -> None:
    hidden = [file(f"fermé/{n}.docx") for n in range(9)]
    changes = compare([*hidden, file("a")], Listing((file("a"),), ("fermé",)))
    assert not changes.refused
    assert changes.missing == ()


def test_temporary_files_are_skipped_not_new() -> None:
    lock = file("~$a.docx")
    changes = compare([], [lock, file("a.docx")])
    assert changes.skipped == (lock,)
    assert [e.native_id for e in changes.new] == ["a.docx"]


ENTRIES = st.lists(
    st.builds(file, st.text("abc/", min_size=1, max_size=3), st.sampled_from(["1", "2", None])),
    unique_by=lambda e: e.native_id,
    max_size=8,
)


@given(ENTRIES, ENTRIES)
def test_every_file_seen_lands_in_exactly_one_list(known: list[FileEntry], seen: list[FileEntry]) -> None:
    changes = compare(known, seen, accept=True)
    landed = [*changes.new, *changes.changed, *changes.unchanged, *changes.skipped, *(now for _, now in changes.moved)]
    assert sorted(e.native_id for e in landed) == sorted(e.native_id for e in seen)
    gone = {e.native_id for e in changes.missing} | {old.native_id for old, _ in changes.moved}
    assert {e.native_id for e in known} - {e.native_id for e in seen} <= gone


@given(ENTRIES)
def test_the_second_comparison_is_empty(seen: list[FileEntry]) -> None:
    settled = [replace(e, version=e.version or "1") for e in seen]
    changes = compare(settled, settled)
    assert changes.to_read == changes.missing == changes.moved == ()
