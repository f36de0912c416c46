"""`python -m sheets_emulator --port N --state DIR`: serves until SIGTERM; port 0 takes a free one."""

import argparse
import asyncio
import gc
import signal
from pathlib import Path

from .app import Emulator
from .serving import listener, server_of


def main(arguments: list[str] | None = None) -> None:
    """Parse, bind, serve."""
    parser = argparse.ArgumentParser(prog="python -m sheets_emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port (0: any free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (a container: 0.0.0.0)")
    parser.add_argument("--state", type=Path, required=True, help="folder that keeps everything")
    parser.add_argument("--require-token", action="store_true", help="refuse calls without a token issued here")
    options = parser.parse_args(arguments)
    try:
        bound = listener(options.port, options.host)
    except OSError as error:
        parser.exit(1, f"Cannot listen on port {options.port}: {error.strerror}.\n")
    for number in (signal.SIGTERM, signal.SIGINT):  # uvicorn raises them again when it has stopped: then it is done
        signal.signal(number, lambda *_: None)
    gc.set_threshold(100_000, 20, 100)  # a large tab is hundreds of thousands of small dicts, none of them in a cycle
    emulator = Emulator(options.state, require_token=options.require_token)
    asyncio.run(server_of(emulator, bound).serve(sockets=[bound]))
    emulator.workspace.close()


if __name__ == "__main__":
    main()
