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
    """Rows are places, columns organisations. `loaded`: a 5W stands behind it, so that an empty cell says
    "nobody reported work there"; without one it only says "not mentioned in the minutes"."""

    places: tuple[tuple[str, str], ...]
    organisations: tuple[str, ...]
    cells: dict[tuple[str, str], Cell]
    loaded: bool
    tiles: tuple[Tile, ...] = ()
    provisional: int = 0  # rows that nobody approved yet


def matrix(snapshot: Snapshot, status: str = "", level: int = 1) -> Matrix:
    """All presence, or of one status; rows are admin1 places, or (level 2) the admin2 places that are mentioned."""
    return snapshot.derive(("matrix", status, level), lambda: _matrix(snapshot, status, level))


def _matrix(snapshot: Snapshot, status: str, level: int) -> Matrix:
    regions: set[tuple[str, str]] = set()
    found: dict[tuple[str, str], dict[str, str]] = {}
    loaded, provisional = False, 0
    for row in snapshot.shown("presence"):
        loaded = loaded or row.origin == "import"
        fields = row.fields
        if status and fields["status"] != status:
            continue
        provisional += row.provisional
        region = fields.get("admin1_pcode") or ""
        regions.add((region, fields["organisation"]))
        place = (fields.get("admin2_pcode") if level == 2 else None) or region
        cell = found.setdefault((place, fields["organisation"]), {})
        best = max(cell.get(fields["activity"], "completed"), fields["status"], key=_RANK.__getitem__)
        cell[fields["activity"]] = best
    count: Counter[str] = Counter(organisation for _, organisation in found)
    here = Counter(region for region, _ in regions)
    known = dict(codes.admin1()) if snapshot.settings.get("country", "MLI") == "MLI" else {}
    places = known | {p: codes.place_name(p) for p in here if p}
    mentioned = {place for place, _ in found}
    listed = [(p, _long_name(p)) for p in sorted(mentioned - {""})] if level == 2 else sorted(places.items())
    if "" in mentioned:
        listed.append(("", ""))
    cells = {key: Cell(tuple(sorted(cell)), max(cell.values(), key=_RANK.__getitem__)) for key, cell in found.items()}
    organisations = tuple(sorted(count, key=lambda name: (-count[name], name)))
    return Matrix(tuple(listed), organisations, cells, loaded, _tiles(places, here), provisional)


def _long_name(code: str) -> str:
    """Mopti, or Mopti › Koro for a place below it."""
    _, rank, parent = codes.places().get(code, ("", 1, ""))
    return f"{codes.place_name(parent)} › {codes.place_name(code)}" if rank == 2 else codes.place_name(code)


def _tiles(places: dict[str, str], here: Counter[str]) -> tuple[Tile, ...]:
    found = []
    for number, (code, name) in enumerate(sorted(places.items())):
        row, column = _TILES.get(code, (number // 6, number % 6))
        found.append(Tile(code, name, row, column, here[code]))
    return tuple(found)
