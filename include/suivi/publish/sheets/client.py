"""The way to Google Sheets or to an endpoint that speaks like it: gspread's plain HTTP client, counted, patient.

One retry layer for everything: `Sheets.patiently` repeats a whole piece of work (read, plan, write), so that a write
is only ever repeated after a fresh read and difference. gspread's own `BackOffHTTPClient` never gives up and repeats
writes blindly (facts/sheets.md); it is not used.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import gspread
import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient, ParamsType
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_base, wait_random_exponential

from suivi.errors import ConfigurationError, TargetError

GOOGLE = "https://sheets.googleapis.com"
SCOPES = ("https://www.googleapis.com/auth/spreadsheets",)
ATTEMPTS = 6
LONGEST_WAIT = 64.0  # seconds, also for what Retry-After asks
TIMEOUT = (10.0, 180.0)  # seconds to connect, to answer

T = TypeVar("T")


class Transient(TargetError):
    """A fault that passes: worth another try, which reads first. `wait`: seconds the server asks for."""

    def __init__(self, sentence: str, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.wait = wait


class Refused(TargetError):
    """The request does not fit the spreadsheet as it is."""


class Sheets:
    """A connection that counts its calls. `ledger` is the id stamped on our spreadsheets; `adopt` accepts another's."""

    def __init__(
        self, client: gspread.Client, account: str, ledger: str = "", *, adopt: bool = False, pace: float = 1.0
    ) -> None:
        self._http = client.http_client
        self._http.set_timeout(TIMEOUT)
        self.account, self.ledger, self.adopt = account, ledger, adopt
        self.reads = self.writes = self.bytes_sent = 0
        self._pace = pace

    def read(self, spreadsheet: str, fields: str) -> dict[str, Any]:
        """One GET of what the mask names, all tabs. `Transient` or `TargetError`."""
        self.reads += 1
        return self._answer(spreadsheet, lambda: self._http.fetch_sheet_metadata(spreadsheet, {"fields": fields}))

    def write(self, spreadsheet: str, requests_: list[dict[str, Any]], fields: str = "") -> dict[str, Any]:
        """One batchUpdate, all or nothing; with `fields`, the answer brings the grid as it is after the write."""
        self.writes += 1
        body: dict[str, Any] = {"requests": requests_}
        if fields:
            body |= {"includeSpreadsheetInResponse": True, "responseIncludeGridData": True}
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        self.bytes_sent += len(data)
        mask: ParamsType = {"fields": f"updatedSpreadsheet({fields})" if fields else "spreadsheetId"}
        headers = {"Content-Type": "application/json; charset=utf-8"}

        def send() -> Any:
            url = SPREADSHEET_BATCH_UPDATE_URL % spreadsheet
            return self._http.request("post", url, params=mask, data=data, headers=headers).json()

        return self._answer(spreadsheet, send)

    def patiently(self, work: Callable[[], T]) -> T:
        """Repeat `work` while it fails in passing, at most six times, jittered, as long as Retry-After asks."""
        retrying = Retrying(
            retry=retry_if_exception_type(Transient),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_Patience(self._pace),
            reraise=True,
        )
        return retrying(work)

    def _answer(self, spreadsheet: str, send: Callable[[], Any]) -> dict[str, Any]:
        try:
            answer = send()
        except APIError as error:
            raise self._refusal(spreadsheet, error.response) from None
        except (requests.Timeout, requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            raise Transient(f"The spreadsheet server did not answer ({type(error).__name__}).") from None
        except (requests.exceptions.JSONDecodeError, json.JSONDecodeError):
            raise Transient("The spreadsheet server's answer broke off.") from None
        except TransportError:
            raise Transient("Google's sign-in did not answer.") from None
        except GoogleAuthError:
            raise TargetError(
                f"Google refused the credentials of {self.account}. Make a new key for the service account."
            ) from None
        if not isinstance(answer, dict):
            raise Transient("The spreadsheet server's answer is no JSON object.")
        return answer

    def _refusal(self, spreadsheet: str, response: requests.Response) -> TargetError:
        status = response.status_code
        if status in (408, 429, 500, 502, 503, 504):
            return Transient(f"The spreadsheet server answered {status}.", _seconds(response.headers))
        if status in (401, 403):
            return TargetError(
                f"No access to spreadsheet {spreadsheet}. Share it with {self.account} as editor, then run again."
            )
        if status == 404:
            return TargetError(
                f"Spreadsheet {spreadsheet} does not exist (any more). Take it out of the bin, or make a new one, "
                f"share it with {self.account} as editor and put its id into the cluster's file."
            )
        return Refused(f"Spreadsheet {spreadsheet} refused: {status} {_reason(response)}")


class _Patience(wait_base):
    """Retry-After where the server gave one, else a random wait that doubles; never above the longest."""

    def __init__(self, pace: float) -> None:
        self._pace = pace
        self._random = wait_random_exponential(multiplier=pace, max=LONGEST_WAIT)

    def __call__(self, retry_state: RetryCallState) -> float:
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = getattr(error, "wait", None)
        wait: float = min(asked * min(self._pace, 1.0), LONGEST_WAIT) if asked else self._random(retry_state)
        return wait


def _seconds(headers: Mapping[str, str]) -> float | None:
    """What Retry-After asks for, as seconds or as a date seen from the answer's own clock."""
    asked = headers.get("Retry-After", "")
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(asked) - parsedate_to_datetime(headers["Date"])).total_seconds())
    except (KeyError, TypeError, ValueError):
        return None


