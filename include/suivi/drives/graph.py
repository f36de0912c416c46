"""SharePoint and OneDrive: a folder of a document library, through Microsoft Graph (msgraphfs).

msgraphfs signs in, pages and downloads; here it also waits when Graph throttles, tells refusals apart, finds a site by
its address and not by the first search hit, and walks by item ids, which survive renames and moves.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from fsspec.asyn import sync_wrapper
from msgraphfs import MSGDriveFS

from suivi.drives.entry import MAX_BYTES, FileEntry, Listing, shown, shown_name
from suivi.drives.folder import DEEPEST, modified
from suivi.errors import ConfigurationError, TargetError

GRAPH, LOGIN = "https://graph.microsoft.com", "https://login.microsoftonline.com"
ATTEMPTS = 5
LONGEST_WAIT = 60.0  # seconds
_BUSY = (408, 429, 500, 502, 503, 504)
_HASHES = ("quickXorHash", "sha1Hash", "sha256Hash")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a url points: a site or a person's OneDrive, a library (empty: the default one), a folder in it."""

    site: str  # as Graph addresses it: "tenant.sharepoint.com:/sites/Name"; empty for a OneDrive
    person: str
    library: str
    folder: str


def place_of(url: str) -> Place:
    """The place of a url.

    ``https://TENANT.sharepoint.com/sites/SITE/LIBRARY/FOLDER`` as people copy it,
    ``sharepoint://TENANT.sharepoint.com/sites/SITE/…`` alike, ``onedrive://person@organisation.org/FOLDER``.
    """
    parts = urlsplit(url)
    words = [unquote(word) for word in parts.path.split("/") if word]
    if parts.scheme == "onedrive":
        return Place("", parts.netloc, "", "/".join(words))
    at = 2 if words[:1] in (["sites"], ["teams"]) else 0
    site = f"{parts.hostname}:/{'/'.join(words[:at])}" if at else str(parts.hostname)
    return Place(site, "", "".join(words[at : at + 1]), "/".join(words[at + 1 :]))


class PatientGraph(MSGDriveFS):  # type: ignore[misc]
    """msgraphfs at any endpoint, with patience and with errors that say what happened."""

    cachable = False
    endpoint = GRAPH
    pace = 1.0

    async def _call_msgraph(self, http_method: str, url: Any, *args: Any, **kwargs: Any) -> httpx.Response:
        where = str(url).replace(GRAPH, self.endpoint)
        problem: Exception = OSError("Graph does not answer")
        for attempt in range(ATTEMPTS):
            asked = None
            try:
                if self.client.token is None:
                    await self.client.fetch_token()
                answer: httpx.Response = await self.client.request(http_method, where, *args, **kwargs)
                if answer.is_success:
                    return answer
                problem, asked = _problem(answer), answer.headers.get("Retry-After")
                if answer.status_code not in _BUSY:
                    break
            except httpx.TransportError as error:
                problem = OSError(f"Graph does not answer ({type(error).__name__})")
            except OAuthError as error:
                raise PermissionError(f"the sign-in is refused ({error.error})") from None
            if attempt + 1 < ATTEMPTS:
                await asyncio.sleep(self._wait(attempt, asked))
        raise problem

    call_msgraph = sync_wrapper(_call_msgraph)  # the base class binds its own function under this name

    def _wait(self, attempt: int, asked: str | None) -> float:
        if asked and asked.isdigit():
            return min(float(asked) * min(self.pace, 1.0), LONGEST_WAIT)
        return float(2**attempt) * self.pace


def _problem(answer: httpx.Response) -> Exception:
    try:
        code = str(answer.json()["error"]["code"])
    except (ValueError, LookupError, TypeError):
        code = ""
    kinds = {404: FileNotFoundError, 401: PermissionError, 403: PermissionError}
    return kinds.get(answer.status_code, OSError)(f"Graph answers {answer.status_code} {code}".strip())


def open_graph(name: str, place: Place, shown_url: str, given: Mapping[str, Any]) -> GraphDrive:
    """A drive signed in as the connection's app: login = client id, password = its secret, `tenant_id`.

    `host` and `login_host` name other servers than Microsoft's.
    """
    try:
        tenant, client, secret = given.get("tenantId") or given["tenant_id"], given["login"], given["password"]
    except KeyError as missing:
        raise ConfigurationError(
            f"Drive '{name}': its connection lacks {missing.args[0]}. Microsoft Graph needs the app's client id as "
            "login, its secret as password and tenant_id."
        ) from None
    sign_in = {
        "client_id": client,
        "client_secret": secret,
        "token_endpoint": f"{str(given.get('login_host') or LOGIN).rstrip('/')}/{tenant}/oauth2/v2.0/token",
        "scope": " ".join(MSGDriveFS.DEFAULT_SCOPES),
        "grant_type": "client_credentials",
        "timeout": 60,
    }
    graph = PatientGraph(drive_id="unknown", oauth2_client_params=sign_in)
    graph.endpoint = str(given.get("host") or GRAPH).rstrip("/")
    return GraphDrive(name, shown_url, place, graph)


