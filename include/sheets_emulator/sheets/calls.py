"""One call to the Sheets API as the methods see it: path, checked query, body, caller."""

from dataclasses import dataclass, field
from typing import Any

from ..discovery import document, sheets_unknown
from ..errors import ApiError, forbidden, invalid, not_found
from ..masks import Tree, answer_tree
from ..model import Spreadsheet
from ..protection import Guard
from ..workspace import ROLES, Workspace
from .values import Rendering

Json = dict[str, Any]
COMMON = {"fields", "alt", "key", "prettyPrint", "quotaUser", "access_token", "oauth_token", "callback", "$.xgafv",
          "uploadType", "upload_protocol"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """A request to the API; `segments` are the decoded parts of the path after `/v4/spreadsheets`."""

    workspace: Workspace
    method: str
    segments: tuple[str, ...]
    query: dict[str, list[str]]
    body: Any
    person: str
    spec: Json = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The spreadsheet's id."""
        return self.segments[0]

    def check_query(self) -> None:
        """Unknown or ill-valued query parameters are a 400."""
        known = self.spec.get("parameters", {})
        for name, values in self.query.items():
            if name in COMMON:
                continue
            spec = known.get(name)
            if spec is None or spec.get("location") != "query":
                text = (
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                    f"Field '{name}' could not be found in request message."
                )
                raise ApiError(400, text, violations=[("", text)])
            if "enum" in spec and any(value not in spec["enum"] for value in values):
                kind = f"type.googleapis.com/google.apps.sheets.v4.{name[:1].upper()}{name[1:]}"
                text = f"Invalid value at '{name}' ({kind}), \"{values[0]}\""
                raise ApiError(400, text, violations=[(name, text)])
            if spec.get("type") == "boolean" and any(value.lower() not in ("true", "false") for value in values):
                text = f"Invalid value at '{name}' (TYPE_BOOL), \"{values[0]}\""
                raise ApiError(400, text, violations=[(name, text)])

    def one(self, name: str, default: str = "") -> str:
        """The last value of a query parameter."""
        return self.query.get(name, [default])[-1]

    def flag(self, name: str) -> bool:
        """A boolean query parameter."""
        return self.one(name).lower() == "true"

    def tree(self, schema: str) -> Tree | None:
        """The checked `fields` mask, None without one."""
        text = self.one("fields")
        if not text or text == "*":
            return None
        return answer_tree(text, schema, sheets_unknown)

    def rendering(self, prefix: str = "") -> Rendering:
        """Render options of the query (`prefix` "response" for writes)."""
        names = ("valueRenderOption", "dateTimeRenderOption")
        if prefix:
            names = tuple(prefix + name[:1].upper() + name[1:] for name in names)  # type: ignore[assignment]
        value, moment = self.one(names[0]), self.one(names[1])
        return rendering(value, moment, self.one("majorDimension"))

    def readable(self) -> Spreadsheet:
        """The spreadsheet, when the caller may read it. Raises ApiError 404 or 403."""
        return self._book(ROLES["reader"])

    def check_writable(self) -> None:
        """Raises ApiError 404 or 403 when the caller may not write to it."""
        self._book(ROLES["writer"])

    def _book(self, least: int) -> Spreadsheet:
        book = self.workspace.book(self.key)
        if book is None:
            if self.key in self.workspace.files:
                raise invalid("This operation is not supported for this document")
            raise not_found()
        if self.workspace.role(self.workspace.files[self.key], self.person) < least:
            raise forbidden()
        return book

    def guard(self, book: Spreadsheet) -> Guard:
        """What the caller may change in this copy of the spreadsheet."""
        role = self.workspace.role(self.workspace.files[self.key], self.person)
        return Guard(book, self.person, role >= ROLES["organizer"])


def rendering(value: str | None, moment: str | None, dimension: str | None) -> Rendering:
    """A Rendering with the API's defaults for what is not stated."""
    return Rendering(
        value if value and value != "VALUE_RENDER_OPTION_UNSPECIFIED" else "FORMATTED_VALUE",
        moment if moment and "UNSPECIFIED" not in moment else "SERIAL_NUMBER",
        dimension if dimension and "UNSPECIFIED" not in dimension else "ROWS",
    )


def method_specs() -> dict[str, Json]:
    """The methods of the discovery document by id ("spreadsheets.values.get")."""
    found: dict[str, Json] = {}

    def walk(resources: Json, before: str) -> None:
        for name, resource in resources.items():
            for method, spec in resource.get("methods", {}).items():
                found[f"{before}{name}.{method}"] = spec
            walk(resource.get("resources", {}), f"{before}{name}.")

    walk(document("sheets.v4")["resources"], "")
    return found
