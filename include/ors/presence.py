"""Who works where: the matrix of places and organisations, and a tile for every admin1."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ors import codes
from ors.snapshot import Snapshot

_RANK = {"ongoing": 2, "planned": 1, "completed": 0}
# row and column of a tile: Mali's regions roughly as they lie (no boundaries of a free licence ship)
_TILES = {
    "ML08": (0, 4),
    "ML06": (0, 3),
    "ML07": (1, 4),
    "ML10": (1, 5),
    "ML05": (1, 3),
    "ML04": (1, 2),
    "ML02": (1, 1),
    "ML01": (1, 0),
    "ML09": (2, 1),
    "ML03": (2, 2),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """What an organisation does in a place: activities, and the most current status among them."""

    activities: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Tile:
    code: str
    name: str
    row: int
    column: int
    organisations: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows are admin1 places, columns organisations. `loaded`: a 5W stands behind it, so that an empty cell says
    "nobody reported work there"; without one it only says "not mentioned in the minutes"."""

    places: tuple[tuple[str, str], ...]
    organisations: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    loaded: bool
    tiles: tuple[Tile, ...] = ()
    provisional: int = 0  # rows that nobody approved yet


def matrix(snapshot: Snapshot, status: str = "") -> Matrix:
    """All presence, or of one status."""
    return snapshot.derive(("matrix", status), lambda: _matrix(snapshot, status))


def _matrix(snapshot: Snapshot, status: str) -> Matrix:
    found: dict[tuple[str, str], dict[str, str]] = {}
    loaded, provisional = False, 0
    for row in snapshot.shown("presence"):
        loaded = loaded or row.origin == "import"
        fields = row.fields
        if status and fields["status"] != status:
            continue
        provisional += row.provisional
        place = fields.get("admin1_pcode") or ""
        cell = found.setdefault((place, fields["organisation"]), {})
        best = max(cell.get(fields["activity"], "completed"), fields["status"], key=_RANK.__getitem__)
        cell[fields["activity"]] = best
    count: Counter[str] = Counter(organisation for _, organisation in found)
    here = Counter(place for place, _ in found)
    known = dict(codes.admin1()) if snapshot.settings.get("country", "MLI") == "MLI" else {}
    places = known | {p: codes.place_name(p) for p in here if p}
    listed = sorted(places.items())
    if "" in here:
        listed.append(("", ""))
    cells = {key: Cell(tuple(sorted(cell)), max(cell.values(), key=_RANK.__getitem__)) for key, cell in found.items()}
    organisations = tuple(sorted(count, key=lambda name: (-count[name], name)))
    return Matrix(tuple(listed), organisations, cells, loaded, _tiles(places, here), provisional)


def _tiles(places: dict[str, str], here: Counter[str]) -> tuple[Tile, ...]:
    found = []
    for number, (code, name) in enumerate(sorted(places.items())):
        row, column = _TILES.get(code, (number // 6, number % 6))
        found.append(Tile(code, name, row, column, here[code]))
    return tuple(found)
