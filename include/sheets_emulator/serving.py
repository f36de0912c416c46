"""The emulator listening on a socket: in this process's main thread, or in a thread for tests."""

import asyncio
import socket
import threading
from pathlib import Path
from types import TracebackType

import uvicorn

from .app import Emulator


def listener(port: int, host: str = "127.0.0.1") -> socket.socket:
    """A socket bound to the host (port 0: any free one). Raises OSError when the port is taken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio: no Nagle
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, port))
    return bound


def url_of(bound: socket.socket) -> str:
    """`http://127.0.0.1:PORT`."""
    return f"http://127.0.0.1:{bound.getsockname()[1]}"


class Server(uvicorn.Server):
    """Says where it listens, once, when it is ready."""

    announce = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts listening, then prints the one line."""
        await super().startup(sockets)
        if self.started and sockets and self.announce:
            print(f"listening on {url_of(sockets[0])}", flush=True)


def server_of(emulator: Emulator, bound: socket.socket) -> Server:
    """A server of the emulator; the service account's key file points at it."""
    emulator.accounts.write(url_of(bound))
    config = uvicorn.Config(
        emulator.build(), log_level="warning", access_log=False, timeout_graceful_shutdown=3, lifespan="off"
    )
    return Server(config)


class Running:
    """An emulator served from a thread while a `with` block lasts; `url` is where."""

    def __init__(self, folder: Path, *, require_token: bool = False, port: int = 0) -> None:
        self.emulator = Emulator(folder, require_token=require_token)
        self.bound = listener(port)
        self.url = url_of(self.bound)
        self.server = server_of(self.emulator, self.bound)
        self.server.announce = False
        self.thread = threading.Thread(target=lambda: asyncio.run(self.server.serve(sockets=[self.bound])), daemon=True)

    def __enter__(self) -> "Running":
        self.thread.start()
        while not self.server.started and self.thread.is_alive():
            self.thread.join(0.005)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.emulator.workspace.close()
