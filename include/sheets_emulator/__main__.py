"""`python -m sheets_emulator --port N --state DIR`: serves until SIGTERM; port 0 takes a free one."""

import argparse
import asyncio
import socket
from pathlib import Path

import uvicorn

from .app import Emulator


class Server(uvicorn.Server):
    """Says where it listens, once, when it is ready."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts listening, then prints the one line."""
        await super().startup(sockets)
        if self.started and sockets:
            print(f"listening on http://127.0.0.1:{sockets[0].getsockname()[1]}", flush=True)


def main(arguments: list[str] | None = None) -> None:
    """Parse, bind, serve."""
    parser = argparse.ArgumentParser(prog="python -m sheets_emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (0: any free one)")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps everything")
    parser.add_argument("--require-token", action="store_true", help="refuse calls without a token issued here")
    options = parser.parse_args(arguments)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", options.port))
    except OSError as error:
        parser.exit(1, f"Cannot listen on port {options.port}: {error.strerror}.\n")
    emulator = Emulator(options.state, require_token=options.require_token)
    emulator.accounts.write(f"http://127.0.0.1:{listener.getsockname()[1]}")
    config = uvicorn.Config(
        emulator.build(), log_level="warning", access_log=False, timeout_graceful_shutdown=3, lifespan="off"
    )
    asyncio.run(Server(config).serve(sockets=[listener]))
    emulator.workspace.close()


if __name__ == "__main__":
    main()
