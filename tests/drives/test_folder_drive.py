"""A local folder and fsspec's memory filesystem, through the one interface of drives."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import fsspec
import pytest

from suivi.drives import DriveFiles, open_drive
from suivi.drives.folder import Folder
from suivi.errors import ConfigurationError, TargetError
from suivi.settings import Drive


def local(folder: Path) -> DriveFiles:
    return open_drive(Drive("essai", folder.name), None, folder.parent)


def test_files_of_all_folders_are_listed_by_path(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / "b" / "c" / "x.docx").write_bytes(b"x")
    (tmp_path / "a.txt").write_bytes(b"hello")
    listing = local(tmp_path).list()
    assert [(e.path, e.name, e.size, e.native_id) for e in listing] == [
        ("a.txt", "a.txt", 5, "a.txt"),
        ("b/c/x.docx", "x.docx", 1, "b/c/x.docx"),
    ]
    assert listing.files[1].url == (tmp_path / "b" / "c" / "x.docx").as_uri()


def test_modified_is_utc(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x")
    os.utime(tmp_path / "a.txt", (1_780_000_000, 1_780_000_000))
    assert local(tmp_path).list().files[0].modified == datetime.fromtimestamp(1_780_000_000, UTC)


def test_version_changes_with_the_bytes_and_survives_a_rename(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"one")
    first = local(tmp_path).list().files[0]
    (tmp_path / "a.txt").rename(tmp_path / "b.txt")
    renamed = local(tmp_path).list().files[0]
    (tmp_path / "b.txt").write_bytes(b"three")
    changed = local(tmp_path).list().files[0]
    assert first.version == renamed.version != changed.version


@pytest.mark.parametrize(
    ("name", "data", "skip"),
    [
        ("~$compte.docx", b"x", "temporary_file"),
        ("a.tmp", b"x", "temporary_file"),
        ("vide.docx", b"", "temporary_file"),
        (".~lock.a.odt#", b"x", "temporary_file"),
        ("Thumbs.db", b"x", "temporary_file"),
        ("compte ~$ rendu.docx", b"x", ""),
    ],
)
def test_temporary_and_empty_files_are_flagged(tmp_path: Path, name: str, data: bytes, skip: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert local(tmp_path).list().files[0].skip == skip


HOSTILE = [
    b"retour\nligne.docx",
    b"tab\there.docx",
    "inversé \u202excod.exe.docx".encode(),
    b"octets \xff\xfe.docx",
    b"=HYPERLINK(1).docx",
    b"raw:deja.docx",
    b"'; DROP TABLE files; --.docx",
    b"%2e%2e%2fx.docx",
    b"a" * 250 + b".doc",
    "décomposé e\u0301.docx".encode(),
]


@pytest.mark.parametrize("name", HOSTILE, ids=[ascii(n[:20]) for n in HOSTILE])
def test_hostile_name_is_shown_safely_and_still_read(tmp_path: Path, name: bytes) -> None:
    Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(b"bytes")
    entry = local(tmp_path).list().files[0]
    assert entry.name.isprintable()
    assert len(entry.name) <= 200
    assert entry.name.endswith((".docx", ".doc"))
    entry.native_id.encode()
    entry.path.encode()
    assert local(tmp_path).read(entry) == b"bytes"


def test_links_are_not_followed(tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (drive / "out.txt").symlink_to(tmp_path / "secret.txt")
    (drive / "loop").symlink_to(drive)
    (drive / "a.txt").write_text("a")
    assert [e.path for e in local(drive).list()] == ["a.txt"]


@pytest.mark.parametrize(
    "native_id", ["../secret.txt", "x/../../secret.txt", "raw:..%2Fsecret.txt", "out.txt", "up/secret.txt"]
)
def test_id_that_leads_out_is_refused(tmp_path: Path, native_id: str) -> None:
    drive = tmp_path / "drive"
    (drive / "x").mkdir(parents=True)
    (drive / "a.txt").write_text("a")
    (tmp_path / "secret.txt").write_text("secret")
    (drive / "out.txt").symlink_to(tmp_path / "secret.txt")
    (drive / "up").symlink_to(tmp_path)
    files = local(drive)
    with pytest.raises(TargetError):
        files.read(replace(files.list().files[0], native_id=native_id))


def test_missing_drive_is_one_sentence_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"Drive 'essai'.*no such folder") as caught:
        local(tmp_path / "nowhere").list()
    assert "\n" not in str(caught.value)


def test_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "drive").write_text("a file")
    with pytest.raises(TargetError, match="no folder"):
        local(tmp_path / "drive").list()


def test_scheme_that_nothing_opens_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match=r"Drive 'essai'.*gopher"):
        open_drive(Drive("essai", "gopher://user:hunter2@host/x"), None, Path())


def test_password_in_a_url_is_never_repeated() -> None:
    with pytest.raises((ConfigurationError, TargetError)) as caught:
        open_drive(Drive("essai", "gopher://user:hunter2@host/x"), None, Path())
    assert "hunter2" not in str(caught.value)


def test_check_is_one_sentence_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b.txt").write_text("b")
    assert "1 dossiers, 1 fichiers" in local(tmp_path).check("fr")
    assert "1 folders, 1 files" in local(tmp_path).check("en")


def test_memory_filesystem_behaves_like_a_folder() -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe({"/essai/x/a.txt": b"a", "/essai/b.txt": b"b"})
    drive = open_drive(Drive("essai", "memory://essai"), None, Path())
    assert [e.path for e in drive.list()] == ["b.txt", "x/a.txt"]
    assert [drive.read(e) for e in drive.list()] == [b"b", b"a"]
    memory.rm("/essai", recursive=True)


class Restless(fsspec.get_filesystem_class("memory")):  # type: ignore[misc]
    """A filesystem on which somebody saves the file while it is read, `times` times."""

    protocol = "restless"
    cachable = False
    times = 1

    def cat_file(self, path: str) -> bytes:
        data: bytes = super().cat_file(path)
        if self.times:
            self.times -= 1
            self.pipe(path, data + b"+")
        return data


def restless(times: int) -> Folder:
    filesystem = Restless()
    filesystem.times = times
    filesystem.pipe("/restless/a.txt", b"a")
    return Folder("essai", "restless://", filesystem, "/restless")


def test_file_that_changes_while_being_read_is_read_again() -> None:
    drive = restless(times=1)
    assert drive.read(drive.list().files[0]) == b"a+"


def test_file_that_never_rests_is_a_target_error() -> None:
    drive = restless(times=99)
    with pytest.raises(TargetError, match=r"'a\.txt' kept changing"):
        drive.read(drive.list().files[0])


class Guarded(fsspec.get_filesystem_class("memory")):  # type: ignore[misc]
    """A filesystem one of whose folders may not be opened."""

    protocol = "guarded"
    cachable = False
    closed: BaseException = PermissionError("closed")

    def ls(self, path: str, detail: bool = True) -> list[object]:
        if path.endswith("fermé"):
            raise self.closed
        found: list[object] = super().ls(path, detail=detail)
        return found


def guarded(closed: BaseException) -> Folder:
    filesystem = Guarded()
    filesystem.closed = closed
    filesystem.pipe({"/guarded/fermé/a.txt": b"a", "/guarded/b.txt": b"b"})
    return Folder("essai", "guarded://", filesystem, "/guarded")


@pytest.mark.parametrize("closed", [PermissionError("no"), FileNotFoundError("gone"), OSError(errno.EACCES, "no")])
def test_folder_that_will_not_open_is_reported_not_dropped(closed: OSError) -> None:
    listing = guarded(closed).list()
    assert listing.unreadable == ("fermé",)
    assert [e.path for e in listing] == ["b.txt"]


def test_folder_that_fails_otherwise_fails_the_listing() -> None:
    with pytest.raises(TargetError, match="could not be listed"):
        guarded(TimeoutError("too slow")).list()
