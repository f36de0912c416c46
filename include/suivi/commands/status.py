"""What the last nights of a cluster did, and what is wrong now."""

from __future__ import annotations

import argparse


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cluster")
    parser.add_argument("--nights", type=int, default=7, metavar="N")


def run(arguments: argparse.Namespace) -> int:
    from suivi import clusters
    from suivi.commands.terminal import table
    from suivi.issues import sentence
    from suivi.ledger import Ledger, archive, nights
    from suivi.models import issue_from_json
    from suivi.settings import Settings

    settings = Settings.from_environment()
    cluster = clusters.load(arguments.cluster, settings.clusters)
    with Ledger(settings.db).read() as session:
        found = nights.recent(session, arguments.cluster, arguments.nights)
        rows = [
            (n.number, n.day, n.state, _counts(n.summary), "; ".join((n.summary or {}).get("failures", [])))
            for n in found
        ]
        last = nights.find_night(session, arguments.cluster)
        issues = nights.issues(session, last) if last else []
        paths = archive.paths(session, arguments.cluster)
    if not rows:
        print(f"Cluster '{arguments.cluster}' has no night yet. Run: make run, or suivi run {arguments.cluster}")
        return 0
    table(f"{cluster.name[cluster.language]}", ("night", "day", "state", "did", "failed"), rows)
    spoken = sorted(
        {(i["type"], sentence(issue_from_json(i), cluster.language, paths.get(i["document"], ""))) for i in issues}
    )
    if spoken:
        table("Issues", ("type", "what"), spoken)
    return 0


def _counts(summary: dict[str, dict[str, int]] | None) -> str:
    if not summary:
        return ""
    documents, actions, sheets = summary["documents"], summary["actions"], summary["sheets"]
    return (
        f"{documents['seen']} documents, {actions['open']} open, {actions['overdue']} overdue, {actions['held']} held, "
        f"{sheets['rows_added']}+{sheets['rows_changed']} sheet rows"
    )
