"""Ruled tables: cells between drawn lines, merged where no line parts them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from suivi.documents.pdf.rulings import Rulings, Segment, merged

_NEAR = 3.5  # points within which two lines meet or are the same edge
_COVERED = 0.6  # share of a cell's side that a line must cover to part it from its neighbour
_TALLEST = 350.0  # points: the highest row between two coloured ones
MOST_EDGES = 400

Rectangle = tuple[float, float, float, float]  # x0, top, x1, bottom


@dataclass(slots=True)
class Box:
    """A cell: its rectangle and its place on the grid (rows and columns from 0, ends exclusive)."""

    x0: float
    top: float
    x1: float
    bottom: float
    row: int
    column: int
    row_end: int
    column_end: int


@dataclass(slots=True)
class Lattice:
    """One ruled table of a page."""

    xs: list[float]
    ys: list[float]
    boxes: list[Box] = field(default_factory=list)
    owners: list[list[int]] = field(default_factory=list)  # row → column → the cell's place in `boxes`

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] - 1 <= x <= self.xs[-1] + 1 and self.ys[0] - 1 <= y <= self.ys[-1] + 1

    def cell_at(self, x: float, y: float) -> int:
        """The place in `boxes` of the cell at a point; points on the rim belong to the nearest cell."""
        row = min(max(bisect_right(self.ys, y) - 1, 0), len(self.ys) - 2)
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        return self.owners[row][column]


def lattices(found: Rulings) -> list[Lattice]:
    """Tables of a page from top to bottom; frames around a single cell are none."""
    horizontal, vertical = found.horizontal, found.vertical
    bands = _bands(found.fills)
    if bands:
        frames = [_extent(*group) for group in _connected(horizontal, vertical) if group[0] and group[1]]
        rows = [band for band in bands if _row_like(band, frames)]
        edges = [*map(_edges, rows), *_sides([band for band in rows if not _framed(band, frames)], horizontal)]
        horizontal = merged([*horizontal, *(line for wide, _ in edges for line in wide)])
        vertical = merged([*vertical, *(line for _, high in edges for line in high)])
    tables = [table for group in _connected(horizontal, vertical) if (table := _table(*group))]
    return sorted(tables, key=lambda table: (table.ys[0], table.xs[0]))


def _bands(fills: list[Rectangle]) -> list[list[Rectangle]]:
    """Backgrounds side by side at one height, from left to right: the coloured row of a table."""
    bands: list[list[Rectangle]] = []
    large = {fill for fill in fills if fill[2] - fill[0] > 12 and fill[3] - fill[1] > 8}
    for fill in sorted(large, key=lambda item: (round(item[1]), round(item[3]), item[0])):
        last = bands[-1][-1] if bands else None
        if last and max(abs(fill[1] - last[1]), abs(fill[3] - last[3])) < 1.5 and abs(fill[0] - last[2]) < _NEAR:
            bands[-1].append(fill)
        else:
            bands.append([fill])
    return bands


def _row_like(band: list[Rectangle], frames: list[Rectangle]) -> bool:
    """Whether a band may be a row: in a drawn frame only where it reaches from side to side (else a marked text)."""
    frame = _framed(band, frames)
    return frame is None or (band[0][0] < frame[0] + 2 * _NEAR and band[-1][2] > frame[2] - 2 * _NEAR)


def _framed(band: list[Rectangle], frames: list[Rectangle]) -> Rectangle | None:
    """The drawn frame that a band lies in."""
    x, y = (band[0][0] + band[-1][2]) / 2, (band[0][1] + band[0][3]) / 2
    inside = (frame for frame in frames if frame[0] < x < frame[2] and frame[1] < y < frame[3])
    return next(inside, None)


def _sides(bands: list[list[Rectangle]], rules: list[Segment]) -> list[tuple[list[Segment], list[Segment]]]:
    """Left and right sides of tables whose every other row is coloured: they hold the rows between together."""
    done: list[tuple[list[Segment], list[Segment]]] = []
    chain: list[list[Rectangle]] = []
    for band in [*sorted(bands, key=lambda item: item[0][1]), []]:
        if chain and (not band or not _alike(chain[-1], band) or band[0][1] - chain[-1][0][3] > _TALLEST):
            left, right = chain[0][0][0], chain[0][-1][2]
            ends = [rule.at for rule in rules if abs(rule.start - left) < 6 and abs(rule.end - right) < 6]
            top, bottom = chain[0][0][1], chain[-1][0][3]
            limit = band[0][1] if band else bottom + _TALLEST
            top = min((y for y in ends if top - 60 < y < top), default=top)
            bottom = max((y for y in ends if bottom < y < min(limit, bottom + _TALLEST)), default=bottom)
            if any(len(row) > 1 for row in chain):
                done.append(([], [Segment(left, top, bottom), Segment(right, top, bottom)]))
            chain = []
        chain.append(band)
    return done


def _alike(one: list[Rectangle], other: list[Rectangle]) -> bool:
    """Whether two coloured rows have the same columns, or one is a single cell over all of them."""
    if abs(one[0][0] - other[0][0]) > _NEAR or abs(one[-1][2] - other[-1][2]) > _NEAR:
        return False
    if len(one) != len(other):
        return min(len(one), len(other)) == 1
    return all(abs(a[2] - b[2]) <= _NEAR for a, b in zip(one, other, strict=True))


def _extent(horizontal: list[Segment], vertical: list[Segment]) -> Rectangle:
    return (
        min(line.start for line in horizontal),
        min(line.start for line in vertical),
        max(line.end for line in horizontal),
        max(line.end for line in vertical),
    )


def _edges(band: list[Rectangle]) -> tuple[list[Segment], list[Segment]]:
    left, top, right, bottom = band[0][0], band[0][1], band[-1][2], band[0][3]
    wide = [Segment(top, left, right), Segment(bottom, left, right)]
    high = [Segment(x, top, bottom) for x in (left, *(fill[2] for fill in band))]
    return wide, high


def _connected(horizontal: list[Segment], vertical: list[Segment]) -> list[tuple[list[Segment], list[Segment]]]:
    """Groups of lines that cross or touch one another."""
    if len(horizontal) > 3 * MOST_EDGES or len(vertical) > 3 * MOST_EDGES:
        return []
    parent = list(range(len(horizontal) + len(vertical)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, across in enumerate(horizontal):
        for j, down in enumerate(vertical, start=len(horizontal)):
            if (
                across.start - _NEAR <= down.at <= across.end + _NEAR
                and down.start - _NEAR <= across.at <= down.end + _NEAR
            ):
                parent[root(i)] = root(j)
    groups: dict[int, tuple[list[Segment], list[Segment]]] = {}
    for index in range(len(parent)):
        group = groups.setdefault(root(index), ([], []))
        if index < len(horizontal):
            group[0].append(horizontal[index])
        else:
            group[1].append(vertical[index - len(horizontal)])
    return list(groups.values())


def _table(horizontal: list[Segment], vertical: list[Segment]) -> Lattice | None:
    if len(horizontal) < 2 or not vertical:
        return None
    left, right = min(line.start for line in horizontal), max(line.end for line in horizontal)
    top, bottom = min(line.start for line in vertical), max(line.end for line in vertical)
    xs = _positions([line.at for line in vertical] + [left, right])
    ys = _positions([line.at for line in horizontal] + [top, bottom])
    if len(xs) < 2 or len(ys) < 2 or max(len(xs), len(ys)) > MOST_EDGES:
        return None
    table = Lattice(xs, ys)
    _divide(table, horizontal, vertical)
    return table if len(table.boxes) > 1 else None


def _positions(values: list[float]) -> list[float]:
    """Distinct edges: values within reach of one another are one, at their mean."""
    done: list[list[float]] = []
    for value in sorted(values):
        if done and value - done[-1][-1] <= _NEAR and value - done[-1][0] <= 2 * _NEAR:
            done[-1].append(value)
        else:
            done.append([value])
    return [sum(group) / len(group) for group in done]


def _divide(table: Lattice, horizontal: list[Segment], vertical: list[Segment]) -> None:
    """Give a table its cells: stretches of the grid that no line parts."""
    rows, columns = len(table.ys) - 1, len(table.xs) - 1
    below = _walls(table.ys, table.xs, horizontal)
    beside = _walls(table.xs, table.ys, vertical)
    owner = [[-1] * columns for _ in range(rows)]
    boxes = table.boxes
    for row in range(rows):
        for column in range(columns):
            if owner[row][column] >= 0:
                continue
            column_end = column + 1
            while column_end < columns and owner[row][column_end] < 0 and not beside[column_end][row]:
                column_end += 1
            row_end = row + 1
            while (
                row_end < rows
                and not any(below[row_end][column:column_end])
                and not any(beside[inner][row_end] for inner in range(column + 1, column_end))
            ):
                row_end += 1
            for taken in range(row, row_end):
                owner[taken][column:column_end] = [len(boxes)] * (column_end - column)
            boxes.append(
                Box(
                    table.xs[column],
                    table.ys[row],
                    table.xs[column_end],
                    table.ys[row_end],
                    row,
                    column,
                    row_end,
                    column_end,
                )
            )
    table.owners = owner


def _walls(lines_at: list[float], across: list[float], segments: list[Segment]) -> list[list[bool]]:
    """walls[i][k]: whether a line stands at `lines_at[i]` along the stretch `across[k]`…`across[k + 1]`."""
    covered = [[0.0] * (len(across) - 1) for _ in lines_at]
    for segment in segments:
        edge = min(range(len(lines_at)), key=lambda index: abs(lines_at[index] - segment.at))
        first = max(bisect_right(across, segment.start) - 1, 0)
        for stretch in range(first, len(across) - 1):
            shared = min(segment.end, across[stretch + 1]) - max(segment.start, across[stretch])
            if shared > 0:
                covered[edge][stretch] += shared / (across[stretch + 1] - across[stretch])
            elif across[stretch] > segment.end:
                break
    return [[share >= _COVERED for share in row] for row in covered]
