"""`python -m sheets_emulator.conformance TARBALL [--show N]`: replays exchanges recorded with Google.

TARBALL holds VCR cassettes (JSON), as gspread's test suite records them. Every cassette starts from
an empty emulator; its exchanges are sent in order over a socket, ids that Google gave replaced by
the ids that the emulator gave. An exchange counts as equal in status, and as equal in body when both
bodies are the same JSON (or text) after ids (the account's address is one) and timestamps are masked.

One thing a recording does not hold: what existed before it. A spreadsheet that answered 403 is made
beforehand, belonging to somebody else; spreadsheets that a recorded listing shows and that were not
made in the recording are made beforehand, empty, under their names.
"""

import argparse
import json
import re
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import requests

from .control import seed
from .serving import Running

Json = dict[str, Any]
ID_KEYS = {"id", "spreadsheetId", "sheetId", "namedRangeId", "protectedRangeId", "destinationSpreadsheetId", "etag"}
LONG_ID = re.compile(r"[-\w]{30,}")
MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
SEGMENT_NAMES = {"values": "RANGE", "sheets": "SHEET", "permissions": "PERMISSION"}


@dataclass
class Row:
    """Counts for one method and path."""

    exchanges: int = 0
    status_equal: int = 0
    body_equal: int = 0
    differences: list[str] = field(default_factory=list)


def cassettes(tarball: Path) -> Iterator[tuple[str, list[Json]]]:
    """(name, interactions) of every cassette, in name order."""
    with tarfile.open(tarball) as archive:
        for member in sorted(archive.getmembers(), key=lambda item: item.name):
            handle = archive.extractfile(member) if member.isfile() and member.name.endswith(".json") else None
            if handle:
                yield Path(member.name).stem, json.load(handle)["interactions"]


def text_of(body: Any) -> str:
    """A recorded body as text."""
    body = body.get("string", "") if isinstance(body, dict) else body
    return body.decode() if isinstance(body, bytes) else body or ""


class Replay:
    """One emulator that cassettes are played to."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.session = requests.Session()
        self.ids: dict[str, str] = {}
        self.rows: dict[str, Row] = {}

    def play(self, name: str, interactions: list[Json]) -> None:
        """All exchanges of a cassette, from an empty state."""
        workspace = self.running.emulator.workspace
        for key in list(workspace.files):
            if key in workspace.files:
                workspace.remove_file(key)
        self.ids = {}
        made = {answer["id"] for answer in map(creation, interactions) if answer}
        for number, interaction in enumerate(interactions):
            self._make_existing(interaction, made)
            self.exchange(f"{name}[{number}]", interaction["request"], interaction["response"])

    def _make_existing(self, interaction: Json, made: set[str]) -> None:
        """What the recording found already there at this point."""
        uri, response = interaction["request"]["uri"], interaction["response"]
        workspace = self.running.emulator.workspace
        if response["status"]["code"] == 403 and (match := LONG_ID.search(uri)):
            seed(workspace, {"id": match.group(0), "role": "none"})
        if interaction["request"]["method"] == "GET" and "/drive/v3/files?" in uri:
            for entry in parsed(text_of(response["body"])).get("files", []):
                if entry["id"] not in made and entry["id"] not in workspace.files:
                    seed(workspace, {"id": entry["id"], "title": entry["name"], "role": "owner"})
                    record = workspace.files[entry["id"]]
                    workspace.change_file(record, {"createdTime": entry.get("createdTime", record["createdTime"])})

    def exchange(self, name: str, request: Json, recorded: Json) -> None:
        """One exchange sent and compared."""
        url = re.sub(r"^https://[^/]+", self.running.url, request["uri"])
        body = text_of(request["body"])
        answer = self.session.request(
            request["method"],
            self._swap(url),
            data=self._swap_body(body).encode() or None,
            headers={"Content-Type": (request["headers"].get("Content-Type") or ["application/json"])[0]},
            timeout=30,
        )
        row = self.rows.setdefault(template(request["method"], request["uri"]), Row())
        row.exchanges += 1
        wanted = text_of(recorded["body"])
        same_status = answer.status_code == recorded["status"]["code"]
        theirs, ours = parsed(wanted), parsed(answer.text)
        self._learn(theirs, ours)
        same_body = masked(theirs) == masked(ours)
        row.status_equal += same_status
        row.body_equal += same_body
        if not (same_status and same_body):
            row.differences.append(
                f"{name} {request['method']} {unquote(request['uri'])[:200]} {body[:300]}\n"
                f"    status {recorded['status']['code']} {answer.status_code}\n    "
                + "\n    ".join(differing(masked(theirs), masked(ours)))
            )

    def _swap(self, text: str) -> str:
        return LONG_ID.sub(lambda match: self.ids.get(match.group(0), match.group(0)), text)

    def _swap_body(self, text: str) -> str:
        value = parsed(text)
        return json.dumps(self._swapped(value)) if isinstance(value, (dict, list)) else text

    def _swapped(self, value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: self._swapped(item, name) for name, item in value.items()}
        if isinstance(value, list):
            return [self._swapped(item, key) for item in value]
        if key in ID_KEYS and str(value) in self.ids:
            new = self.ids[str(value)]
            return int(new) if isinstance(value, int) else new
        return value

    def _learn(self, theirs: Any, ours: Any) -> None:
        """Which id of ours stands for which of Google's."""
        if isinstance(theirs, dict) and isinstance(ours, dict):
            for name, value in theirs.items():
                if name in ID_KEYS and name in ours and isinstance(value, (str, int)):
                    self.ids[str(value)] = str(ours[name])
                else:
                    self._learn(value, ours.get(name))
        elif isinstance(theirs, list) and isinstance(ours, list):
            for first, second in zip(theirs, ours, strict=False):
                self._learn(first, second)


