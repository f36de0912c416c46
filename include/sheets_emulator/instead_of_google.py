"""Programs that speak to Google speak to the emulator: a pytest plugin, or one line in any other program.

`SUIVI_SHEETS_ENDPOINT=http://127.0.0.1:PORT pytest -p sheets_emulator.instead_of_google …` sends what `requests`
would send to Google's hosts to that address; nothing of the program is changed. A service account's key whose
`token_uri` is at the emulator (it writes one into its state folder) signs in there too.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from requests.adapters import HTTPAdapter

HOSTS = ("https://sheets.googleapis.com", "https://www.googleapis.com", "https://docs.google.com")


class Elsewhere(HTTPAdapter):
    """Carries requests for Google's hosts to another address."""

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        self.endpoint = endpoint.rstrip("/")

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        host = next((host for host in HOSTS if (request.url or "").startswith(f"{host}/")), None)
        if host:
            request.url = self.endpoint + str(request.url)[len(host) :]
        return super().send(request, *args, **{**more, "proxies": None})  # a proxy has no business on this road


@contextmanager
def instead_of_google(endpoint: str) -> Iterator[None]:
    """Within the block every new `requests` session reaches `endpoint` where it asks for Google."""
    plain = requests.Session.__init__

    def made(session: requests.Session) -> None:
        plain(session)
        for host in HOSTS:
            session.mount(host, Elsewhere(endpoint))

    requests.Session.__init__ = made  # type: ignore[method-assign]
    try:
        yield
    finally:
        requests.Session.__init__ = plain  # type: ignore[method-assign]


def pytest_configure(config: Any) -> None:
    """As a plugin: for the whole run, to the address in SUIVI_SHEETS_ENDPOINT."""
    road = instead_of_google(os.environ["SUIVI_SHEETS_ENDPOINT"])
    road.__enter__()
    config.add_cleanup(lambda: road.__exit__(None, None, None))
