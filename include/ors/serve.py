"""Run the service until SIGTERM: one line when it is ready, a clean end."""

from __future__ import annotations

import gc
import socket
from types import FrameType

import uvicorn

from ors.app import create_app
from ors.settings import describe_known
from ors.warm import all_clusters, warm_later


class _Announcing(uvicorn.Server):
    """Says its address once it takes requests."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            print(f"listening on {self._address}", flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's signature
        # uvicorn would raise the signal again after its clean end, and the exit code would say "killed"
        self.force_exit = self.should_exit
        self.should_exit = True


def serve(url: str, host: str, port: int) -> int:
    """Serve on host and port (0: a free one). `OSError` when the port is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    # rows are loaded by the hundred thousand and hold no cycles: the collector need not look after every 700 of them
    gc.set_threshold(50_000, 20, 20)
    app = create_app(url)
    describe_known(app.state.store, app.state.clock())
    warm_later(app, all_clusters(app))
    # no access log: an address may carry a token
    config = uvicorn.Config(app, access_log=False, log_level="warning", timeout_graceful_shutdown=10)
    _Announcing(config, f"http://{host}:{listener.getsockname()[1]}").run(sockets=[listener])
    return 0
