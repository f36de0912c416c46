"""A small honest double of Microsoft Graph: sign-in, sites, libraries, folders in pages, downloads by redirect.

Not Graph itself: it answers what Graph's documentation says for the calls that drives make, and 501 for all others.
Paths in `parentReference` are percent-encoded, content is a redirect to a pre-signed address that takes no token.
"""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

PAGE = 3
Item = dict[str, Any]


@dataclass
class Library:
    """A document library: items by id; the root has id "root-<library>"."""

    id: str
    name: str
    address: str
    items: dict[str, Item] = field(default_factory=dict)
    number: int = 0

    def add(self, path: str, data: bytes | None) -> str:
        """A file, or a folder where `data` is `None`; parents are made."""
        parent = f"root-{self.id}"
        *folders, name = path.split("/")
        for folder in folders:
            found = self.child(parent, folder)
            parent = found["id"] if found else self._new(parent, folder, None)
        return self._new(parent, name, data)

    def child(self, parent: str, name: str) -> Item | None:
        return next((i for i in self.items.values() if i["parent"] == parent and i["name"] == name), None)

    def _new(self, parent: str, name: str, data: bytes | None) -> str:
        self.number += 1
        key = f"01{self.id}{self.number:05}"
        self.items[key] = {"id": key, "parent": parent, "name": name, "data": data}
        return key

    def path(self, key: str) -> str:
        if key.startswith("root-"):
            return ""
        item = self.items[key]
        return f"{self.path(item['parent'])}/{item['name']}"

    def at(self, path: str) -> Item | None:
        key = f"root-{self.id}"
        for name in [word for word in path.split("/") if word]:
            found = self.child(key, name)
            if not found:
                return None
            key = found["id"]
        return self.items.get(key) or {"id": key, "parent": "", "name": "root", "data": None}

    def resource(self, item: Item) -> Item:
        """The item as Graph describes one."""
        data = item["data"]
        answer: Item = {
            "id": item["id"],
            "name": item["name"],
            "size": len(data or b""),
            "createdDateTime": "2026-01-05T08:00:00Z",
            "lastModifiedDateTime": "2026-03-04T10:11:12Z",
            "webUrl": f"{self.address}{quote(self.path(item['id']))}",
            "eTag": f'"{{{item["id"]}}},1"',
            "cTag": f'"c:{{{item["id"]}}},{hashlib.sha256(data or b"").hexdigest()[:8]}"',
        }
        if item["parent"]:
            where = f"/drives/{self.id}/root:{quote(self.path(item['parent']))}"
            answer["parentReference"] = {"driveId": self.id, "id": item["parent"], "path": where}
        else:
            answer["parentReference"] = {"driveId": self.id, "driveType": "documentLibrary"}
        if data is None:
            answer["folder"] = {"childCount": sum(i["parent"] == item["id"] for i in self.items.values())}
        elif item["name"].endswith(".one"):
            answer["package"] = {"type": "oneNote"}
        else:
            hashed = hashlib.sha1(data, usedforsecurity=False).hexdigest()
            answer["file"] = {"mimeType": "application/octet-stream", "hashes": {"quickXorHash": hashed}}
        return answer


class GraphDouble:
    """The server; `faults` are statuses that the next calls meet, `calls` the paths asked for."""

    def __init__(self) -> None:
        self.libraries: dict[str, Library] = {}
        self.faults: list[int] = []
        self.closed: set[str] = set()
        self.calls: list[str] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def library(self, name: str, key: str) -> Library:
        self.libraries[key] = Library(key, name, f"https://org.sharepoint.com/sites/Protection/{quote(name)}")
        return self.libraries[key]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def _handler(double) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                basic = self.headers.get("Authorization", "")
                good = "bW91c3NhOnNlY3JldA" in basic or form.get("client_secret") == ["secret"]
                if self.path != "/tenant/oauth2/v2.0/token" or form.get("grant_type") != ["client_credentials"]:
                    self.answer(400, {"error": "invalid_request"})
                elif not good:
                    self.answer(401, {"error": "invalid_client", "error_description": "AADSTS7000215"})
                else:
                    self.answer(200, {"token_type": "Bearer", "expires_in": 3599, "access_token": "token"})

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path.startswith("/download/"):
                    self.download(parts.path.removeprefix("/download/"))
                    return
                double.calls.append(self.path)
                if double.faults:
                    self.refuse(double.faults.pop(0), "activityLimitReached")
                elif self.headers.get("Authorization") != "Bearer token":
                    self.refuse(401, "InvalidAuthenticationToken")
                else:
                    self.graph(parts.path.removeprefix("/v1.0/"), parse_qs(parts.query))

            def graph(self, path: str, query: dict[str, list[str]]) -> None:
                words = path.split("/")
                listed = list(double.libraries.values())
                if unquote(path) == "sites/org.sharepoint.com:/sites/Protection":
                    self.answer(200, {"id": "site-1", "name": "Protection"})
                elif path == "sites/site-1/drives":
                    named = [{"id": lib.id, "name": lib.name, "webUrl": lib.address} for lib in listed]
                    self.answer(200, {"value": named})
                elif path == "sites/site-1/drive" or path == "users/moussa%40org.org/drive":
                    self.answer(200, {"id": listed[0].id, "name": listed[0].name})
                elif words[0] == "drives" and words[1] in double.libraries:
                    self.drive(double.libraries[words[1]], "/".join(words[2:]), query)
                elif words[0] in ("sites", "users", "drives"):
                    self.refuse(404, "itemNotFound")
                else:
                    self.refuse(501, "notImplemented")

            def drive(self, library: Library, path: str, query: dict[str, list[str]]) -> None:
                where, _, action = path.partition("/")
                if path.startswith("root:/"):
                    where, _, action = path.removeprefix("root:/").partition(":")
                    item, action = library.at(unquote(where)), action.strip("/")
                elif where == "root":
                    item = library.at("")
                else:
                    where, _, action = action.partition("/")
                    item = library.items.get(where) or (library.at("") if where.startswith("root-") else None)
                if not item:
                    self.refuse(404, "itemNotFound")
                elif item["id"] in double.closed:
                    self.refuse(403, "accessDenied")
                elif not action:
                    self.answer(200, library.resource(item))
                elif action == "children":
                    self.children(library, item, int(query.get("$skiptoken", ["0"])[0]))
                elif action == "content":
                    self.answer(302, {}, {"Location": f"{double.url}/download/{library.id}/{item['id']}"})
                else:
                    self.refuse(501, "notImplemented")

            def children(self, library: Library, item: Item, start: int) -> None:
                found = [i for i in library.items.values() if i["parent"] == item["id"]]
                page: Item = {"value": [library.resource(i) for i in found[start : start + PAGE]]}
                if start + PAGE < len(found):
                    base = f"{double.url}{urlsplit(self.path).path}"
                    page["@odata.nextLink"] = f"{base}?$skiptoken={start + PAGE}"
                self.answer(200, page)

            def download(self, where: str) -> None:
                library, key = where.split("/")
                data = double.libraries[library].items[key]["data"]
                self.answer(200, data, {"Content-Type": "application/octet-stream"})

            def refuse(self, status: int, code: str) -> None:
                waits = {"Retry-After": "1"} if status in (429, 503) else {}
                self.answer(status, {"error": {"code": code, "message": "refused"}}, waits)

            def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        return Handler
