"""HTTP to the ORS: one session, one retry layer, errors as sentences.

A request that may be repeated is repeated here and nowhere else: connection errors, 429, 5xx, and the ORS's
"still running" of a key. 500 is among them because every write carries an Idempotency-Key: the repeat of one
that was stored after all is answered, not applied.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from suivi.errors import TargetError

_AGAIN = frozenset({429, 500, 502, 503, 504})
_LONGEST_WAIT = 60.0


class Wire:
    """One ORS and one token. `requests` counts every try that was sent."""

    def __init__(
        self,
        endpoint: str,
        token: str,
        *,
        timeout: float = 60.0,
        tries: int = 8,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._base, self._timeout, self._tries, self._sleep = endpoint.rstrip("/"), timeout, tries, sleep
        self._session = requests.Session()
        self._session.auth = _Bearer(token)
        self._session.headers["Accept-Language"] = "fr"
        self.requests = 0

    def post(self, path: str, body: Mapping[str, Any], key: str | None = None) -> tuple[int, dict[str, Any]]:
        """Status and JSON answer. The same body always gives the same bytes, as the key requires.

        `TargetError`: the ORS did not answer in the end, or refuses the token.
        """
        data = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        return self._ask("POST", path, data=data, headers=headers)

    def get(self, path: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
        """Status and JSON answer of a read; errors as in `post`."""
        return self._ask("GET", path, params=parameters)

    def _ask(self, method: str, path: str, **more: Any) -> tuple[int, dict[str, Any]]:
        said, wait = "", 0.0
        for attempt in range(self._tries):
            self._sleep(wait)
            wait = min(_LONGEST_WAIT, 0.25 * 2**attempt) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
            self.requests += 1
            try:
                answer = self._session.request(
                    method, self._base + path, timeout=self._timeout, allow_redirects=False, **more
                )
            except requests.RequestException as error:
                said = type(error).__name__
                continue
            plain = _plain(answer)
            running = answer.status_code == 409 and plain.get("type") == "urn:ors:key-running"
            if answer.status_code not in _AGAIN and not running:
                return self._judge(answer.status_code, plain)
            said = f"HTTP {answer.status_code}"
            wait = max(wait, _retry_after(answer))
        raise TargetError(
            f"L'ORS {self._base} ne répond pas ({said}, {self._tries} essais) ; "
            f"vérifiez qu'il tourne, la nuit prochaine reprend l'envoi. / The ORS does not answer."
        )

    def _judge(self, status: int, plain: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if status in (401, 403):
            detail = plain.get("detail", f"HTTP {status}")
            raise TargetError(f"L'ORS {self._base} refuse le jeton : {detail} / The ORS refuses the token.")
        if status == 404 or status in range(300, 400):
            raise TargetError(
                f"L'adresse {self._base} n'est pas celle d'un ORS (HTTP {status}) ; "
                f"vérifiez la connexion. / There is no ORS at this address."
            )
        return status, plain


class _Bearer(requests.auth.AuthBase):
    """The token as an auth object: a .netrc of the machine must not replace it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _plain(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after(answer: requests.Response) -> float:
    value = answer.headers.get("Retry-After", "")
    return min(_LONGEST_WAIT, float(value)) if value.isdigit() else 0.0
