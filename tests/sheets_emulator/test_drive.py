"""Drive v3: files, folders, shared drives, shortcuts, uploads, exports, pages."""

import hashlib
import io
import json

import pytest
from docx import Document
from openpyxl import load_workbook

FOLDER = "application/vnd.google-apps.folder"
DOCUMENT = "application/vnd.google-apps.document"
SHORTCUT = "application/vnd.google-apps.shortcut"
SHEET = "application/vnd.google-apps.spreadsheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Drive:
    def __init__(self, house):
        self.house = house
        self.base = f"{house.url}/drive/v3"

    def call(self, method, path, body=None, **params):
        return self.house.http.request(method, f"{self.base}{path}", json=body, params=params, timeout=30)

    def make(self, **body):
        answer = self.call("POST", "/files", body, supportsAllDrives="true")
        assert answer.ok, answer.text
        return answer.json()["id"]

    def upload(self, content, mime_type, **body):
        boundary = b"xx-boundary"
        parts = [
            b"--" + boundary, b"Content-Type: application/json; charset=UTF-8", b"", json.dumps(body).encode(),
            b"--" + boundary, b"Content-Type: " + mime_type.encode(), b"", content, b"--" + boundary + b"--", b"",
        ]  # fmt: skip
        answer = self.house.http.post(
            f"{self.house.url}/upload/drive/v3/files?uploadType=multipart&supportsAllDrives=true",
            data=b"\r\n".join(parts),
            headers={"Content-Type": f"multipart/related; boundary={boundary.decode()}"},
        )
        assert answer.ok, answer.text
        return answer.json()["id"]

    def names(self, **params):
        answer = self.call("GET", "/files", **params)
        assert answer.ok, answer.text
        return sorted(item["name"] for item in answer.json()["files"])


@pytest.fixture
def drive(house):
    return Drive(house)


def docx(text):
    made, buffer = Document(), io.BytesIO()
    made.add_paragraph(text)
    made.save(buffer)
    return buffer.getvalue()


def test_bytes_come_back_as_they_went(drive):
    content = bytes(range(256)) * 40 + b"\r\n--\n\n"
    key = drive.upload(content, "application/pdf", name="PV.pdf")
    found = drive.call("GET", f"/files/{key}", fields="*").json()
    assert (found["size"], found["md5Checksum"]) == (str(len(content)), hashlib.md5(content).hexdigest())  # noqa: S324
    assert drive.call("GET", f"/files/{key}", alt="media").content == content
    part = drive.house.http.get(f"{drive.base}/files/{key}?alt=media", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, content[10:20])


def test_versions_are_kept(drive):
    key = drive.upload(b"un", "text/plain", name="a.txt")
    before = drive.call("GET", f"/files/{key}", fields="version,modifiedTime,md5Checksum").json()
    url = f"{drive.house.url}/upload/drive/v3/files/{key}?uploadType=media"
    assert drive.house.http.patch(url, data=b"deux", headers={"Content-Type": "text/plain"}).ok
    after = drive.call("GET", f"/files/{key}", fields="version,modifiedTime,md5Checksum").json()
    assert all(before[name] != after[name] for name in before)
    revisions = drive.call("GET", f"/files/{key}/revisions").json()["revisions"]
    contents = [drive.call("GET", f"/files/{key}/revisions/{item['id']}", alt="media").text for item in revisions]
    assert contents == ["un", "deux"]


def test_a_resumable_upload_goes_on_where_it_stopped(drive):
    http, content = drive.house.http, b"0123456789" * 100
    start = http.post(
        f"{drive.house.url}/upload/drive/v3/files?uploadType=resumable",
        json={"name": "long.bin"},
        headers={"X-Upload-Content-Type": "application/octet-stream"},
    )
    place = start.headers["Location"]
    first = http.put(place, data=content[:600], headers={"Content-Range": "bytes 0-599/1000"}, allow_redirects=False)
    assert (first.status_code, first.headers["Range"]) == (308, "bytes=0-599")
    asked = http.put(place, headers={"Content-Range": "bytes */1000"}, allow_redirects=False)
    assert (asked.status_code, asked.headers["Range"]) == (308, "bytes=0-599")
    last = http.put(place, data=content[600:], headers={"Content-Range": "bytes 600-999/1000"})
    assert drive.call("GET", f"/files/{last.json()['id']}", alt="media").content == content


def test_a_document_is_exported_and_never_twice_the_same_bytes(drive):
    key = drive.upload(docx("Compte rendu"), DOCX, name="CR", mimeType=DOCUMENT)
    first, second = (drive.call("GET", f"/files/{key}/export", mimeType=DOCX).content for _ in range(2))
    assert first != second
    assert [Document(io.BytesIO(item)).paragraphs[0].text for item in (first, second)] == ["Compte rendu"] * 2
    assert "Compte rendu" in drive.call("GET", f"/files/{key}/export", mimeType="text/plain").text
    assert "md5Checksum" not in drive.call("GET", f"/files/{key}", fields="*").json()
    refused = drive.call("GET", f"/files/{key}", alt="media")
    assert (refused.status_code, refused.json()["error"]["errors"][0]["reason"]) == (403, "fileNotDownloadable")
    revision = drive.call("GET", f"/files/{key}/revisions", fields="revisions(id,exportLinks)").json()["revisions"][0]
    assert drive.house.http.get(revision["exportLinks"][DOCX]).content[:2] == b"PK"


