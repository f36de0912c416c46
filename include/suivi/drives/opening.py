"""From a drive of the cluster file, and the secret that its connection holds, to its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import fsspec
from fsspec import AbstractFileSystem

from suivi.drives.entry import DriveFiles
from suivi.drives.folder import Folder
from suivi.errors import ConfigurationError, TargetError
from suivi.settings import Drive

# Each kind of drive imports its own client only when it is opened: a night over local folders loads none of them.
# A connection names its parts as Airflow does (login, password, port); each filesystem names them in its own way.
_NAMES: dict[str, dict[str, str]] = {
    "sftp": {"login": "username", "host": "host", "port": "port"},
    "smb": {"login": "username", "host": "host", "port": "port"},
    "s3": {"login": "key", "password": "secret", "host": "endpoint_url"},
}
_SERVER = ("host", "port")  # of a connection; elsewhere the url says where the drive is
_ALIASES = {"ssh": "sftp", "dav": "webdav", "davs": "webdavs", "s3a": "s3"}


def open_drive(drive: Drive, secret: Mapping[str, Any] | None, base: Path) -> DriveFiles:
    """The files of a drive. A url without scheme is a folder, relative to `base`.

    `secret` holds login, password, port or whatever else the filesystem needs, and wins over the drive's `options`.
    `ConfigurationError` for a url that nothing here can open, `TargetError` where the drive does not answer.
    """
    scheme = drive.url.partition("://")[0]
    if "://" not in drive.url or scheme == "file":
        return _local(drive, base)
    host = urlsplit(drive.url).hostname or ""
    if scheme == "gdrive" or host == "drive.google.com":
        return _google(drive, {**drive.options, **(secret or {})})
    if scheme in ("sharepoint", "onedrive") or host.endswith(".sharepoint.com"):
        return _microsoft(drive, {**drive.options, **(secret or {})})
    return _remote(drive, scheme, dict(secret or {}))


def without_credentials(url: str) -> str:
    """The url as people may see it: no user, password, query or fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _local(drive: Drive, base: Path) -> DriveFiles:
    local = unquote(urlsplit(drive.url).path) if "://" in drive.url else drive.url
    folder = (base / local).resolve()
    return Folder(
        drive.name, drive.url, fsspec.filesystem("file", skip_instance_cache=True), str(folder), folder.as_uri()
    )


def _google(drive: Drive, given: dict[str, Any]) -> DriveFiles:
    from suivi.drives.google import GoogleDrive, folder_id
    from suivi.drives.google_calls import connect

    folder = folder_id(drive.url)
    if not folder:
        raise ConfigurationError(
            f"Drive '{drive.name}': its url names no folder of Google Drive. Open the folder in a browser and copy its "
            "link (…/folders/…)."
        )
    return GoogleDrive(drive.name, folder, connect(given, drive.name))


def _microsoft(drive: Drive, given: dict[str, Any]) -> DriveFiles:
    from suivi.drives.graph import open_graph, place_of

    return open_graph(drive.name, place_of(drive.url), without_credentials(drive.url), given)


def _remote(drive: Drive, scheme: str, secret: dict[str, Any]) -> DriveFiles:
    place = without_credentials(drive.url)
    scheme = _ALIASES.get(scheme, scheme)
    names = _NAMES.get(scheme, {})
    held = {key: value for key, value in secret.items() if value is not None and (key in names or key not in _SERVER)}
    given = {**drive.options, **{names.get(key, key): value for key, value in held.items()}}
    try:
        filesystem, root, link = _opener(scheme)(drive.url, given)
    except (ImportError, TypeError, _UnknownScheme) as error:
        raise ConfigurationError(
            f"Drive '{drive.name}': nothing here opens {place} ({_cause(error)}). "
            "Check the url's scheme, the drive's options and the connection."
        ) from None
    except Exception as error:
        raise TargetError(
            f"Drive '{drive.name}': {place} does not answer or refuses the login ({_cause(error)}). "
            "Check the network, the host and the connection."
        ) from None
    return Folder(drive.name, place, filesystem, root, link)


class _UnknownScheme(Exception):
    """No filesystem here goes by the url's scheme."""


def _cause(error: Exception) -> str:
    """The kind of failure and its words, which hold hosts and reasons but never what was sent."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _opener(scheme: str) -> Callable[[str, dict[str, Any]], tuple[AbstractFileSystem, str, str]]:
    return {"sftp": _sftp, "smb": _smb, "webdav": _webdav, "webdavs": _webdav, "s3": _s3}.get(scheme, _plain)


def _plain(url: str, given: dict[str, Any]) -> tuple[AbstractFileSystem, str, str]:
    scheme = url.partition("://")[0]
    if scheme not in fsspec.available_protocols():
        raise _UnknownScheme(f"unknown scheme {scheme}")
    filesystem, root = fsspec.url_to_fs(url, skip_instance_cache=True, use_listings_cache=False, **given)
    return filesystem, root, ""


def _sftp(url: str, given: dict[str, Any]) -> tuple[AbstractFileSystem, str, str]:
    from suivi.drives.filesystems import KnownHostSFTP

    return KnownHostSFTP(**_server(url, given)), _path(url), ""


def _smb(url: str, given: dict[str, Any]) -> tuple[AbstractFileSystem, str, str]:
    from suivi.drives.filesystems import ListingSMB

    server = _server(url, given)
    return ListingSMB(**server), _path(url), f"file://{server['host']}{quote(_path(url))}"


def _webdav(url: str, given: dict[str, Any]) -> tuple[AbstractFileSystem, str, str]:
    from webdav4.fsspec import WebdavFileSystem

    from suivi.drives.filesystems import QuotingWebdav

    login, password, token = (given.pop(key, None) for key in ("login", "password", "token"))
    auth = (login, password or "") if login else None
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    secure = url.startswith(("webdavs:", "davs:"))
    place = urlsplit(without_credentials(url))
    base = urlunsplit(("https" if secure else "http", place.netloc, place.path, "", ""))
    client = QuotingWebdav(base, auth=auth, headers=headers, timeout=60, **given)
    return WebdavFileSystem(base, client=client), "", base.rstrip("/")


def _s3(url: str, given: dict[str, Any]) -> tuple[AbstractFileSystem, str, str]:
    patient = {"connect_timeout": 20, "read_timeout": 60, "retries": {"max_attempts": 3}}
    given["config_kwargs"] = patient | dict(given.get("config_kwargs") or {})
    return _plain(url, given)


def _server(url: str, given: dict[str, Any]) -> dict[str, Any]:
    """What the connection gives, at the url's host and port where it names them; the connection's login wins."""
    parts = urlsplit(url)
    login = {"username": parts.username, "password": parts.password}
    where = {"host": parts.hostname, "port": parts.port}
    told = {key: value for key, value in login.items() if value} | given
    return told | {key: value for key, value in where.items() if value}


def _path(url: str) -> str:
    return "/" + unquote(urlsplit(url).path).strip("/")
