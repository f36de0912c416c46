"""Who may do what: the one table of routes and roles. A route that is not in it answers nobody.

`python -m ors routes` prints it for the README; the tests try every cell.
"""

from __future__ import annotations

ROLES = ("reporter", "member", "lead", "admin")
_ALL = frozenset(ROLES)
_WORK = frozenset({"reporter", "lead", "admin"})
_JUDGE = frozenset({"lead"})
_ADMIN = frozenset({"admin"})

# method and path → roles; `None`: open to anybody
ACCESS: dict[str, frozenset[str] | None] = {
    "GET /healthz": None,
    "GET /openapi.json": _ALL,
    "GET /api/v1/public/aggregates": None,  # 404 unless the cluster's settings open it
    "POST /api/v1/update": frozenset({"reporter"}),
    "POST /api/v1/nights": frozenset({"reporter"}),
    "GET /api/v1/nights": _ALL,
    "GET /api/v1/meetings": _ALL,
    "GET /api/v1/actions": _ALL,
    "GET /api/v1/indicators": _ALL,
    "GET /api/v1/key_figures": _ALL,
    "GET /api/v1/presence": _ALL,
    "GET /api/v1/aggregates": _ALL,
    "GET /api/v1/coordination": _ALL,
    "GET /api/v1/reporting": _ALL,
    "GET /api/v1/periods": _ALL,
    "PUT /api/v1/periods/{month}": _JUDGE,
    "POST /api/v1/decisions": _JUDGE,
    "GET /api/v1/history": frozenset({"lead", "admin"}),
    "POST /api/v1/imports": _WORK,
    "POST /api/v1/redactions": _WORK,
    "GET /api/v1/redactions": frozenset({"lead", "admin"}),
    "GET /api/v1/settings": _ALL,
    "PUT /api/v1/settings": _ADMIN,
    "GET /api/v1/tokens": _ADMIN,
    "POST /api/v1/tokens": _ADMIN,
    "DELETE /api/v1/tokens/{token_id}": _ADMIN,
    "GET /DataFeeds/{feed}": _ALL,
    "GET /datafeeds/{feed}": _ALL,
    "GET /calendar.ics": _ALL,
    "GET /login": None,
    "POST /login": None,
    "POST /logout": _ALL,
    "GET /": _ALL,
    "GET /actions": _ALL,
    "GET /actions/{record_id:path}": _ALL,
    "GET /indicators": _ALL,
    "GET /presence": _ALL,
    "GET /coordination": _ALL,
    "GET /reporting": _ALL,
    "GET /calendar": _ALL,
    "GET /lead": _JUDGE,
    "POST /lead/decide": _JUDGE,
    "POST /lead/period": _JUDGE,
    "POST /lead/import": _JUDGE,
}
# old clients and calendar programs cannot send a header: here, and only here, a token may stand in the address
TOKEN_IN_ADDRESS = frozenset({"GET /DataFeeds/{feed}", "GET /datafeeds/{feed}", "GET /calendar.ics"})
# pages answer a missing token with the login page, not with a problem object
PAGES = frozenset(
    route
    for route in ACCESS
    if not route.split(" ", 1)[1].startswith(("/api/", "/healthz", "/openapi", "/Data", "/data", "/calendar.ics"))
)


def markdown() -> str:
    """The table, for the README."""
    lines = ["| route | no token | " + " | ".join(ROLES) + " |", "|---|---|" + "---|" * len(ROLES)]
    for route, allowed in ACCESS.items():
        nobody = "yes" if allowed is None else "→ login" if route in PAGES else "401"
        cells = ["yes" if allowed is None or role in allowed else "403" for role in ROLES]
        lines.append(f"| `{route}` | {nobody} | " + " | ".join(cells) + " |")
    return "\n".join(lines)