def parsed(text: str) -> Any:
    """The JSON of a body, or the text when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def masked(value: Any, key: str = "") -> Any:
    """A body without what differs from run to run."""
    if isinstance(value, dict):
        return {name: masked(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [masked(item, key) for item in value]
    if key in ID_KEYS and value:
        return "ID"
    if isinstance(value, str) and value.endswith(".iam.gserviceaccount.com"):
        return "ACCOUNT"
    if isinstance(value, str):
        return "TIME" if MOMENT.match(value) else LONG_ID.sub("ID", value) if "/" in value else value
    return value


def differing(theirs: Any, ours: Any, path: str = "") -> list[str]:
    """Where two masked bodies differ: `path: Google's ≠ the emulator's`."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        names = sorted(theirs.keys() | ours.keys())
        return [line for name in names for line in differing(theirs.get(name), ours.get(name), f"{path}.{name}")]
    if isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        pairs = enumerate(zip(theirs, ours, strict=True))
        return [line for number, pair in pairs for line in differing(*pair, f"{path}[{number}]")]
    return [] if theirs == ours else [f"{path}: {str(theirs)[:200]} ≠ {str(ours)[:200]}"]


def creation(interaction: Json) -> Json | None:
    """The answer of an exchange that made a file, else None."""
    request = interaction["request"]
    if request["method"] != "POST" or not re.search(r"/drive/v3/files(\?|$|/[^/]+/copy)", request["uri"]):
        return None
    answer = parsed(text_of(interaction["response"]["body"]))
    return answer if isinstance(answer, dict) and "id" in answer else None


def template(method: str, uri: str) -> str:
    """`GET /v4/spreadsheets/ID/values/RANGE` of a recorded URL."""
    path = re.sub(r"^https://[^/]+", "", uri).partition("?")[0]
    parts, before = [], ""
    for part in path.split("/"):
        name, colon, verb = part.partition(":") if "%" not in part.rpartition(":")[2] else (part, "", "")
        if before in SEGMENT_NAMES:
            name = SEGMENT_NAMES[before]
        elif before in ("spreadsheets", "files") and name:
            name = "ID"
        parts.append(name + colon + verb)
        before = part
    return f"{method} {'/'.join(parts)}"


def table(rows: dict[str, Row]) -> str:
    """The counts as text, a total at the end."""
    total = Counter[str]()
    lines = [f"{'exchanges':>9} {'status =':>9} {'body =':>9}  method and path"]
    for name, row in sorted(rows.items(), key=lambda item: -item[1].exchanges):
        lines.append(f"{row.exchanges:9} {row.status_equal:9} {row.body_equal:9}  {name}")
        total.update(exchanges=row.exchanges, status=row.status_equal, body=row.body_equal)
    count = total["exchanges"] or 1
    lines.append(f"{total['exchanges']:9} {total['status']:9} {total['body']:9}  all")
    lines.append(f"{'':9} {total['status'] / count:9.2%} {total['body'] / count:9.2%}")
    return "\n".join(lines)


def run(tarball: Path) -> dict[str, Row]:
    """All cassettes of a tarball replayed; counts by method and path."""
    with tempfile.TemporaryDirectory() as folder, Running(Path(folder)) as running:
        replay = Replay(running)
        for name, interactions in cassettes(tarball):
            replay.play(name, interactions)
        return replay.rows


def main(arguments: list[str] | None = None) -> int:
    """Replay and print."""
    parser = argparse.ArgumentParser(prog="python -m sheets_emulator.conformance", description=__doc__)
    parser.add_argument("tarball", type=Path)
    parser.add_argument("--show", type=int, default=0, help="print this many differences a method")
    options = parser.parse_args(arguments)
    if not options.tarball.is_file():
        print(f"No such file: {options.tarball}", file=sys.stderr)
        return 2
    rows = run(options.tarball)
    for row in rows.values():
        for difference in row.differences[: options.show]:
            print(difference)
    print(table(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
