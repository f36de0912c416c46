"""Who is meant: organisations by acronym, roles and groups of the cluster, people (who stay internal).

Known → acronym; a person → the organisation of the attendance list; anything else → an issue, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rapidfuzz import fuzz, process

from suivi.models import Attendee
from suivi.reference import load_csv
from suivi.settings import Cluster
from suivi.sharing.gazetteer import gazetteer
from suivi.sharing.persons import persons
from suivi.sharing.wording import fold

_ARTICLES = re.compile(r"^(?:(?:le|la|les|l|du|de|des|d|the|tout|tous|toutes|all|ong|ngo)\s+)+")
_FUNCTION = re.compile(
    r"\b(?:point focal|points focaux|focal points?|representante?s?|equipe|bureau|section|unite|team|office|staff|"
    r"coordination|coordo|charge|service)s?(?:\s+(?:de|du|des|of|the|la|le|l|d))*\b"
)
_SEPARATORS = re.compile(
    r"\s*[/;,+&|\n]\s*|\s+(?:et|and|ou|or|avec|with)\s+|\s+[-–—]\s+|(?<=[A-Z])\s*-\s+|\s+-\s*(?=[A-Z])"
)
_SUGGEST_FROM = 90.0
_LONG = 20  # characters from which a misspelt name is unlikely to be another one

Kind = Literal["organisation", "role", "group", "person", "unknown"]


@dataclass(frozen=True, slots=True)
class Party:
    """Who a piece of text means; `name` is what members may read ("" for a person of no known organisation).

    `behind`: the organisation that holds a role.
    """

    written: str
    kind: Kind
    name: str
    suggestion: str = ""
    behind: str = ""


class Names:
    """The names that one cluster knows: reference list, YAML, and what corrections taught (`learnt`)."""

    def __init__(self, cluster: Cluster, learnt: Mapping[str, str] | None = None) -> None:
        self._parties: dict[str, tuple[Kind, str]] = {}
        self.details = {row["acronym"]: row for row in load_csv("organisations.csv")}
        for name, acronym in _listed().items():
            self._parties[name] = ("organisation", acronym)
        self._add_bodies(cluster)
        for group in cluster.groups:
            for name in (group["fr"], group["en"], *group.get("aliases", ())):
                self._parties[fold(name)] = ("group", group["fr" if cluster.language == "fr" else "en"])
        self._holders = {role: str(known.get("organisation") or "") for role, known in cluster.roles.items()}
        for role, known in cluster.roles.items():
            for name in (role, known["fr"], known["en"], *known.get("aliases", ())):
                self._parties[fold(name)] = ("role", role)
        for written, acronym in {**cluster.aliases, **(learnt or {})}.items():
            self._parties[fold(written)] = self._parties.get(fold(acronym), ("organisation", acronym))
        self._read: dict[str, list[Party]] = {}
        self._long = {name: name for name in self._parties if len(name) >= 4}

    def _add_bodies(self, cluster: Cluster) -> None:
        own = cluster.language if cluster.language in ("fr", "en") else "fr"
        for row in load_csv("clusters.csv"):
            kinds = ("cluster", "sous cluster", "sub cluster") if row["kind"] == "aor" else ("cluster",)
            for name in filter(None, (row["code"], row["fr"], row["en"], *row["aliases"].split("|"))):
                for kind in kinds:
                    self._parties[f"{kind} {fold(name)}"] = ("group", f"Cluster {row[own]}")
                    self._parties[f"{fold(name)} {kind}"] = ("group", f"Cluster {row[own]}")
        for row in load_csv("owner_groups.csv"):
            for name in filter(None, (row["fr"], row["en"], *row["aliases"].split("|"))):
                self._parties[fold(name)] = ("group", row[own])
        for body in cluster.bodies:
            for name in (body.fr, body.en, *body.aliases):
                self._parties[fold(name)] = ("group", getattr(body, own))

    def party(self, written: str, attendees: Iterable[Attendee] = ()) -> Party:
        """Who one name means."""
        for form in _forms(written):
            if known := self._parties.get(form):
                return Party(written, *known, behind=self._holders.get(known[1], "") if known[0] == "role" else "")
        if person := self._person(written, attendees):
            return person
        folded = _bare(fold(written))
        if not folded:
            return Party(written, "unknown", "")
        return self._near(written, folded)

    def parties(self, written: str, attendees: Iterable[Attendee] = ()) -> list[Party]:
        """Everybody a cell means: known as a whole, else split where every piece is known, else as one."""
        if attendees:
            return self._split(written, attendees)
        if written not in self._read:
            self._read[written] = self._split(written, ())
        return self._read[written]

    def _split(self, written: str, attendees: Iterable[Attendee]) -> list[Party]:
        whole = self.party(written, attendees)
        if whole.kind != "unknown":
            return [whole]
        outside = re.sub(r"\([^()]*\)", " ", written)
        pieces = [piece for piece in _SEPARATORS.split(outside) if piece and piece.strip()]
        found = [self.party(piece.strip(), attendees) for piece in pieces]
        if len(found) > 1 and any(party.kind != "unknown" for party in found):
            return found
        tight = [self.party(piece) for piece in outside.strip().split("-")]  # "OCHA-CCP", but "ABA-ROLI" is one
        return tight if len(tight) > 1 and all(party.kind != "unknown" for party in tight) else [whole]

    def organisation(self, written: str) -> str | None:
        """The acronym of an organisation, or None."""
        found = self.party(written)
        return found.name if found.kind == "organisation" else None

    def _person(self, written: str, attendees: Iterable[Attendee]) -> Party | None:
        folded = fold(written)
        meant = [attendee for attendee in attendees if folded and _is(folded, attendee.name)]
        if meant:
            found = [self.party(each.organisation) if each.organisation else None for each in meant]
            names = {known.name if known and known.kind == "organisation" else "" for known in found}
            # Initials of two people of different organisations: a person, but nobody knows whose.
            return Party(written, "person", names.pop() if len(names) == 1 else "")
        bracket = re.search(r"\(([^()]+)\)|,\s*([^,()]+)$", written)
        if persons(written):
            inside = self._parties.get(fold(bracket[1] or bracket[2])) if bracket else None
            return Party(written, "person", inside[1] if inside else "")
        return None

    def _near(self, written: str, folded: str) -> Party:
        found = process.extractOne(folded, self._long, scorer=fuzz.ratio, score_cutoff=_SUGGEST_FROM)
        if not found:
            return Party(written, "unknown", "")
        kind, name = self._parties[found[0]]
        if len(folded) >= _LONG:
            return Party(written, kind, name)
        return Party(written, "unknown", "", suggestion=name)


@cache
def _listed() -> dict[str, str]:
    """Folded name → acronym, of all organisations; a plain acronym is stronger than somebody's alias."""
    names: dict[str, str] = {}
    rows = load_csv("organisations.csv")
    for row in rows:
        for name in filter(None, (row["name"], row["name_en"], *row["aliases"].split("|"))):
            names.setdefault(fold(name), row["acronym"])
    return names | {fold(row["acronym"]): row["acronym"] for row in rows}


