"""One emulator a test, on a socket, and real gspread pointed at it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gspread
import pytest
import requests
from gspread.http_client import HTTPClient

from sheets_emulator.instead_of_google import Elsewhere
from sheets_emulator.serving import Running


class House:
    """An emulator and the ways to talk to it."""

    def __init__(self, running: Running, key_file: Path) -> None:
        self.running, self.key_file = running, key_file
        self.url = running.url
        self.http = requests.Session()

    def gspread(self) -> gspread.Client:
        session = requests.Session()
        session.mount("https://", Elsewhere(self.url))
        return gspread.Client(auth=None, session=session, http_client=HTTPClient)

    def own(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.http.request(method, f"{self.url}/_emulator/{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def seed(self, key: str = "book", **more: Any) -> str:
        self.own("POST", "spreadsheets", {"id": key, "title": "Suivi", **more})
        return key

    def get(self, key: str, **params: Any) -> Any:
        answer = self.http.get(f"{self.url}/v4/spreadsheets/{key}", params=params, timeout=30)
        assert answer.ok, answer.text
        return answer.json()

    def batch(self, key: str, *requests_: Any, **more: Any) -> requests.Response:
        url = f"{self.url}/v4/spreadsheets/{key}:batchUpdate"
        return self.http.post(url, json={"requests": list(requests_), **more}, timeout=30)

    def values(self, key: str, text: str, **params: Any) -> list[list[Any]]:
        answer = self.http.get(f"{self.url}/v4/spreadsheets/{key}/values/{text}", params=params, timeout=30)
        assert answer.ok, answer.text
        found: list[list[Any]] = answer.json().get("values", [])
        return found

    def write(self, key: str, text: str, values: Any, option: str = "RAW") -> requests.Response:
        url = f"{self.url}/v4/spreadsheets/{key}/values/{text}"
        return self.http.put(url, params={"valueInputOption": option}, json={"values": values}, timeout=30)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with Running(tmp_path / "state") as running:
        yield House(running, tmp_path / "state" / "service_account.json")


@pytest.fixture
def area() -> Callable[..., dict[str, int]]:
    """Builds a GridRange: area(top, bottom, left, right, sheet)."""
    return grid_range


def grid_range(top: int, bottom: int, left: int, right: int, sheet: int = 0) -> dict[str, int]:
    """A GridRange."""
    sides = {"startRowIndex": top, "endRowIndex": bottom, "startColumnIndex": left, "endColumnIndex": right}
    return {"sheetId": sheet, **sides}
