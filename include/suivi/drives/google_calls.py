"""Calls to Google's Drive API: the session of a service account, patience, refusals as sentences."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from google.auth.exceptions import GoogleAuthError, TransportError
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from suivi.errors import ConfigurationError, TargetError

SCOPES = ["https://www.googleapis.com/auth/drive.readonly"]
GOOGLE = "https://www.googleapis.com"
ATTEMPTS = 5
LONGEST_WAIT = 60.0  # seconds
_BUSY = (408, 429, 500, 502, 503, 504)
_QUOTA = ("rateLimitExceeded", "userRateLimitExceeded")
_LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError, TransportError)


def connect(secret: Mapping[str, Any], drive: str) -> Calls:
    """Calls signed by the service account of the connection; `host` names another server than Google.

    The key is the JSON that Google gives out: `keyfile_dict`, the file at `keyfile_path` (or `key_path`), or its text
    in `password`.
    It goes to another server only where its own `token_uri` is there: Google's tokens stay with Google.
    `ConfigurationError` where there is no such key.
    """
    endpoint = str(secret.get("host") or GOOGLE).rstrip("/")
    try:
        key = _key(secret)
        account = Credentials.from_service_account_info(key, scopes=SCOPES)  # type: ignore[no-untyped-call]
        same = urlsplit(key["token_uri"]).netloc == urlsplit(endpoint).netloc
    except (ValueError, TypeError, KeyError, OSError, GoogleAuthError):
        raise ConfigurationError(
            f"Drive '{drive}': its connection holds no service account key. Put the path of the JSON file into "
            "keyfile_path, or its text into the password."
        ) from None
    if endpoint != GOOGLE and not same:
        raise ConfigurationError(f"Drive '{drive}': its key belongs to another server than {endpoint}, and stays home.")
    session = AuthorizedSession(account)  # type: ignore[no-untyped-call]
    return Calls(drive, session, str(account.service_account_email), endpoint)


def _key(secret: Mapping[str, Any]) -> dict[str, Any]:
    if secret.get("keyfile_dict"):
        given = secret["keyfile_dict"]
    elif path := secret.get("keyfile_path") or secret.get("key_path"):
        given = Path(path).read_text(encoding="utf-8")
    else:
        given = secret.get("password") or ""
    return dict(json.loads(given) if isinstance(given, str) else given)


@dataclass(frozen=True, slots=True)
class Calls:
    """GETs to the Drive API. `drive` and `account` are there for the sentences; `pace` scales waits (seconds)."""

    drive: str
    session: requests.Session
    account: str
    endpoint: str = GOOGLE
    pace: float = 1.0

    def get(self, where: str, query: Mapping[str, str], what: str, absent: bool = False) -> requests.Response:
        """One GET, patient with quotas and hiccups; `TargetError` says `what` failed and what to do about it.

        With `absent`, a file that is not there or not shared is an answer, not an error.
        """
        status, reason = 0, ""
        for attempt in range(ATTEMPTS):
            asked: str | None = None
            try:
                answer = self.session.get(f"{self.endpoint}/drive/v3/{where}", params=query, timeout=60)
                status, reason, asked = answer.status_code, _reason(answer), answer.headers.get("Retry-After")
                busy = status in _BUSY or reason in _QUOTA
                if answer.ok or (absent and status in (403, 404) and not busy):
                    return answer
                if not busy:
                    break
            except _LOST as error:
                status, reason = 0, type(error).__name__
            except GoogleAuthError:
                raise TargetError(
                    f"Drive '{self.drive}': {what}: Google refuses the key of {self.account}. Make a new key."
                ) from None
            if attempt + 1 < ATTEMPTS:
                time.sleep(self._wait(attempt, asked))
        raise TargetError(f"Drive '{self.drive}': {what}: {self._refusal(status, reason)}")

    def _wait(self, attempt: int, asked: str | None) -> float:
        """What the server asks for, else 1, 2, 4… seconds with some spread."""
        if asked and asked.isdigit():
            return min(float(asked) * min(self.pace, 1.0), LONGEST_WAIT)
        return float(2**attempt) * self.pace * (0.5 + random.random() / 2)  # noqa: S311  spread, no secret

    def _refusal(self, status: int, reason: str) -> str:
        if not status:
            return f"Google does not answer ({reason}). Check the network."
        if reason == "exportSizeLimitExceeded":
            return "Google exports no document above 10 MB. Save it as a Word file beside the Google Doc."
        if status in _BUSY or reason in _QUOTA:
            return f"Google is busy or the quota is used up (HTTP {status}). It is tried again the next night."
        if status in (403, 404):
            return f"it is not there or not shared. Share the folder with {self.account} as a viewer."
        return f"Google refuses (HTTP {status}, {reason or 'no reason given'}). Check the drive's connection."


def _reason(answer: requests.Response) -> str:
    try:
        return "" if answer.ok else str(answer.json()["error"]["errors"][0]["reason"])
    except (ValueError, LookupError, TypeError):
        return ""
