"""A SharePoint library and a OneDrive, against a local double of Microsoft Graph (not Microsoft's own)."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from suivi.drives import compare, open_drive
from suivi.drives.graph import GraphDrive, place_of
from suivi.errors import ConfigurationError, TargetError
from suivi.settings import Drive

_spec = importlib.util.spec_from_file_location("graph_double", Path(__file__).with_name("graph_double.py"))
assert _spec
assert _spec.loader
_module = importlib.util.module_from_spec(_spec)
sys.modules["graph_double"] = _module
_spec.loader.exec_module(_module)
FOLDER = "https://org.sharepoint.com/sites/Protection/Documents%20partages/PV"


@pytest.fixture
def graph() -> Iterator[Any]:
    double = _module.GraphDouble()
    double.library("Documents partages", "b!1")
    double.library("Archives", "b!2")
    yield double
    double.close()


def opened(graph: Any, url: str = FOLDER, **more: str) -> GraphDrive:
    secret = {"login": "moussa", "password": "secret", "tenant_id": "tenant", "host": graph.url}
    drive = open_drive(Drive("siege", url), secret | {"login_host": graph.url} | more, Path())
    assert isinstance(drive, GraphDrive)
    drive.graph.pace = 0.01
    return drive


NAMES = ("100 % #1.docx", "CR réunion.docx", "a+b&c.docx", "plus/bas/d.txt", "plus/e'f.txt", "z.pdf")


def filled(graph: Any) -> GraphDrive:
    for name in NAMES:
        graph.libraries["b!1"].add(f"PV/{name}", name.encode())
    graph.libraries["b!1"].add("ailleurs.docx", b"x")
    graph.libraries["b!1"].add("PV/carnet.one", b"x")
    return opened(graph)


def test_files_of_all_folders_and_pages_are_listed_and_read(graph: Any) -> None:
    drive = filled(graph)
    entries = list(drive.list())
    assert tuple(e.path for e in entries) == NAMES
    assert [drive.read(e).decode() for e in entries] == list(NAMES)
    assert all(e.url and e.modified and e.version for e in entries)


def test_file_is_read_by_a_drive_that_never_listed(graph: Any) -> None:
    entry = filled(graph).list().files[0]
    assert opened(graph).read(entry) == NAMES[0].encode()


def test_rename_keeps_the_id_and_new_bytes_change_the_version(graph: Any) -> None:
    drive = filled(graph)
    before = drive.list()
    items = graph.libraries["b!1"].items
    for item in items.values():
        if item["name"] == "z.pdf":
            item["name"] = "y.pdf"
        if item["name"] == "CR réunion.docx":
            item["data"] = b"other"
    changes = compare(before, drive.list())
    assert [(old.name, new.name) for old, new in changes.moved] == [("z.pdf", "y.pdf")]
    assert [e.name for e in changes.to_read] == ["CR réunion.docx"]


def test_listing_costs_pages(graph: Any) -> None:
    drive = filled(graph)
    drive.list()
    graph.calls.clear()
    drive.list()
    assert len(graph.calls) <= 6  # the folder, two pages of it, its two subfolders


@pytest.mark.parametrize("status", [429, 503, 500])
def test_throttling_is_waited_out(graph: Any, status: int) -> None:
    drive = filled(graph)
    graph.faults += [status, status]
    assert len(drive.list()) == len(NAMES)


def test_lasting_failure_is_one_sentence(graph: Any) -> None:
    drive = filled(graph)
    graph.faults += [503] * 20
    with pytest.raises(TargetError, match=r"Drive 'siege'.*503"):
        drive.list()


def test_folder_that_will_not_open_is_reported(graph: Any) -> None:
    drive = filled(graph)
    graph.closed.add(graph.libraries["b!1"].at("PV/plus")["id"])
    listing = drive.list()
    assert listing.unreadable == ("plus",)
    assert len(listing) == 4


def test_wrong_secret_is_said_without_it(graph: Any) -> None:
    with pytest.raises(TargetError, match=r"sign-in is refused.*app's secret") as caught:
        opened(graph, password="hunter2").list()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://org.sharepoint.com/sites/Autre/Documents", "404"),
        ("https://org.sharepoint.com/sites/Protection/Inconnue", "only: Archives, Documents partages"),
        (f"{FOLDER}/nulle part", "404"),
    ],
)
def test_wrong_url_is_one_sentence(graph: Any, url: str, said: str) -> None:
    filled(graph)
    with pytest.raises(TargetError, match=said):
        opened(graph, url).list()


def test_file_in_place_of_the_folder_is_refused(graph: Any) -> None:
    filled(graph)
    with pytest.raises(TargetError, match="no folder"):
        opened(graph, f"{FOLDER}/z.pdf").list()


def test_server_that_is_down_is_one_sentence(graph: Any) -> None:
    with pytest.raises(TargetError, match="does not answer"):
        opened(graph, host="http://127.0.0.1:9").list()


def test_onedrive_of_a_person_and_default_library(graph: Any) -> None:
    graph.libraries["b!1"].add("PV/a.txt", b"a")
    assert [e.path for e in opened(graph, "onedrive://moussa@org.org/PV").list()] == ["a.txt"]
    assert [e.path for e in opened(graph, "sharepoint://org.sharepoint.com/sites/Protection").list()] == ["PV/a.txt"]


def test_check_is_one_sentence(graph: Any) -> None:
    assert "1 dossiers, 4 fichiers" in filled(graph).check("fr")


def test_vanished_file_is_one_sentence(graph: Any) -> None:
    drive = filled(graph)
    with pytest.raises(TargetError, match=r"gone\.docx"):
        drive.read(replace(drive.list().files[0], native_id="gone", path="gone.docx"))


def test_connection_without_tenant_says_so() -> None:
    with pytest.raises(ConfigurationError, match="tenant_id"):
        open_drive(Drive("siege", FOLDER), {"login": "a", "password": "b"}, Path())


def test_place_of_urls() -> None:
    place = place_of(FOLDER)
    assert (place.site, place.library, place.folder) == (
        "org.sharepoint.com:/sites/Protection",
        "Documents partages",
        "PV",
    )
    assert place_of("onedrive://moussa@org.org/a/b").folder == "a/b"
