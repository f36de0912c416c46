"""fsspec's SFTP, SMB and WebDAV filesystems with what an unattended reader needs of them.

SFTP: fsspec takes any host key, so that whoever stands between could read the password; here the key must be known.
SMB: fsspec asks for every file's details one by one, locks what it reads and shares logins between drives of one host;
here a folder costs one listing, a document open in Word can be read, and each drive keeps its own login.
WebDAV: a `#`, `?` or `%41` in a name reaches the server as it is written.
"""

from __future__ import annotations

import base64
import io
from typing import Any
from urllib.parse import quote

import paramiko
import smbclient
from fsspec.implementations.sftp import SFTPFileSystem
from fsspec.implementations.smb import SMBFileSystem
from httpx import URL
from smbprotocol.open import FileAttributes
from webdav4.client import Client
from webdav4.urls import join_url_path

TIMEOUT = 30  # seconds for a server to answer


class KnownHostSFTP(SFTPFileSystem):  # type: ignore[misc]
    """SFTP that trusts only the host key of the connection or of the system's known_hosts.

    The connection's extras are those of Airflow's SSH hook: `host_key` ("ssh-ed25519 AAAA…", or the base64 part alone
    for RSA), `no_host_key_check`, `key_file`, `private_key` (text) with `private_key_passphrase`.
    """

    cachable = False

    def _connect(self) -> None:
        given = {"timeout": TIMEOUT, "banner_timeout": TIMEOUT, "auth_timeout": TIMEOUT} | self.ssh_kwargs
        given |= {"look_for_keys": False, "allow_agent": False}
        self.client = paramiko.SSHClient()
        if given.pop("no_host_key_check", False):
            self.client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # somebody wrote it down
        elif line := given.pop("host_key", ""):
            self._trust(line, int(given.get("port") or 22))
        else:
            self.client.load_system_host_keys()
        if text := given.pop("private_key", ""):
            given["pkey"] = private_key(text, given.pop("private_key_passphrase", None))
        if path := given.pop("key_file", ""):
            given["key_filename"] = path
        self.client.connect(self.host, **given)
        self.ftp = self.client.open_sftp()
        channel = self.ftp.get_channel()
        if channel:
            channel.settimeout(2 * TIMEOUT)

    def _trust(self, line: str, port: int) -> None:
        words = line.split()
        at = next((n for n, word in enumerate(words) if word.startswith("AAAA")), 0)
        kind = words[at - 1] if at else "ssh-rsa"
        key = paramiko.PKey.from_type_string(kind, base64.b64decode(words[at]))
        host = self.host if port == 22 else f"[{self.host}]:{port}"
        self.client.get_host_keys().add(host, key.get_name(), key)


def private_key(text: str, passphrase: str | None) -> paramiko.PKey:
    """A private key from its text, whatever its kind; `ValueError` where it is none."""
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), passphrase)
        except (paramiko.SSHException, ValueError):
            continue
    raise ValueError("the connection's private_key is no key that can be read, or its passphrase is wrong")


class ListingSMB(SMBFileSystem):  # type: ignore[misc]
    """SMB that lists a folder in one go and reads files that others hold open."""

    cachable = False

    def _connect(self) -> None:
        self._session: dict[str, Any] = {
            "username": self.username,
            "password": self.password,
            "port": self._port,
            "encrypt": self.encrypt,
            "connection_timeout": min(self.timeout, TIMEOUT),
            "connection_cache": {},
        }
        smbclient.register_session(self.host, **self._session)

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        """Entries of a folder; what the server told of each comes with the listing."""
        with smbclient.scandir(self._unc(path), **self._session) as found:
            entries = [_smb_entry(f"{path.rstrip('/')}/{item.name}", item) for item in found]
        return entries if detail else [entry["name"] for entry in entries]

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        """One file or folder, links not followed."""
        found = smbclient.lstat(self._unc(path), **self._session)
        folder = bool(found.st_file_attributes & FileAttributes.FILE_ATTRIBUTE_DIRECTORY)
        kind = "directory" if folder else "file"
        return {"name": path, "size": found.st_size, "type": kind, "mtime": found.st_mtime_ns // 1000 / 1e6}

    def _open(self, path: str, mode: str = "rb", **_: Any) -> Any:
        return smbclient.open_file(self._unc(path), mode, share_access="rwd", **self._session)

    def _unc(self, path: str) -> str:
        return rf"\\{self.host}\{path.strip('/')}".replace("/", "\\")


def _smb_entry(path: str, item: Any) -> dict[str, Any]:
    told = item.smb_info
    kind = "link" if item.is_symlink() else "directory" if item.is_dir() else "file"
    return {"name": path, "size": told.end_of_file, "type": kind, "mtime": told.last_write_time.timestamp()}


class QuotingWebdav(Client):  # type: ignore[misc]
    """A WebDAV client that quotes names before they become part of a url."""

    def join_url(self, path: str, add_trailing_slash: bool = False) -> URL:
        """The url of a path below the base url."""
        joined = quote(join_url_path(self.base_url.path, path))
        base: URL = self.base_url
        return base.copy_with(path=f"{joined}/" if add_trailing_slash else joined)
