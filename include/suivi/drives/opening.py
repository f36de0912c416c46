"""From a drive of the cluster file, and the secret that its connection holds, to its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import fsspec

from suivi.drives.entry import DriveFiles
from suivi.drives.folder import Folder
from suivi.errors import ConfigurationError, TargetError
from suivi.settings import Drive

# A connection names its parts as Airflow does (login, password, port); each filesystem names them in its own way.
_NAMES: dict[str, dict[str, str]] = {
    "sftp": {"login": "username"},
    "ssh": {"login": "username"},
    "smb": {"login": "username"},
    "s3": {"login": "key", "password": "secret"},
}


def open_drive(drive: Drive, secret: Mapping[str, Any] | None, base: Path) -> DriveFiles:
    """The files of a drive. A url without scheme is a folder, relative to `base`.

    `secret` holds login, password, port or whatever else the filesystem needs, and wins over the drive's `options`.
    `ConfigurationError` for a url that nothing here can open, `TargetError` where the drive does not answer.
    """
    scheme, _, _ = drive.url.partition("://")
    if "://" not in drive.url or scheme == "file":
        return _local(drive, base)
    special = _SPECIAL.get(scheme)
    return special(drive, dict(secret or {})) if special else _any(drive, scheme, dict(secret or {}))


def without_credentials(url: str) -> str:
    """The url as people may see it: no user, password, query or fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _local(drive: Drive, base: Path) -> DriveFiles:
    folder = (base / drive.url.removeprefix("file://")).resolve()
    return Folder(
        drive.name, drive.url, fsspec.filesystem("file", skip_instance_cache=True), str(folder), folder.as_uri()
    )


def _any(drive: Drive, scheme: str, secret: dict[str, Any]) -> DriveFiles:
    place = without_credentials(drive.url)
    names = _NAMES.get(scheme, {})
    given = {names.get(key, key): value for key, value in secret.items()}
    try:
        filesystem, root = fsspec.url_to_fs(drive.url, skip_instance_cache=True, **{**drive.options, **given})
    except (ValueError, ImportError, TypeError) as error:
        raise ConfigurationError(
            f"Drive '{drive.name}': nothing here opens {place} ({error}). Check the url's scheme and the options."
        ) from None
    except Exception as error:
        raise TargetError(
            f"Drive '{drive.name}' ({place}) does not answer ({type(error).__name__}). "
            "Check the network, the host and the connection's login."
        ) from None
    return Folder(drive.name, place, filesystem, root)


_SPECIAL: dict[str, Callable[[Drive, dict[str, Any]], DriveFiles]] = {}
