"""Charts as inline SVG made on the server: no library, no script, readable with the table under each of them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

_WIDTH, _HEIGHT = 720, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 12, 16, 34


def number(value: float | None, language: str) -> str:
    """A number as people write it: 12 340 or 12,340; at most one decimal."""
    if value is None:
        return "–"
    text = f"{value:,.1f}".removesuffix(".0")
    if language == "fr":
        text = text.replace(",", "\u202f").replace(".", ",")
    return text


def _ticks(top: float) -> list[float]:
    """Four or five round steps from zero to at least `top`."""
    if top <= 0:
        return [0, 1]
    if top <= 6:
        return [float(n) for n in range(int(-(-top // 1)) + 1)]
    step = 10.0 ** (len(str(int(top))) - 1)
    while top / step < 3:
        step /= 2
    while top / step > 6:
        step *= 2
    count = int(-(-top // step))
    return [n * step for n in range(count + 1)]


def bars_and_line(
    title: str,
    labels: Sequence[str],
    bars: Sequence[float | None],
    line: Sequence[float | None],
    target: float | None,
    words: tuple[str, str, str],
    language: str,
) -> Markup:
    """Monthly values as bars, the running value as a line with dots, the target as a dashed rule."""
    known = [v for v in (*bars, *line, target) if v is not None]
    ticks = _ticks(max(known, default=0))
    parts = _frame(labels, ticks, language)
    slot = (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    for at, value in enumerate(bars):
        if value is not None:
            y = _y(value, ticks)
            x = _LEFT + at * slot + slot * 0.2
            parts.append(
                f'<rect class="bar" x="{x:.1f}" y="{y:.1f}" width="{slot * 0.6:.1f}" '
                f'height="{max(_y(0, ticks) - y, 0):.1f}"/>'
            )
    points = [(_LEFT + (at + 0.5) * slot, _y(v, ticks)) for at, v in enumerate(line) if v is not None]
    if points:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="line" points="{path}"/>')
        parts += [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points]
    if target is not None:
        y = _y(target, ticks)
        parts.append(f'<line class="target" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
    legend = "".join(
        f'<span class="key {kind}">{escape(word)}</span>'
        for kind, word in zip(("bar", "line", "target"), words, strict=True)
        if kind != "target" or target is not None
    )
    return Markup(f'{_svg(title, parts)}<p class="legend" aria-hidden="true">{legend}</p>')  # noqa: S704 - escaped above


def line(title: str, labels: Sequence[str], values: Sequence[float | None], language: str) -> Markup:
    """One measure over time."""
    ticks = _ticks(max((v for v in values if v is not None), default=0))
    parts = _frame(labels, ticks, language)
    slot = (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    points = [(_LEFT + (at + 0.5) * slot, _y(v, ticks)) for at, v in enumerate(values) if v is not None]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline class="line" points="{path}"/>')
    parts += [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in points]
    return Markup(_svg(title, parts))  # noqa: S704 - built from numbers and escaped text


def _y(value: float, ticks: Sequence[float]) -> float:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - value / (ticks[-1] or 1))


def _frame(labels: Sequence[str], ticks: Sequence[float], language: str) -> list[str]:
    parts = []
    for tick in ticks:
        y = _y(tick, ticks)
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="y" x="{_LEFT - 6}" y="{y + 4:.1f}">{number(tick, language)}</text>')
    slot = (_WIDTH - _LEFT - _RIGHT) / max(len(labels), 1)
    for at, label in enumerate(labels):
        x = _LEFT + (at + 0.5) * slot
        parts.append(f'<text class="x" x="{x:.1f}" y="{_HEIGHT - 12}">{escape(label)}</text>')
    return parts


def _svg(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )
