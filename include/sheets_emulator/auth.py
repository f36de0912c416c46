"""A service account of the emulator's own, and the token endpoint that google-auth's real flow talks to.

`service_account.json` is written into the state folder; its key survives restarts, its `token_uri`
follows the port. Tokens are signed, so they stay valid when the emulator restarts.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from .errors import ApiError

Json = dict[str, Any]
ROBOT = "suivi@sheets-emulator.iam.gserviceaccount.com"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
LIFE = 3600  # seconds


class Accounts:
    """The one service account, its key and the tokens issued for it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "service_account.json"
        folder.mkdir(parents=True, exist_ok=True)
        self.record = self._load() or _fresh_account()
        key = serialization.load_pem_private_key(self.record["private_key"].encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)  # noqa: S101  (our own file, RSA by construction)
        self.key = key
        self.secret = hashlib.sha256(self.record["private_key"].encode()).digest()

    def _load(self) -> Json | None:
        try:
            found: Json = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if found.get("private_key") else None

    def write(self, base: str) -> None:
        """The key file with its token_uri at this server (http://127.0.0.1:PORT), readable by its owner only."""
        self.record["token_uri"] = f"{base}/token"
        part = self.path.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(json.dumps(self.record, indent=2) + "\n", encoding="utf-8")
        part.replace(self.path)

    def exchange(self, grant: str, assertion: str) -> Json:
        """A bearer token for a signed assertion of the service account. Raises ApiError (400)."""
        if grant != GRANT:
            raise ApiError(400, "unsupported_grant_type")
        try:
            head, body, signature = assertion.split(".")
            self.key.public_key().verify(
                _decode(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
            claims = json.loads(_decode(body))
        except Exception as error:
            raise ApiError(400, "invalid_grant") from error
        if claims.get("exp", 0) < time.time() or claims.get("iss") != self.record["client_email"]:
            raise ApiError(400, "invalid_grant")
        return {"access_token": self.token(claims.get("sub") or claims["iss"]), "expires_in": LIFE,
                "token_type": "Bearer"}  # fmt: skip

    def token(self, person: str) -> str:
        """A token for a person, valid for an hour."""
        text = json.dumps({"person": person, "until": int(time.time()) + LIFE, "salt": secrets.token_hex(4)})
        body = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return f"ya29.{body}.{self._sign(body)}"

    def _sign(self, body: str) -> str:
        return hmac.new(self.secret, body.encode(), hashlib.sha256).hexdigest()[:40]

    def person(self, authorization: str, *, required: bool) -> str:
        """Whom a bearer token speaks for; without one of ours the service account, or 401 when one is required."""
        parts = authorization.removeprefix("Bearer ").split(".")
        if len(parts) == 3 and parts[0] == "ya29" and hmac.compare_digest(self._sign(parts[1]), parts[2]):
            claims = json.loads(_decode(parts[1]))
            if claims["until"] >= time.time():
                return str(claims["person"])
        if required:
            message = (
                "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or "
                "other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
            )
            raise ApiError(401, message)
        return str(self.record["client_email"])


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _fresh_account() -> Json:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return {
        "type": "service_account",
        "project_id": "sheets-emulator",
        "private_key_id": secrets.token_hex(20),
        "private_key": pem.decode(),
        "client_email": ROBOT,
        "client_id": str(10**20 + secrets.randbelow(10**20)),
    }
