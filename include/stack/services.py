"""Processes of the local stack: started in groups of their own, stopped as groups, dying with their parent."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

READY = "listening on "
PATIENCE = 60.0  # seconds for a service to say that it listens
GRACE = 25.0  # seconds between asking a process group to stop and killing it


def free_port(wanted: int, what: str, spoken_for: Collection[int] = ()) -> int:
    """The wanted port, or the next free one, which is said. `spoken_for`: ports whose services only start later."""
    for port in range(wanted, wanted + 200):
        if port in spoken_for:
            continue
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port != wanted:
            print(f"Port {wanted} is taken; {what} uses {port}.", flush=True)
        return port
    raise SystemExit(f"No free port near {wanted} for {what}.")


def session() -> requests.Session:
    """HTTP to our own services: never through a proxy."""
    direct = requests.Session()
    direct.trust_env = False
    return direct


def die_with_parent() -> None:
    """In the child: be stopped by the kernel when the parent is gone (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


@contextmanager
def service(module: str, arguments: list[str], environment: dict[str, str], log: Path) -> Iterator[str]:
    """Run `python -m module …` until the block ends; yields the address it says it listens on."""
    log.parent.mkdir(parents=True, exist_ok=True)
    start = log.stat().st_size if log.exists() else 0
    with log.open("a") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    try:
        yield _address(process, module, log, start)
    finally:
        stop(process)


def _address(process: subprocess.Popen[bytes], module: str, log: Path, start: int) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with log.open() as output:
            output.seek(start)
            lines = output.readlines()
        said = next((line for line in lines if line.startswith(READY) and line.endswith("\n")), None)
        if said:
            return said.removeprefix(READY).strip()
        if process.poll() is not None:
            tail = "".join(lines[-5:]).strip()
            raise SystemExit(f"{module} stopped at once (exit {process.returncode}). {tail}\nIts log: {log}")
        time.sleep(0.05)
    raise SystemExit(f"{module} did not say where it listens within {PATIENCE:.0f} seconds. Its log: {log}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a process and its whole group: ask, wait, kill."""
    for number, patience in ((signal.SIGTERM, GRACE), (signal.SIGKILL, 5.0)):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            return
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        if not _alive(process.pid):
            return
        time.sleep(0.2)


def _alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