def _reason(response: requests.Response) -> str:
    try:
        return str(response.json()["error"]["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return "without a reason"


def connect(
    endpoint: str = "", credentials: str | None = None, *, ledger: str = "", adopt: bool = False, pace: float = 1.0
) -> Sheets:
    """Google with a service account's JSON key (a path or the text itself), or another server at `endpoint`.

    A key goes to another server only where its own `token_uri` is there: Google's tokens stay with Google. `pace`
    scales the waits between tries (seconds of the first one; tests use less). `ConfigurationError` where the key
    cannot be used.
    """
    key = _key(credentials) if credentials else None
    if endpoint:
        endpoint = endpoint.rstrip("/")
        own = key is not None and urlsplit(key["token_uri"]).netloc == urlsplit(endpoint).netloc
        session, account = _session(key) if own and key else (requests.Session(), "the service account")
        session.trust_env = False  # a proxy has no business between us and a local service
        client = gspread.Client(auth=cast(Any, None), session=session, http_client=elsewhere(endpoint))
        return Sheets(client, account, ledger, adopt=adopt, pace=pace)
    if key is None:
        raise ConfigurationError(
            "Google Sheets needs a service account: set SUIVI_SHEETS_CREDENTIALS to the path of its JSON key, "
            "or SUIVI_SHEETS_ENDPOINT to a local service."
        )
    session, account = _session(key)
    return Sheets(gspread.Client(auth=cast(Any, None), session=session), account, ledger, adopt=adopt, pace=pace)


def _session(key: dict[str, Any]) -> tuple[requests.Session, str]:
    """A session that signs in with the key, and the e-mail address to share spreadsheets with."""
    try:
        account = Credentials.from_service_account_info(key, scopes=SCOPES)  # type: ignore[no-untyped-call]
    except ValueError:
        raise ConfigurationError("The Google key is damaged. Make a new key for the service account.") from None
    return AuthorizedSession(account), str(account.service_account_email)  # type: ignore[no-untyped-call]


def _key(credentials: str) -> dict[str, Any]:
    try:
        text = credentials if credentials.lstrip().startswith("{") else Path(credentials).read_text(encoding="utf-8")
        plain: dict[str, Any] = json.loads(text)
        plain["client_email"], plain["token_uri"], plain["private_key"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigurationError(
            "The Google key cannot be read: it must be the JSON file of a service account (Google Cloud console, IAM, "
            "Service accounts, Keys)."
        ) from None
    return plain


def elsewhere(endpoint: str) -> type[HTTPClient]:
    """gspread's client, speaking to another server than Google's."""

    class Elsewhere(HTTPClient):
        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
            return super().request(method, url.replace(GOOGLE, endpoint, 1), *args, **kwargs)

    return Elsewhere