def _forms(written: str) -> Iterable[str]:
    """The ways to read a name, most literal first: as it stands, without sub-units, articles, functions, towns."""
    folded = fold(written)
    yield folded
    yield _bare(folded)
    outside = _bare(fold(re.sub(r"\([^()]*\)?", " ", written)))
    yield outside
    without = _bare(" ".join(_FUNCTION.sub(" ", outside).split()))
    yield without
    yield _without_place(outside)
    yield _without_place(without)
    inside = re.search(r"\(([A-Z][A-Za-z-]{1,11})\)", written)  # "Norwegian Refugee Council (NRC)"
    if inside:
        yield fold(inside[1])


def _bare(folded: str) -> str:
    return _ARTICLES.sub("", folded)


def _without_place(folded: str) -> str:
    words = folded.split()
    while len(words) > 1 and gazetteer().by_name.get(words[-1]):
        words.pop()
    return " ".join(words)


def _is(folded: str, name: str) -> bool:
    """Whether a piece of text is this person: full name, either part, or initials ("AS" for "Awa Sall")."""
    words = fold(name).split()
    if folded in (" ".join(words), " ".join(reversed(words))):
        return True
    if len(words) < 2:
        return False
    bare = re.sub(r"^(?:mme|mr|mrs|ms|m|dr|mlle) ", "", folded)
    parts = bare.split()
    if bare in words or sorted(parts) == sorted(words):
        return len(bare) > 2
    if len(parts) == len(words) and max(map(len, parts)) > 2:  # "T. Fané"
        return all(any(word == part or (len(part) == 1 and word[0] == part) for word in words) for part in parts)
    initials = "".join(word[0] for word in words)
    short = (initials, initials[0] + initials[-1])
    return bare.replace(" ", "") in short or folded.replace(" ", "") in short  # the M of "M. K." is no Monsieur
