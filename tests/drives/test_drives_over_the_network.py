"""SFTP, SMB, WebDAV and S3 drives against real servers on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from suivi.drives import DriveFiles, open_drive
from suivi.drives.folder import Folder
from suivi.errors import TargetError
from suivi.settings import Drive

Opened = tuple[DriveFiles, tuple[str, ...]]
NAMES = (
    "100 % des sites.docx",
    "CR réunion n°1.docx",
    "a#b.docx",
    "c?d.docx",
    "e&f+g;h.docx",
    "sous dossier/PV [final] (2).pdf",
    "sous dossier/plus/bas.txt",
    "~$ verrou.docx",
)


def sftp(server: Any, **secret: Any) -> DriveFiles:
    given = {"login": server.login, "private_key": server.password, "host_key": server.host_key} | secret
    return open_drive(Drive("terrain", f"sftp://127.0.0.1:{server.port}{server.folder}"), given, Path())


def smb(server: Any, **secret: Any) -> DriveFiles:
    given = {"login": server.login, "password": server.password} | secret
    return open_drive(Drive("bureau", f"smb://127.0.0.1:{server.port}/minutes"), given, Path())


def webdav(server: Any, **secret: Any) -> DriveFiles:
    given = {"login": server.login, "password": server.password} | secret
    return open_drive(Drive("nuage", f"webdav://127.0.0.1:{server.port}/remote.php/dav"), given, Path())


def s3(port: int, bucket: str = "minutes") -> DriveFiles:
    options = {"endpoint_url": f"http://127.0.0.1:{port}"}
    return open_drive(Drive("seau", f"s3://{bucket}/cluster", options=options), {"login": "k", "password": "s"}, Path())


def s3_filled(port: int) -> DriveFiles:
    import s3fs

    store = s3fs.S3FileSystem(key="k", secret="s", endpoint_url=f"http://127.0.0.1:{port}", skip_instance_cache=True)
    if not store.exists("minutes"):
        store.mkdir("minutes")
        for name in NAMES:
            store.pipe(f"minutes/cluster/{name}", name.encode())
    return s3(port)


@pytest.fixture(params=["sftp", "smb", "webdav", "s3"])
def opened(request: pytest.FixtureRequest) -> Opened:
    server = request.getfixturevalue(f"{request.param}_server")
    makers: dict[str, Callable[[Any], DriveFiles]] = {"sftp": sftp, "smb": smb, "webdav": webdav, "s3": s3_filled}
    names = NAMES if request.param != "smb" else tuple(n for n in NAMES if "?" not in n)
    return makers[request.param](server), names


def test_every_file_is_listed_and_read_whatever_its_name(opened: Opened) -> None:
    drive, names = opened
    entries = list(drive.list())
    assert tuple(e.path for e in entries) == names
    assert [drive.read(e).decode() for e in entries] == list(names)
    assert [e.size for e in entries] == [len(name.encode()) for name in names]
    assert all(e.version and e.modified for e in entries)


def test_listing_twice_gives_the_same_versions(opened: Opened) -> None:
    drive, _ = opened
    assert drive.list() == drive.list()


def test_check_names_drive_and_place(opened: Opened) -> None:
    drive, _ = opened
    sentence = drive.check("en")
    assert "127.0.0.1" in sentence or "s3://" in sentence
    assert "files)." in sentence


def test_file_that_vanished_is_one_sentence(opened: Opened) -> None:
    drive, _ = opened
    gone = replace(drive.list().files[0], native_id="gone.docx", path="gone.docx")
    with pytest.raises(TargetError, match=r"gone\.docx.*no such"):
        drive.read(gone)


@pytest.mark.parametrize(
    ("fixture", "opening", "secret"),
    [
        ("sftp_server", sftp, {"login": "personne"}),
        ("smb_server", smb, {"password": "hunter2"}),
        ("webdav_server", webdav, {"password": "hunter2"}),
    ],
)
def test_wrong_login_is_said_without_the_secret(
    fixture: str, opening: Callable[..., DriveFiles], secret: dict[str, str], request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue(fixture)
    with pytest.raises(TargetError) as caught:
        opening(server, **secret).list()
    assert "hunter2" not in str(caught.value)
    assert "PRIVATE KEY" not in str(caught.value)
    assert "connection" in str(caught.value)


def test_connection_as_airflow_holds_it_opens_the_drive(sftp_server: Any, smb_server: Any, webdav_server: Any) -> None:
    for opening, server in ((sftp, sftp_server), (smb, smb_server), (webdav, webdav_server)):
        assert len(opening(server, host="elsewhere.example.org", port=server.port).list()) >= 7
    given = {"login": sftp_server.login, "private_key": sftp_server.password, "host_key": sftp_server.host_key}
    named = {"host": "127.0.0.1", "port": sftp_server.port} | given
    assert len(open_drive(Drive("terrain", f"sftp://{sftp_server.folder}"), named, Path()).list()) == 8


@pytest.mark.parametrize("url", ["sftp://127.0.0.1:1/x", "smb://127.0.0.1:1/x", "webdav://127.0.0.1:1/x"])
def test_server_that_is_down_is_one_sentence(url: str) -> None:
    with pytest.raises(TargetError, match="Drive 'essai'"):
        open_drive(Drive("essai", url), {"login": "a", "password": "b", "no_host_key_check": None}, Path()).list()


def test_unknown_host_key_is_refused(sftp_server: Any) -> None:
    other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPxYqgV5YCn6jZzzUCy6aQW5zIbFe9gsvvEhwQ3yOZ2b"
    with pytest.raises(TargetError, match=r"[Hh]ost"):
        sftp(sftp_server, host_key=other)
    with pytest.raises(TargetError, match="known_hosts"):
        sftp(sftp_server, host_key=None)


def test_file_that_somebody_holds_open_is_read(smb_server: Any) -> None:
    import smbclient

    cache: dict[str, Any] = {}
    given = {"username": smb_server.login, "password": smb_server.password, "port": smb_server.port}
    smbclient.register_session("127.0.0.1", connection_cache=cache, **given)
    path = r"\\127.0.0.1\minutes\a#b.docx"
    with smbclient.open_file(path, "rb", share_access="rw", connection_cache=cache, **given):
        drive = smb(smb_server)
        entry = next(e for e in drive.list() if e.name == "a#b.docx")
        assert drive.read(entry) == b"a#b.docx"


def test_a_webdav_folder_costs_one_request(webdav_server: Any) -> None:
    drive = webdav(webdav_server)
    webdav_server.calls.clear()
    drive.list()
    assert webdav_server.calls == ["PROPFIND"] * 3  # the folder, its two subfolders


def test_bucket_that_is_not_there_fails_and_an_empty_prefix_is_an_empty_listing(s3_server: int) -> None:
    with pytest.raises(TargetError, match="no such folder"):
        s3(s3_server, "nowhere").list()
    s3_filled(s3_server)
    empty = open_drive(
        Drive("seau", "s3://minutes/vide", options={"endpoint_url": f"http://127.0.0.1:{s3_server}"}),
        {"login": "k", "password": "s"},
        Path(),
    )
    assert len(empty.list()) == 0


def test_thousands_of_objects_cost_pages(s3_server: int) -> None:
    from moto.s3.models import s3_backends

    backend = s3_backends["123456789012"]["aws"]
    backend.create_bucket("large", "us-east-1")
    for number in range(3_000):
        backend.put_object("large", f"cluster/{number // 100:03}/{number:05}.txt", b"x")
    drive = s3(s3_server, "large")
    assert isinstance(drive, Folder)
    calls: list[str] = []
    drive.filesystem.connect()
    drive.filesystem.s3.meta.events.register("before-send.s3", lambda event_name, **_: calls.append(event_name))
    assert len(drive.list()) == 3_000
    assert len(calls) <= 4
