"""A Google Drive folder, against the emulator's Drive API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from suivi.drives import compare, open_drive
from suivi.drives.google import GoogleDrive, folder_id
from suivi.errors import ConfigurationError, TargetError
from suivi.settings import Drive

FOLDER = "application/vnd.google-apps.folder"
DOC = "application/vnd.google-apps.document"
SHORTCUT = "application/vnd.google-apps.shortcut"


class People:
    """What people do in Drive: make folders, files, shortcuts, throw things away."""

    def __init__(self, emulator: Any) -> None:
        self.url = emulator.url
        scopes = ["https://www.googleapis.com/auth/drive"]
        account = Credentials.from_service_account_info(json.loads(emulator.key), scopes=scopes)
        self.session = AuthorizedSession(account)

    def make(self, name: str, parent: str = "", kind: str = FOLDER, **more: Any) -> str:
        body = {"name": name, "mimeType": kind, **more} | ({"parents": [parent]} if parent else {})
        answer = self.session.post(f"{self.url}/drive/v3/files?supportsAllDrives=true", json=body)
        answer.raise_for_status()
        return str(answer.json()["id"])

    def upload(self, name: str, parent: str, data: bytes, kind: str = "text/plain", into: str = "") -> str:
        body = {"name": name, "parents": [parent]} | ({"mimeType": into} if into else {})
        parts = {"metadata": (None, json.dumps(body), "application/json; charset=UTF-8"), "file": (name, data, kind)}
        request = requests.Request("POST", f"{self.url}/upload/drive/v3/files?uploadType=multipart", files=parts)
        prepared = request.prepare()
        prepared.headers["Content-Type"] = prepared.headers["Content-Type"].replace("form-data", "related")
        prepared.url = f"{prepared.url}&supportsAllDrives=true"
        answer = self.session.request("POST", prepared.url, data=prepared.body, headers=dict(prepared.headers))
        answer.raise_for_status()
        return str(answer.json()["id"])

    def change(self, file: str, query: str = "", **body: Any) -> None:
        url = f"{self.url}/drive/v3/files/{file}?supportsAllDrives=true{query}"
        self.session.patch(url, json=body).raise_for_status()

    def write(self, file: str, data: bytes) -> None:
        url = f"{self.url}/upload/drive/v3/files/{file}?uploadType=media&supportsAllDrives=true"
        self.session.patch(url, data=data, headers={"Content-Type": "text/plain"}).raise_for_status()

    def calls(self) -> list[str]:
        found = requests.get(f"{self.url}/_emulator/calls", timeout=10).json()["calls"]
        requests.delete(f"{self.url}/_emulator/calls", timeout=10)
        return [call["path"] for call in found]

    def fault(self, **fault: Any) -> None:
        requests.post(f"{self.url}/_emulator/faults", json=fault, timeout=10).raise_for_status()


@pytest.fixture
def people(emulator: Any) -> Iterator[People]:
    found = People(emulator)
    yield found
    requests.delete(f"{emulator.url}/_emulator/faults", timeout=10)


def opened(emulator: Any, folder: str) -> GoogleDrive:
    secret = {"password": emulator.key, "host": emulator.url}
    drive = open_drive(Drive("equipe", f"gdrive://{folder}"), secret, Path())
    assert isinstance(drive, GoogleDrive)
    return replace(drive, calls=replace(drive.calls, pace=0.01))


def test_files_of_all_folders_are_listed_and_read(emulator: Any, people: People) -> None:
    root = people.make("PV")
    below = people.make("2026", root)
    people.upload("CR mars.txt", below, b"mars")
    people.upload("CR mai.txt", root, b"mai")
    drive = opened(emulator, root)
    entries = list(drive.list())
    assert [(e.path, e.size) for e in entries] == [("2026/CR mars.txt", 4), ("CR mai.txt", 3)]
    assert [drive.read(e) for e in entries] == [b"mars", b"mai"]
    assert all(e.url and e.modified and e.revision is None for e in entries)


def test_google_doc_is_exported_with_id_and_revision(emulator: Any, people: People) -> None:
    root = people.make("PV")
    doc = people.upload("Compte rendu", root, b"COMPTE RENDU", into=DOC)
    drive = opened(emulator, root)
    first = drive.list().files[0]
    assert (first.name, first.native_id) == ("Compte rendu.docx", doc)
    assert first.revision
    assert drive.read(first).startswith(b"PK")
    people.write(doc, b"COMPTE RENDU, suite")
    assert drive.list().files[0].revision != first.revision
    assert not drive.list().files[0].skip


def test_rename_and_move_keep_the_id_and_cost_no_reading(emulator: Any, people: People) -> None:
    root, other = people.make("PV"), ""
    other = people.make("archive", root)
    file = people.upload("a.txt", root, b"a")
    drive = opened(emulator, root)
    before = drive.list()
    people.change(file, f"&addParents={other}&removeParents={root}", name="b.txt")
    changes = compare(before, drive.list())
    assert [(old.path, new.path) for old, new in changes.moved] == [("a.txt", "archive/b.txt")]
    assert changes.to_read == ()


def test_new_bytes_are_a_new_version(emulator: Any, people: People) -> None:
    root = people.make("PV")
    file = people.upload("a.txt", root, b"a")
    drive = opened(emulator, root)
    before = drive.list()
    people.write(file, b"b")
    assert [e.native_id for e in compare(before, drive.list()).changed] == [file]


def test_what_is_in_the_bin_is_not_listed(emulator: Any, people: People) -> None:
    root = people.make("PV")
    folder = people.make("vieux", root)
    people.upload("a.txt", folder, b"a")
    file = people.upload("b.txt", root, b"b")
    people.change(file, trashed=True)
    people.change(folder, trashed=True)
    assert len(opened(emulator, root).list()) == 0


def test_shortcuts_stand_for_files_and_folders_once(emulator: Any, people: People) -> None:
    root, elsewhere = people.make("PV"), people.make("ailleurs")
    target = people.upload("cible.txt", elsewhere, b"cible")
    inside = people.make("dedans", elsewhere)
    people.upload("autre.txt", inside, b"autre")
    people.make("raccourci.txt", root, SHORTCUT, shortcutDetails={"targetId": target})
    people.make("encore.txt", root, SHORTCUT, shortcutDetails={"targetId": target})
    people.make("dossier", root, SHORTCUT, shortcutDetails={"targetId": inside})
    people.make("boucle", inside, SHORTCUT, shortcutDetails={"targetId": root})
    gone = people.upload("parti.txt", elsewhere, b"x")
    people.make("mort", root, SHORTCUT, shortcutDetails={"targetId": gone})
    people.change(gone, trashed=True)
    drive = opened(emulator, root)
    entries = list(drive.list())
    assert [e.path for e in entries] == ["dossier/autre.txt", "encore.txt"]
    assert [drive.read(e) for e in entries] == [b"autre", b"cible"]


def test_shared_drive_is_listed(emulator: Any, people: People) -> None:
    made = people.session.post(f"{people.url}/drive/v3/drives?requestId=r1", json={"name": "Cluster"})
    made.raise_for_status()
    root = people.make("PV", made.json()["id"])
    people.upload("a.txt", root, b"a")
    people.upload("doc", root, b"b", into=DOC)
    drive = opened(emulator, root)
    assert [e.path for e in drive.list()] == ["a.txt", "doc.docx"]
    assert drive.read(drive.list().files[0]) == b"a"


def test_the_link_of_a_whole_shared_drive_is_a_folder_too(emulator: Any, people: People) -> None:
    made = people.session.post(f"{people.url}/drive/v3/drives?requestId=r2", json={"name": "Cluster"}).json()
    people.upload("haut.txt", made["id"], b"a")
    people.upload("bas.txt", people.make("PV", made["id"]), b"b")
    assert [e.path for e in opened(emulator, made["id"]).list()] == ["PV/bas.txt", "haut.txt"]


def test_folders_and_files_cost_pages_and_unchanged_files_nothing(emulator: Any, people: People) -> None:
    root = people.make("PV")
    for number in range(60):
        folder = people.make(f"{number:02}", root)
        people.upload("a.txt", folder, b"a")
    drive = opened(emulator, root)
    people.calls()
    before = drive.list()
    asked = people.calls()
    assert len(before) == 60
    assert len([path for path in asked if "/drive/v3/" in path]) <= 4  # the root, its folders, sixty folders in two
    assert compare(before, drive.list()).to_read == ()


def test_names_are_safe(emulator: Any, people: People) -> None:
    root = people.make("PV")
    people.upload("a/b\n\u202ec.txt", root, b"a")
    people.upload("n" * 5000 + ".docx", root, b"b")
    people.upload("double.txt", root, b"1")
    people.upload("double.txt", root, b"2")
    entries = opened(emulator, root).list().files
    assert len(entries) == 4
    assert all(e.name.isprintable() and len(e.name) <= 200 and "/" not in e.name for e in entries)
    assert len({e.native_id for e in entries}) == 4


@pytest.mark.parametrize("status", [429, 500, 503])
def test_hiccups_are_waited_out(emulator: Any, people: People, status: int) -> None:
    root = people.make("PV")
    people.upload("a.txt", root, b"a")
    drive = opened(emulator, root)
    people.fault(kind="status", status=status, path="/drive/v3/", times=2)
    assert len(drive.list()) == 1


def test_answer_that_breaks_off_is_asked_again(emulator: Any, people: People) -> None:
    root = people.make("PV")
    people.upload("a.txt", root, b"a" * 100_000)
    drive = opened(emulator, root)
    entry = drive.list().files[0]
    people.fault(kind="reset", path="/drive/v3/files/", after=1)
    assert len(drive.read(entry)) == 100_000


def test_lasting_failure_is_one_sentence(emulator: Any, people: People) -> None:
    root = people.make("PV")
    drive = opened(emulator, root)
    people.fault(kind="status", status=503, path="/drive/v3/", times=0)
    with pytest.raises(TargetError, match=r"Drive 'equipe'.*busy.*503"):
        drive.list()


def test_folder_not_shared_says_with_whom_to_share(emulator: Any) -> None:
    with pytest.raises(TargetError, match=r"Share the folder with .*gserviceaccount\.com"):
        opened(emulator, "nowhere").list()


def test_file_in_place_of_a_folder_is_refused(emulator: Any, people: People) -> None:
    file = people.upload("a.txt", people.make("PV"), b"a")
    with pytest.raises(TargetError, match="no folder"):
        opened(emulator, file).list()


def test_check_names_account_and_folder(emulator: Any, people: People) -> None:
    root = people.make("Comptes rendus")
    people.make("2026", root)
    sentence = opened(emulator, root).check("fr")
    assert "Comptes rendus" in sentence
    assert "1 dossiers, 0 fichiers" in sentence
    assert "gserviceaccount.com" in sentence


def test_key_is_not_sent_to_another_server(emulator: Any) -> None:
    secret = {"password": emulator.key, "host": "http://127.0.0.1:9"}
    with pytest.raises(ConfigurationError, match="another server"):
        open_drive(Drive("equipe", "gdrive://x"), secret, Path())


@pytest.mark.parametrize("secret", [{}, {"password": "no json"}, {"keyfile_path": "/nowhere.json"}, {"password": "{}"}])
def test_connection_without_key_is_a_sentence_without_its_text(secret: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="service account key") as caught:
        open_drive(Drive("equipe", "gdrive://x"), secret, Path())
    assert "no json" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("gdrive://1AbC_d-9", "1AbC_d-9"),
        ("https://drive.google.com/drive/folders/1AbC?usp=sharing", "1AbC"),
        ("https://drive.google.com/drive/u/0/folders/1AbC", "1AbC"),
        ("https://drive.google.com/file/d/1AbC/view", ""),
    ],
)
def test_folder_id_of_a_link(url: str, found: str) -> None:
    assert folder_id(url) == found