@dataclass
class GraphDrive:
    """One folder of a document library."""

    name: str
    url: str
    place: Place
    graph: PatientGraph

    def list(self) -> Listing:
        """All files below the folder; notebooks and shortcuts into other libraries are left out."""
        files: dict[str, FileEntry] = {}
        unreadable = []
        waiting = [(self._root()["id"], "", 0)]
        while waiting:
            folder, prefix, depth = waiting.pop()
            try:
                found = self.graph.ls("/", detail=True, item_id=folder)
            except (PermissionError, FileNotFoundError):
                unreadable.append(shown(prefix))
                continue
            except OSError as error:
                raise self._failure("could not be listed", error) from None
            for info in found:
                item = info["item_info"]
                path = f"{prefix}/{item['name']}".lstrip("/")
                if "file" in item:
                    files[item["id"]] = _entry(info, path)
                elif "folder" in item and depth < DEEPEST:
                    waiting.append((item["id"], path, depth + 1))
        return Listing(tuple(sorted(files.values(), key=lambda entry: entry.path)), tuple(sorted(unreadable)))

    def read(self, entry: FileEntry) -> bytes:
        """The file's bytes, read again where it changed meanwhile."""
        what = f"'{entry.path}' could not be read"
        try:
            self._root()
            for _ in range(3):
                before = self.graph.info("/", item_id=entry.native_id)["item_info"]
                if before.get("size", 0) > MAX_BYTES:
                    break
                data: bytes = self.graph.cat_file("/", item_id=entry.native_id)
                if _version(before) == _version(self.graph.info("/", item_id=entry.native_id)["item_info"]):
                    return data
        except OSError as error:
            raise self._failure(what, error) from None
        raise TargetError(f"Drive '{self.name}': '{entry.path}' is too large or kept changing. Try again later.")

    def check(self, language: str = "fr") -> str:
        """Opens the folder and counts what stands directly in it."""
        try:
            found = self.graph.ls("/", detail=True, item_id=self._root()["id"])
        except OSError as error:
            raise self._failure("could not be opened", error) from None
        folders, files = (sum(kind in info["item_info"] for info in found) for kind in ("folder", "file"))
        if language == "fr":
            return f"Lecteur « {self.name} » : accès prouvé à {self.url} ({folders} dossiers, {files} fichiers)."
        return f"Drive '{self.name}': {self.url} can be read ({folders} folders, {files} files)."

    def _root(self) -> dict[str, Any]:
        """The folder's item; the library is found at the first call."""
        try:
            if self.graph.drive_id == "unknown":
                self.graph.drive_id = self._library()
                self.graph.drive_url = f"{GRAPH}/v1.0/drives/{self.graph.drive_id}"
            folder = f":/{quote(self.place.folder)}:" if self.place.folder else ""
            item = self._get(f"drives/{self.graph.drive_id}/root{folder}")
        except OSError as error:
            raise self._failure("could not be opened", error) from None
        if "folder" not in item:
            raise TargetError(f"Drive '{self.name}': {self.url} is a file, no folder. Put a folder's link there.")
        return item

    def _library(self) -> str:
        if self.place.person:
            return str(self._get(f"users/{quote(self.place.person)}/drive")["id"])
        site = self._get(f"sites/{quote(self.place.site, safe=':/')}")["id"]
        if not self.place.library:
            return str(self._get(f"sites/{site}/drive")["id"])
        libraries = self._get(f"sites/{site}/drives")["value"]
        for library in libraries:
            if self.place.library in (library["name"], unquote(library.get("webUrl", "").rpartition("/")[2])):
                return str(library["id"])
        known = ", ".join(sorted(library["name"] for library in libraries))
        raise FileNotFoundError(f"the site has no library '{self.place.library}', only: {known}")

    def _get(self, where: str) -> dict[str, Any]:
        answer = self.graph.call_msgraph("GET", f"{GRAPH}/v1.0/{where}")
        return dict(answer.json())

    def _failure(self, what: str, error: OSError) -> TargetError:
        remedy = "Check the network; it is tried again the next night."
        if isinstance(error, FileNotFoundError):
            remedy = "Check the drive's url in the cluster file."
        elif isinstance(error, PermissionError):
            remedy = "Check the app's secret, and that it was given Sites.Selected (or Files.Read.All) for the site."
        return TargetError(f"Drive '{self.name}' ({self.url}): {what}: {error}. {remedy}")


def _entry(info: Mapping[str, Any], path: str) -> FileEntry:
    item = info["item_info"]
    return FileEntry(
        native_id=item["id"],
        path=shown(path),
        name=shown_name(item["name"]),
        size=item.get("size"),
        modified=modified({"mtime": info["mtime"]}),
        version=_version(item),
        url=item.get("webUrl"),
    )


def _version(item: Mapping[str, Any]) -> str | None:
    hashes = item.get("file", {}).get("hashes", {})
    found = next((hashes[name] for name in _HASHES if hashes.get(name)), None) or item.get("cTag")
    return str(found) if found else None
