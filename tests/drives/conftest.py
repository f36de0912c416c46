"""Real servers on free ports, as root or not, all state in temporary folders, stopped at the end."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NAMES = (
    "CR réunion n°1.docx",
    "100 % des sites.docx",
    "a#b.docx",
    "c?d.docx",
    "e&f+g;h.docx",
    "~$ verrou.docx",
    "sous dossier/PV [final] (2).pdf",
    "sous dossier/plus/bas.txt",
)


@dataclass(frozen=True)
class Server:
    """Where a server listens, and the folder that it serves."""

    port: int
    folder: Path
    login: str = ""
    password: str = ""
    host_key: str = ""
    calls: list[str] = field(default_factory=list)  # methods asked for, where the server tells


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with exit code {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def fill(folder: Path, names: tuple[str, ...] = NAMES) -> None:
    """A file a name; its text is its own name."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def stop(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


@pytest.fixture(scope="session")
def sftp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if not sshd:
        pytest.skip("sshd is not installed")
    home = tmp_path_factory.mktemp("sshd")
    home.chmod(0o700)
    for key in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / key], check=True)
    shutil.copy(home / "client.pub", home / "authorized_keys")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    port = free_port()
    (home / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {home}/host\nPidFile none\n"
        f"AuthorizedKeysFile {home}/authorized_keys\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        "PermitRootLogin yes\nSubsystem sftp internal-sftp\n"
    )
    folder = home / "minutes"
    fill(folder)
    process = subprocess.Popen(
        [sshd, "-D", "-e", "-f", home / "config"], stderr=(home / "log").open("wb"), start_new_session=True
    )
    try:
        wait_for(port, process)
        yield Server(port, folder, getpass.getuser(), (home / "client").read_text(), (home / "host.pub").read_text())
    finally:
        stop(process)


@pytest.fixture(scope="session")
def smb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    smbd = shutil.which("smbd", path=f"{os.environ['PATH']}:/usr/sbin")
    if not smbd or not shutil.which("pdbedit") or os.geteuid():
        pytest.skip("samba is not installed, or serves root only")
    home = tmp_path_factory.mktemp("smbd")
    port, user = free_port(), getpass.getuser()
    folder = home / "minutes"
    fill(folder, tuple(name for name in NAMES if "?" not in name))  # Windows knows no ? in a name
    states = "\n".join(
        f"{kind} = {home}" for kind in ("private dir", "lock directory", "state directory", "cache directory")
    )
    (home / "smb.conf").write_text(
        f"[global]\n{states}\npid directory = {home}\nncalrpc dir = {home}/rpc\nlog file = {home}/log\n"
        f"smb ports = {port}\ninterfaces = lo\nbind interfaces only = yes\nserver role = standalone\n"
        f"passdb backend = tdbsam:{home}/passdb.tdb\ndisable spoolss = yes\nload printers = no\n"
        f"[minutes]\npath = {folder}\nread only = yes\nvalid users = {user}\n"
    )
    typed = b"mot de passe\nmot de passe\n"
    add = ["pdbedit", f"--configfile={home}/smb.conf", "-a", "-u", user, "-t"]
    subprocess.run(add, input=typed, capture_output=True, check=True)
    process = subprocess.Popen(
        [smbd, "--foreground", "--no-process-group", f"--configfile={home}/smb.conf"], start_new_session=True
    )
    try:
        wait_for(port, process)
        yield Server(port, folder, user, "mot de passe")
    finally:
        stop(process)


@pytest.fixture(scope="session")
def webdav_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    import threading

    from cheroot.wsgi import Server as Cheroot
    from wsgidav.wsgidav_app import WsgiDAVApp

    folder = tmp_path_factory.mktemp("webdav")
    fill(folder)
    app = WsgiDAVApp(
        {
            "provider_mapping": {"/remote.php/dav": str(folder)},
            "simple_dc": {"user_mapping": {"*": {"moussa": {"password": "mot de passe"}}}},
            "http_authenticator": {"accept_basic": True, "accept_digest": False, "default_to_digest": False},
            "logging": {"enable": False},
            "verbose": 0,
        }
    )
    calls: list[str] = []

    def counted(environment: dict[str, Any], start: Any) -> Any:
        calls.append(environment["REQUEST_METHOD"])
        return app(environment, start)

    server = Cheroot(("127.0.0.1", 0), counted)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield Server(server.bind_addr[1], folder, "moussa", "mot de passe", calls=calls)
    server.stop()
    thread.join(10)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[int]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@dataclass(frozen=True)
class Emulator:
    """A running Sheets and Drive emulator: its address, its service account key."""

    url: str
    key: str


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    state = tmp_path_factory.mktemp("emulator")
    command = [sys.executable, "-m", "sheets_emulator", "--port", "0", "--state", str(state)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        yield Emulator(line.split()[-1], (state / "service_account.json").read_text())
    finally:
        stop(process)
