"""Google Drive: a folder of My Drive or of a shared drive.

Files keep their ids through renames and moves. An ordinary file's version is its MD5; a Google Doc has no bytes of its
own and its exports differ bytewise, so its identity is the file id with the time of its last change. Shortcuts stand
for what they point at; what is in the bin is not listed. Folders are asked for by the dozen, files by the thousand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from suivi.drives.entry import MAX_BYTES, FileEntry, Listing, shown, shown_name
from suivi.drives.google_calls import Calls
from suivi.errors import TargetError

Item = Mapping[str, Any]  # a file resource as Drive describes it

FOLDER, SHORTCUT = "application/vnd.google-apps.folder", "application/vnd.google-apps.shortcut"
EXPORTS = {
    "application/vnd.google-apps.document": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
    ),
    "application/vnd.google-apps.spreadsheet": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
    ),
    "application/vnd.google-apps.presentation": ("application/pdf", ".pdf"),
}
FIELDS = (
    "id,name,mimeType,size,md5Checksum,modifiedTime,webViewLink,trashed,driveId,parents,"
    "shortcutDetails(targetId,targetMimeType)"
)
ONE = {"fields": FIELDS, "supportsAllDrives": "true"}
FOLDERS_A_QUESTION = 40  # a longer query is refused


@dataclass(frozen=True, slots=True)
class GoogleDrive:
    """The folder with this id, as the service account of `calls` sees it."""

    name: str
    folder: str
    calls: Calls

    def list(self) -> Listing:
        """All files below the folder, each once, Google Docs under the name of their export."""
        root = self._root()
        found: dict[str, FileEntry] = {}
        visited = {root["id"]}
        level: dict[str, Item] = {root["id"]: {**root, "prefix": ""}}
        while level:
            below: dict[str, Item] = {}
            for item in self._children(level):
                parent = next(level[key] for key in item.get("parents", ()) if key in level)
                target = self._target(item)
                if target is None or target.get("trashed"):
                    continue
                path = parent["prefix"] + _file_name(target)
                if target["mimeType"] == FOLDER and target["id"] not in visited:
                    visited.add(target["id"])
                    below[target["id"]] = {**target, "prefix": f"{path}/"}
                elif (entry := _entry(target, path)) and _nearer(entry, found.get(entry.native_id)):
                    found[entry.native_id] = entry
            level = below
        return Listing(tuple(sorted(found.values(), key=lambda entry: entry.path)))

    def read(self, entry: FileEntry) -> bytes:
        """The file's bytes or its export, read again where it changed meanwhile."""
        what = f"'{entry.path}' could not be read"
        for _ in range(3):
            before = self.calls.get(f"files/{entry.native_id}", ONE, what).json()
            if int(before.get("size") or 0) > MAX_BYTES:
                break
            if export := EXPORTS.get(before["mimeType"]):
                answer = self.calls.get(f"files/{entry.native_id}/export", {"mimeType": export[0]}, what)
            else:
                answer = self.calls.get(f"files/{entry.native_id}", {"alt": "media", "supportsAllDrives": "true"}, what)
            after = self.calls.get(f"files/{entry.native_id}", ONE, what).json()
            if _version(before) == _version(after):
                return answer.content
        raise TargetError(f"Drive '{self.name}': '{entry.path}' is too large or kept changing. Try again later.")

    def check(self, language: str = "fr") -> str:
        """Opens the folder, counts what stands directly in it, names the account that can."""
        root = self._root()
        found = list(self._children({root["id"]: root}))
        folders = sum(item["mimeType"] == FOLDER for item in found)
        files, title, who = len(found) - folders, shown_name(root["name"]), self.calls.account
        if language == "fr":
            return (
                f"Lecteur « {self.name} » : {who} lit le dossier Google Drive « {title} » "
                f"({folders} dossiers, {files} fichiers)."
            )
        return f"Drive '{self.name}': {who} reads the Google Drive folder '{title}' ({folders} folders, {files} files)."

    def _root(self) -> Item:
        root = self._target(self.calls.get(f"files/{self.folder}", ONE, "its folder could not be opened").json())
        if root is None or root["mimeType"] != FOLDER or root.get("trashed"):
            state = "in the bin" if root and root.get("trashed") else "no folder"
            raise TargetError(f"Drive '{self.name}': what its url points at is {state}. Put a folder's link there.")
        return root

    def _children(self, folders: Mapping[str, Item]) -> Iterator[Item]:
        for drive_id in sorted({folder.get("driveId") or "" for folder in folders.values()}):
            keys = sorted(key for key, folder in folders.items() if (folder.get("driveId") or "") == drive_id)
            for start in range(0, len(keys), FOLDERS_A_QUESTION):
                yield from self._pages(keys[start : start + FOLDERS_A_QUESTION], drive_id)

    def _pages(self, folders: Sequence[str], drive_id: str) -> Iterator[Item]:
        parents = " or ".join(f"'{folder}' in parents" for folder in folders)
        query = {
            "q": f"({parents}) and trashed = false",
            "fields": f"nextPageToken,incompleteSearch,files({FIELDS})",
            "pageSize": "1000",
            "supportsAllDrives": "true",
            "includeItemsFromAllDrives": "true",
        }
        if drive_id:
            query |= {"corpora": "drive", "driveId": drive_id}
        while True:
            page = self.calls.get("files", query, "could not be listed").json()
            if page.get("incompleteSearch"):
                raise TargetError(f"Drive '{self.name}': Google listed only a part of it. Try again later.")
            yield from page["files"]
            if not page.get("nextPageToken"):
                return
            query["pageToken"] = page["nextPageToken"]

    def _target(self, item: Item) -> Item | None:
        """What a shortcut stands for, under the shortcut's name; `None` where that is gone or not shared with us."""
        if item["mimeType"] != SHORTCUT:
            return item
        answer = self.calls.get(f"files/{item['shortcutDetails']['targetId']}", ONE, "could not be listed", absent=True)
        return {**answer.json(), "name": item["name"]} if answer.ok else None


def folder_id(url: str) -> str:
    """The folder's id from ``gdrive://ID`` or from the link that people copy out of their browser; else empty."""
    parts = urlsplit(url)
    if parts.scheme == "gdrive":
        return url.partition("://")[2].strip("/")
    words = [word for word in parts.path.split("/") if word]
    return words[words.index("folders") + 1] if "folders" in words[:-1] else ""


def _nearer(entry: FileEntry, known: FileEntry | None) -> bool:
    return known is None or (entry.path.count("/"), entry.path) < (known.path.count("/"), known.path)


def _file_name(item: Item) -> str:
    name = str(item.get("name") or item["id"]).replace("/", "∕")
    suffix = EXPORTS.get(item["mimeType"], ("", ""))[1]
    return name if name.lower().endswith(suffix) else name + suffix


def _entry(item: Item, path: str) -> FileEntry | None:
    """`None` for what has neither bytes nor an export: folders seen before, forms, maps, sites."""
    export = item["mimeType"] in EXPORTS
    if item["mimeType"].startswith("application/vnd.google-apps.") and not export:
        return None
    return FileEntry(
        native_id=item["id"],
        path=shown(path),
        name=shown_name(_file_name(item)),
        size=int(item["size"]) if "size" in item and not export else None,
        modified=datetime.fromisoformat(item["modifiedTime"]),
        version=_version(item),
        url=item.get("webViewLink"),
        revision=_version(item) if export else None,
    )


def _version(item: Item) -> str:
    return str(item.get("md5Checksum") or item["modifiedTime"])
