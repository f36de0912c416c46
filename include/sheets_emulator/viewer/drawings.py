"""Charts of a tab as labels and numbers, for simple drawings: bars, columns, lines, pies."""

from typing import Any

from ..cells.calculate import effective_value
from ..cells.display import shown
from ..cells.locales import locale_of
from ..model import Spreadsheet, Tab

Json = dict[str, Any]


def charts(book: Spreadsheet, tab: Tab) -> list[Json]:
    """Title, kind, labels and series of every chart on the tab."""
    return [_chart(book, chart) for chart in tab.parts.get("charts", [])]


def _chart(book: Spreadsheet, chart: Json) -> Json:
    spec = chart["spec"]
    answer: Json = {"id": chart["chartId"], "title": spec.get("title", ""), "kind": "BAR", "labels": [], "series": []}
    if "basicChart" in spec:
        basic = spec["basicChart"]
        answer["kind"] = basic.get("chartType", "COLUMN")
        heads = basic.get("headerCount", 0)
        domains = [item["domain"] for item in basic.get("domains", []) if "domain" in item]
        series = [item["series"] for item in basic.get("series", []) if "series" in item]
    elif "pieChart" in spec:
        answer["kind"], heads = "PIE", 0
        domains = [spec["pieChart"][name] for name in ("domain",) if name in spec["pieChart"]]
        series = [spec["pieChart"][name] for name in ("series",) if name in spec["pieChart"]]
    else:
        return {**answer, "kind": next((name for name in spec if name.endswith("Chart")), "")}
    labels = _texts(book, domains[0]) if domains else []
    answer["labels"] = labels[heads:]
    for item in series:
        texts, numbers = _texts(book, item), _numbers(book, item)
        answer["series"].append({"name": texts[0] if heads and texts else "", "values": numbers[heads:]})
    while answer["labels"] and not answer["labels"][-1]:
        answer["labels"].pop()
    return answer


def _spots(book: Spreadsheet, data: Json) -> list[tuple[Tab, int, int]]:
    found = []
    for source in data.get("sourceRange", {}).get("sources", []):
        tab = book.find(source.get("sheetId", 0))
        if tab is None:
            continue
        area = tab.area(source)
        found += [(tab, row, column) for row in range(area.top, area.bottom) for column in range(area.left, area.right)]
    return found[:500]


def _texts(book: Spreadsheet, data: Json) -> list[str]:
    locale = locale_of(book.locale)
    return [
        shown(
            effective_value(book, tab, row, column),
            tab.cell(row, column).get("userEnteredFormat", {}).get("numberFormat"),
            locale,
        )
        for tab, row, column in _spots(book, data)
    ]


def _numbers(book: Spreadsheet, data: Json) -> list[float | None]:
    return [(effective_value(book, *spot) or {}).get("numberValue") for spot in _spots(book, data)]
