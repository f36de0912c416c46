"""The pages in a real Chromium: flows, console, accessibility, narrow screen, print, both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ors import bench_rows, settings

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATHS = ("/", "/actions", "/actions/act-1", "/indicators", "/presence", "/coordination", "/reporting", "/calendar")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not here")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as tool:
        opened = tool.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def filled(make_service: Callable[..., Any]) -> Any:
    """A cluster as it is before a meeting: some values approved, most waiting, one update of an approved value."""
    service = make_service()
    folder = Path(settings.HOUSE) / "clusters"
    settings.describe(service.app.state.store, "PROT", service.clock(), settings.of_folder(folder, "PROT"))
    rows = [r for r in bench_rows.rows(240, date(2026, 4, 8)) if r["fields"].get("code") != "PROT-04"]
    service.update(*rows).raise_for_status()
    listed = [r["recordId"] for r in rows if r["form"] == "indicators"][:40]
    decided = [{"form": "indicators", "recordId": i, "version": 1, "decision": "approved"} for i in listed]
    service.ask("POST", "/api/v1/decisions", "lead", json={"decisions": decided}).raise_for_status()
    first = next(r for r in rows if r["recordId"] == listed[0])
    changed = first | {"fields": first["fields"] | {"achieved": 9_999}}
    service.update(changed).raise_for_status()
    training = {"id": "t", "kind": "training", "title": "Formation de base", "start": "2026-04-21", "end": "2026-04-23"}
    night = {"night": 12, "status": "success", "calendar": [training]}
    service.ask("POST", "/api/v1/nights", json=night).raise_for_status()
    return service


class Visitor:
    """A browser window with its console kept."""

    def __init__(self, browser: Any, service: Any, width: int = 1280) -> None:
        self._service = service
        self.context = browser.new_context(viewport={"width": width, "height": 800}, locale="fr-FR")
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("requestfailed", lambda r: self.errors.append(r.url))

    def go(self, path: str) -> Any:
        self.page.goto(self._service.address + path)
        return self.page

    def log_in(self, role: str) -> Any:
        self.go("/login")
        self.page.fill("#token", self._service.token(role))
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(self._service.address + "/")
        return self.page


@pytest.fixture
def visit(browser: Any, filled: Any) -> Iterator[Callable[..., Visitor]]:
    opened: list[Visitor] = []

    def make(width: int = 1280) -> Visitor:
        opened.append(Visitor(browser, filled, width))
        return opened[-1]

    yield make
    for visitor in opened:
        visitor.context.close()


def test_pages_have_no_serious_finding_no_error_and_no_foreign_request(visit: Any, filled: Any) -> None:
    visitor = visit()
    visitor.go("/login")
    foreign: list[str] = []
    visitor.page.on("request", lambda r: r.url.startswith(filled.address) or foreign.append(r.url))
    findings = _serious(visitor.page, "/login")
    visitor.log_in("lead")
    for path in (*PATHS, "/lead", "/?lang=en"):
        findings += _serious(visitor.go(path), path)
    assert findings == []
    assert visitor.errors == []
    assert [url for url in foreign if not url.startswith("data:")] == []


def _serious(page: Any, path: str) -> list[str]:
    answer = axe.Axe().run(page).response
    assert len(answer["passes"]) > 8, "the checker did not run"
    found = answer["violations"]
    return [f"{path} {v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in ("serious", "critical")]


def test_without_a_session_every_page_leads_to_the_login_and_back(visit: Any, filled: Any) -> None:
    visitor = visit()
    page = visitor.go("/reporting")
    assert page.url == f"{filled.address}/login?next=/reporting"
    page.fill("#token", "ors_wrong")
    page.click("main button")
    assert "pas connu" in page.inner_text("[role=alert]")
    page.fill("#token", filled.token("member"))
    page.click("main button")
    assert page.url == f"{filled.address}/reporting"
    page.click("text=Se déconnecter")
    assert "/login" in page.url
    assert "/login" in visitor.go("/").url


def test_filters_narrow_the_list_and_a_row_opens_its_life(visit: Any) -> None:
    page = visit().log_in("member")
    page.click("nav >> text=Actions")
    page.select_option("#f-owner", "DRC")
    page.select_option("#f-status", "late")
    page.click("text=Filtrer")
    owners = page.locator("table.list").first.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert owners
    assert all("DRC" in text for text in owners)
    number = page.locator("table.list tbody tr td a").first.inner_text()
    page.locator("table.list tbody tr td a").first.click()
    assert page.inner_text("h1").startswith(number)
    assert "créée" in page.inner_text("ol.life")


def test_the_lead_approves_rejects_and_closes_a_period(visit: Any, filled: Any) -> None:
    visitor = visit()
    page = visitor.log_in("lead")
    page.click("nav >> text=Validation")
    assert "mise à jour en attente" in page.inner_text("main")
    waiting = page.locator("input[name=rows]").count()
    page.locator("input[name=rows]").first.check()
    page.click("text=Approuver les lignes cochées")
    assert page.inner_text("[role=status]") == "Lignes approuvées : 1."
    page.check("#all")
    page.click("text=Rejeter les lignes cochées")  # without a word of why: the browser asks for it
    assert page.locator("#comment:invalid").count() == 1
    page.fill("#comment", "à vérifier")
    page.click("text=Rejeter les lignes cochées")
    assert page.inner_text("[role=status]") == f"Lignes rejetées : {waiting - 1}."
    assert "Rien n'attend" in page.inner_text("main")
    page.click("text=Clore mars 2026")
    assert "Rouvrir mars 2026" in page.inner_text("main")
    states = filled.ask("GET", "/api/v1/periods", "member").json()["data"]
    assert [(p["month"], p["state"]) for p in states] == [("2026-03", "closed")]
    assert visitor.errors == []


def test_the_lead_takes_in_a_workbook_of_an_organisation_that_reports_elsewhere(visit: Any, tmp_path: Path) -> None:
    path = tmp_path / "modele.csv"
    path.write_text(
        "Year,Month,Organization,Location,Indicator,Achieved\n"
        "2026,3,AMSS,Mopti,PROT-03,12\n2026,3,AMSS,Atlantide,PROT-03,5\n"
    )
    visitor = visit()
    visitor.log_in("lead")
    page = visitor.go("/lead")
    page.set_input_files("#import-file", str(path))
    page.click("text=Importer >> nth=-1")
    assert "lignes créées : 1," in page.inner_text("[role=status]")
    assert "AMSS (mars 2026)" in page.inner_text("main")
    assert "lieu inconnu" in page.inner_text("main table")
    assert _serious(page, "/lead/import") == []
    page.click("main >> text=Rapportage")
    assert "AMSS par le modèle ORS importé" in page.inner_text("main")
    page = visitor.go("/lead")
    path.write_text("a,b\n1,2\n")
    page.set_input_files("#import-file", str(path))
    page.click("text=Importer >> nth=-1")
    assert "ni le modèle d'import ORS ni un classeur 5W" in page.inner_text("[role=alert]")


def test_a_member_finds_no_way_to_the_leads_page(visit: Any) -> None:
    page = visit().log_in("member")
    assert page.locator("nav >> text=Validation").count() == 0


def test_the_language_is_kept(visit: Any) -> None:
    page = visit().log_in("member")
    assert page.locator("html").get_attribute("lang") == "fr"
    page.click("text=English")
    page.click("nav >> text=Presence")
    assert page.locator("html").get_attribute("lang") == "en"
    assert "not mentioned in the minutes" in page.inner_text("main")


@pytest.mark.parametrize(
    ("state", "words"),
    [("fresh", "Données à jour"), ("failed", "a échoué"), ("late", "en retard"), ("none", "Aucune nuit")],
)
def test_it_says_how_fresh_it_is_and_loudly_when_a_night_failed(
    browser: Any, make_service: Callable[..., Any], state: str, words: str
) -> None:
    service = make_service()
    if state != "none":
        for night, status in ((2, "success"), (3, "failed" if state == "failed" else "success")):
            service.ask("POST", "/api/v1/nights", json={"night": night, "status": status}).raise_for_status()
    service.clock.forward(hours=30 if state == "late" else 1)
    visitor = Visitor(browser, service)
    banner = visitor.log_in("member").locator(".banner")
    assert words in banner.inner_text()
    assert (banner.get_attribute("role") == "alert") is (state != "fresh")
    visitor.context.close()


def test_a_narrow_screen_needs_no_sideways_scrolling(visit: Any) -> None:
    visitor = visit(width=360)
    page = visitor.log_in("lead")
    for path in (*PATHS, "/lead"):
        visitor.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_the_keyboard_alone_reaches_the_content(visit: Any) -> None:
    page = visit().log_in("member")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_print_leaves_the_controls_out_and_says_the_day(visit: Any, tmp_path: Path) -> None:
    page = visit().log_in("member")
    page.emulate_media(media="print")
    assert not page.locator("nav.pages").is_visible()
    assert "État au 8 avril 2026" in page.inner_text("main")
    path = tmp_path / "page.pdf"
    page.pdf(path=str(path), format="A4")
    assert path.read_bytes().startswith(b"%PDF")
    assert path.read_bytes().count(b"/Type /Page\n") <= 5


def test_the_figures_at_the_top_lead_to_their_actions(visit: Any) -> None:
    page = visit().log_in("member")
    for word, status in (("Actions ouvertes", "pending"), ("En retard", "late"), ("Faites", "done")):
        figure = page.locator("ul.figures a", has_text=word)
        shown = figure.locator("b").inner_text()
        figure.click()
        assert page.url.endswith(f"/actions?status={status}")
        assert page.inner_text("main [role=status]") == f"{shown} actions"
        page.go_back()


def test_presence_can_be_read_by_district(visit: Any, filled: Any, rows: Any) -> None:
    filled.update(rows.presence("p-koro", admin2_pcode="ML0505", organisation="COOPI")).raise_for_status()
    visitor = visit()
    visitor.log_in("member")
    page = visitor.go("/presence")
    assert page.locator("table.matrix tbody th", has_text="›").count() == 0
    page.select_option("#f-level", "2")
    page.click("main >> text=Afficher")
    assert page.locator("table.matrix tbody th", has_text="Mopti ›").count() == 1


def test_every_chart_has_its_table(visit: Any) -> None:
    visitor = visit()
    visitor.log_in("member")
    page = visitor.go("/indicators")
    charts = page.locator("svg.chart")
    assert charts.count() >= 3
    assert page.locator(".pair table").count() == charts.count()
    assert "provisoire" in page.locator(".pair table").first.inner_text()
    assert page.locator("section h2").first.inner_text().startswith("PROT-01")
