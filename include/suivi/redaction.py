"""What redaction leaves behind: digests of passages that were taken back, so that their wording need not be kept, and
the list of what it cannot reach."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import replace

from suivi.models import Minutes


def digest(quote: str) -> str:
    """Digest of a passage, spaces folded."""
    return hashlib.sha256(" ".join(quote.split()).encode()).hexdigest()


def without(minutes: Minutes, digests: Collection[str]) -> Minutes:
    """The minutes without the records that were taken from these passages."""
    if not digests:
        return minutes
    return replace(
        minutes,
        actions=tuple(a for a in minutes.actions if digest(a.found.source.quote) not in digests),
        figures=tuple(f for f in minutes.figures if digest(f.found.source.quote) not in digests),
        presence=tuple(p for p in minutes.presence if digest(p.found.source.quote) not in digests),
        events=tuple(e for e in minutes.events if digest(e.found.source.quote) not in digests),
        more=tuple(without(other, digests) for other in minutes.more),
    )


def out_of_reach(language: str, elsewhere: Collection[str] = ()) -> list[str]:
    """What no redaction of ours takes back, for people to see to."""
    where = ", ".join(sorted(elsewhere))
    french = [
        "l'historique des versions de Google Sheets",
        "le fichier sur son drive : corrigez-le ou retirez-le (pour une ligne : le document d'où elle vient)",
        "les sauvegardes d'avant ce retrait (SUIVI_VAR/backups : la maintenance les remplace en quatorze semaines, ou "
        "effacez-les)",
        "les exports, courriels et captures déjà partis",
        *([f"le même document dans les clusters {where} : retirez-le là aussi"] if where else []),
    ]
    english = [
        "the version history of Google Sheets",
        "the file on its drive: correct or remove it (for a row: the document it stands in)",
        "backups from before (SUIVI_VAR/backups: housekeeping replaces them in fourteen weeks, or delete them by hand)",
        "exports, mails and screenshots that left the house",
        *([f"the same document in the clusters {where}: take it back there too"] if where else []),
    ]
    return french if language == "fr" else english