def test_a_spreadsheet_is_exported_with_types(drive):
    key = drive.house.seed(locale="fr_FR", sheets=[{"title": "Été", "rows": [["a", 1.5, "02/03/2026"]]}])
    content = drive.call("GET", f"/files/{key}/export", mimeType=XLSX).content
    sheet = load_workbook(io.BytesIO(content))["Été"]
    assert (sheet["A1"].value, sheet["B1"].value, sheet["C1"].value.year) == ("a", 1.5, 2026)


def test_folders_bin_shortcuts_and_search(drive):
    root = drive.make(name="PV", mimeType=FOLDER)
    below = drive.make(name="2026", mimeType=FOLDER, parents=[root])
    key = drive.upload(b"x", "text/plain", name="CR d'avril.txt", parents=[below])
    link = drive.make(name="lien", mimeType=SHORTCUT, parents=[root], shortcutDetails={"targetId": key})
    assert drive.names(q=f"'{root}' in parents") == ["2026", "lien"]
    assert drive.names(q=r"name = 'CR d\'avril.txt' and trashed = false") == ["CR d'avril.txt"]
    assert drive.names(q=f"mimeType != '{FOLDER}' and (name contains 'CR' or name = 'lien')") == [
        "CR d'avril.txt",
        "lien",
    ]
    details = drive.call("GET", f"/files/{link}", fields="shortcutDetails").json()["shortcutDetails"]
    assert details == {"targetId": key, "targetMimeType": "text/plain"}
    assert drive.call("PATCH", f"/files/{key}", {"trashed": True}, fields="trashed").json() == {"trashed": True}
    assert drive.names(q=f"'{below}' in parents and trashed = false") == []
    assert drive.names(q=f"'{below}' in parents and trashed = true") == ["CR d'avril.txt"]
    moved = drive.call("PATCH", f"/files/{key}", {}, addParents=root, removeParents=below, fields="parents")
    assert moved.json() == {"parents": [root]}
    assert drive.call("GET", "/files", q="name = ").status_code == 400


def test_pages_miss_nothing_while_files_change(drive):
    root = drive.make(name="PV", mimeType=FOLDER)
    keys = {drive.make(name=f"{number}.txt", mimeType="text/plain", parents=[root]) for number in range(25)}
    seen, token, pages = set(), "", 0
    while True:
        params = {"q": f"'{root}' in parents", "pageSize": 10, "fields": "nextPageToken,files(id)"}
        answer = drive.call("GET", "/files", **params, **({"pageToken": token} if token else {})).json()
        seen |= {item["id"] for item in answer["files"]}
        pages += 1
        drive.call("PATCH", f"/files/{next(iter(keys - seen), next(iter(keys)))}", {"description": "changé"})
        token = answer.get("nextPageToken", "")
        if not token:
            break
    assert (seen, pages) == (keys, 3)


def test_a_shared_drive_is_seen_only_by_those_who_ask_for_it(drive):
    made = drive.call("POST", "/drives", {"name": "Cluster"}, requestId="1").json()["id"]
    key = drive.make(name="CR.txt", mimeType="text/plain", parents=[made])
    assert drive.names() == []
    wide = {"supportsAllDrives": "true", "includeItemsFromAllDrives": "true"}
    assert drive.names(corpora="drive", driveId=made, **wide) == ["CR.txt"]
    assert drive.call("GET", f"/files/{key}").status_code == 404
    found = drive.call("GET", f"/files/{key}", supportsAllDrives="true", fields="driveId,parents").json()
    assert found == {"driveId": made, "parents": [made]}
    assert [item["name"] for item in drive.call("GET", "/drives").json()["drives"]] == ["Cluster"]


def test_what_is_not_modelled_is_501(drive):
    answer = drive.call("GET", "/changes", pageToken="1")
    assert (answer.status_code, answer.json()["error"]["errors"][0]["reason"]) == (501, "notImplemented")


def test_renaming_in_drive_renames_the_spreadsheet(drive):
    key = drive.make(name="Avant", mimeType=SHEET)
    drive.call("PATCH", f"/files/{key}", {"name": "Après"})
    assert drive.house.get(key, fields="properties.title") == {"properties": {"title": "Après"}}


def test_the_link_of_a_shared_drive_leads_to_its_top_folder(drive):
    key = drive.call("POST", "/drives", {"name": "PV partagés"}, requestId="1").json()["id"]
    drive.make(name="a.txt", parents=[key])
    assert drive.call("GET", f"/files/{key}").status_code == 404
    top = drive.call("GET", f"/files/{key}", supportsAllDrives="true", fields="id,name,mimeType,driveId,trashed").json()
    assert top == {"id": key, "name": "Drive", "mimeType": FOLDER, "driveId": key, "trashed": False}
    asked = {"supportsAllDrives": "true", "includeItemsFromAllDrives": "true", "corpora": "drive", "driveId": key}
    assert drive.names(q=f"'{key}' in parents", **asked) == ["a.txt"]
