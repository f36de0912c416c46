"""Invented rows in any number, the same every time: for the bench and the tests of the pages."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

_ORGANISATIONS = ("UNHCR", "DRC", "NRC", "UNICEF", "IRC", "HI", "INTERSOS", "OIM", "COOPI", "UNFPA", "AVSF", "TDH")
_PLACES = (("ML04", "Ségou"), ("ML05", "Mopti"), ("ML06", "Tombouctou"), ("ML07", "Gao"), ("ML08", "Kidal"))
_VERBS = ("Partager", "Finaliser", "Mettre à jour", "Diffuser", "Relire", "Compléter", "Valider", "Préparer")
_THINGS = (
    "la matrice des acteurs par cercle",
    "le plan de contingence du cluster",
    "la cartographie des services de référencement",
    "le calendrier des formations du trimestre",
    "la note sur les mouvements du mois",
    "les termes de référence de la mission conjointe",
    "le modèle de rapport mensuel",
)
_AGENDA = ("Situation de protection", "Suivi des actions", "Indicateurs", "Formations", "Divers")
_STATUS = ("open", "open", "in_progress", "done", "done", "permanent", "cancelled")
_INDICATORS = (
    ("PROT-01", "Personnes déplacées internes enregistrées", "personnes"),
    ("PROT-02", "Personnes sensibilisées aux risques de protection", "personnes"),
    ("PROT-03", "Acteurs formés à la protection", "personnes"),
    ("PROT-04", "Comités locaux de protection actifs", "comités"),
)
_ACTIVITIES = ("Sensibilisation", "Monitoring de protection", "Prise en charge psychosociale", "Formation des acteurs")


def meeting(number: int, today: date) -> dict[str, Any]:
    """Every second Thursday back from today."""
    day = today - timedelta(days=14 * number + 3)
    present = [name for at, name in enumerate(_ORGANISATIONS) if (at + number) % 3]
    fields = {
        "date": day.isoformat(),
        "body": "Cluster Protection",
        "body_level": "national",
        "participants": 12 + number % 9,
        "women": 4 + number % 5,
        "organisations": present,
        "next_meeting": (day + timedelta(days=14)).isoformat(),
        "days_to_minutes": 2 + number % 6,
        "actions": 5,
        "decisions": 1,
        "validation": "validated",
    }
    return {"recordId": f"meet-{number}", "form": "meetings", "fields": fields}


def action(number: int, today: date, per_meeting: int = 10) -> dict[str, Any]:
    """`per_meeting` actions a meeting, the newest first."""
    met, status = number // per_meeting, _STATUS[number % len(_STATUS)]
    day = today - timedelta(days=14 * (met % 80) + 3)
    due = day + timedelta(days=10 + number % 40)
    code, name = _PLACES[number % len(_PLACES)]
    owners = list(dict.fromkeys((_ORGANISATIONS[number % 12], _ORGANISATIONS[(number * 7) % 12])))
    fields: dict[str, Any] = {
        "number": f"PROT-{day.isoformat()}/{number % per_meeting + 1}",
        "meeting_id": f"meet-{met % 80}",
        "meeting": "Cluster Protection",
        "meeting_date": day.isoformat(),
        "agenda_item": _AGENDA[number % len(_AGENDA)],
        "kind": "decision" if number % 17 == 5 else "action",
        "text": f"{_VERBS[number % len(_VERBS)]} {_THINGS[number % len(_THINGS)]} de {name}",
        "responsible": owners,
        "admin1_pcode": [code],
        "admin1_name": [name],
        "admin2_name": [name],
        "age_meetings": met % 80,
        "last_mentioned": day.isoformat(),
        "postponed": number % 3,
        "events": [{"date": day.isoformat(), "kind": "created", "meeting_id": f"meet-{met % 80}"}],
    }
    if fields["kind"] == "decision":
        return {"recordId": f"act-{number}", "form": "actions", "fields": fields}
    fields["status"] = status
    if status in ("done", "cancelled"):
        fields["closed_on"] = min(day + timedelta(days=21), today - timedelta(days=3)).isoformat()
        fields["events"].append({"date": fields["closed_on"], "kind": status})
    if number % 2:
        fields |= {"deadline_date": due.isoformat(), "deadline": f"le {due.day}/{due.month}"}
        fields["late"] = status in ("open", "in_progress") and due < today
    return {"recordId": f"act-{number}", "form": "actions", "fields": fields}


def indicator(number: int, today: date) -> dict[str, Any]:
    """One value an indicator, place, month and organisation, months back from today's."""
    code, name, unit = _INDICATORS[number % 4]
    place, place_name = _PLACES[number // 4 % 5]
    back, organisation = number // 20 % 24, _ORGANISATIONS[number // 480 % 12]
    months = today.year * 12 + today.month - 2 - back
    fields = {
        "code": code,
        "name": name,
        "unit": unit,
        "cluster": "PRO",
        "organisation": organisation,
        "country": "MLI",
        "admin1_pcode": place,
        "admin1_name": place_name,
        "month": f"{months // 12}-{months % 12 + 1:02d}",
        "target": 2500,
        "achieved": 40 + number * 37 % 160,
        "dashboard": number % 4 < 3,
        "updated": today.isoformat(),
    }
    return {"recordId": f"ind-{number}", "form": "indicators", "fields": fields}


def presence(number: int, today: date) -> dict[str, Any]:
    """Organisation × activity × place."""
    place, name = _PLACES[number * 3 % 5]
    fields = {
        "organisation": _ORGANISATIONS[number % 12],
        "organisation_name": _ORGANISATIONS[number % 12],
        "cluster": "PRO",
        "activity": _ACTIVITIES[number % 4],
        "status": ("ongoing", "ongoing", "planned", "completed")[number % 4],
        "country": "MLI",
        "admin1_pcode": place,
        "admin1_name": name,
        "reported": (today - timedelta(days=number % 300)).isoformat(),
    }
    return {"recordId": f"pres-{number}", "form": "presence", "fields": fields}


def rows(count: int, today: date) -> list[dict[str, Any]]:
    """About a third actions, half indicator values, the rest presence and meetings."""
    meetings = min(80, max(4, count // 100))
    actions, values = count // 3, count // 2
    rest = count - meetings - actions - values
    return [
        *(meeting(n, today) for n in range(meetings)),
        *(action(n, today, max(10, actions // 80)) for n in range(actions)),
        *(indicator(n, today) for n in range(values)),
        *(presence(n, today) for n in range(rest)),
    ]
