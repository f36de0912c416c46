"""How good extraction is on gold minutes: per document, per format, and what is accepted without a person looking.

Confidence is fitted and its threshold chosen with the measured document left out: a threshold that saw its own test
set proves nothing.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from scipy.optimize import minimize

from suivi.documents import read
from suivi.extract import confidence, scoring
from suivi.extract.engine import survey
from suivi.models import to_json

WANTED = 0.995  # precision that the threshold aims at on the other documents
RIDGE = 0.5  # weight of the penalty that keeps weights near what was expected where there is little evidence
# What to expect before any count: a list of its own is plain, a sentence or an arrow is a reading of somebody's intent.
EXPECTED = {"table": 0.5, "marker": 0.5, "checkbox": 0.5, "arrow": -1.0, "owner": -0.5, "prose": -1.5, "dated": 0.5}
_BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)


@dataclass(frozen=True, slots=True)
class Rated:
    """One extracted action: its document, features, whether the gold has it, and whether the gold asks for it."""

    document: str
    features: tuple[float, ...]
    right: bool
    required: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """One line of the reliability table."""

    low: float
    high: float
    actions: int
    said: float  # mean confidence
    true: float  # share that the gold has


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures over all documents, by document and by format; acceptance measured leave-one-document-out."""

    figures: dict[str, float]
    documents: dict[str, dict[str, float]]
    formats: dict[str, dict[str, float]]
    accepted_precision: float
    accepted_coverage: float
    reliability: tuple[Bin, ...]
    missing: tuple[str, ...] = field(default=())


def evaluate(gold_dir: Path, docs_dir: Path) -> Evaluation:
    """Extract every document that has a gold file and compare; gold without its document is listed as missing."""
    counts: dict[str, Counter[str]] = {}
    formats: dict[str, Counter[str]] = defaultdict(Counter)
    rated: list[Rated] = []
    missing: list[str] = []
    asked = 0
    for path in sorted(gold_dir.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        source = docs_dir / gold.get("document", "")
        if not source.is_file():
            missing.append(path.stem)
            continue
        found, actions = _extracted(gold, source)
        counts[path.stem] = scoring.count(gold, found)
        formats[source.suffix.lstrip(".").lower()] += counts[path.stem]
        rated.extend(actions)
        asked += sum(bool(action.get("required", True)) for action in gold.get("actions") or [])
    precision, coverage, table = _acceptance(rated, asked)
    return Evaluation(
        scoring.rates(sum(counts.values(), Counter())),
        {name: scoring.rates(count) for name, count in counts.items()},
        {name: scoring.rates(count) for name, count in sorted(formats.items())},
        precision,
        coverage,
        table,
        tuple(missing),
    )


def _extracted(gold: dict[str, Any], source: Path) -> tuple[dict[str, Any], list[Rated]]:
    minutes, drafts, grammar = survey(read(source.read_bytes(), source.name), source.name)
    found = to_json(minutes)
    wanted = {right: gold["actions"][left] for left, right in scoring.action_pairs(gold, found)}
    rated = [
        Rated(
            source.stem,
            tuple(confidence.features(made, grammar).values()),
            index in wanted,
            bool(wanted.get(index, {}).get("required", True)),
        )
        for index, made in enumerate(drafts)
    ]
    return found, rated


def fit(rated: Iterable[Rated]) -> tuple[float, np.ndarray]:
    """Bias and weights of the logistic model: most likely ones with a small penalty on large weights."""
    data = list(rated)
    matrix = np.array([action.features for action in data]).reshape(len(data), len(confidence.FEATURES))
    right = np.array([action.right for action in data], dtype=float)
    expected = np.array([EXPECTED.get(name, 0.0) for name in confidence.FEATURES])

    def loss(parameters: np.ndarray) -> float:
        scores = parameters[0] + matrix @ parameters[1:]
        likelihood = np.logaddexp(0, scores).sum() - (right * scores).sum()
        return float(likelihood + RIDGE * ((parameters[1:] - expected) ** 2).sum())

    found = minimize(loss, np.zeros(matrix.shape[1] + 1), method="L-BFGS-B").x
    return float(found[0]), found[1:]


def predict(model: tuple[float, np.ndarray], rated: Iterable[Rated]) -> np.ndarray:
    """The probability of each action under a fitted model."""
    matrix = np.array([action.features for action in rated])
    return np.asarray(1 / (1 + np.exp(-(model[0] + matrix @ model[1]))))


def threshold(said: np.ndarray, right: np.ndarray) -> float:
    """The lowest confidence from which on at least `WANTED` of the actions are right."""
    rounded = np.round(said, 3)
    for low in sorted(set(rounded)):
        kept = rounded >= low
        if right[kept].mean() >= WANTED:
            return float(low)
    return 1.0


def _acceptance(rated: list[Rated], asked: int) -> tuple[float, float, tuple[Bin, ...]]:
    said, accepted = np.zeros(len(rated)), np.zeros(len(rated), dtype=bool)
    right = np.array([action.right for action in rated], dtype=bool)
    for document in sorted({action.document for action in rated}):
        out = np.array([action.document == document for action in rated])
        others = [action for action in rated if action.document != document]
        if not others:
            continue
        model = fit(others)
        limit = threshold(predict(model, others), right[~out])
        said[out] = predict(model, [action for action in rated if action.document == document])
        accepted[out] = np.round(said[out], 3) >= limit
    covered = np.array([action.right and action.required for action in rated], dtype=bool)
    precision = float(right[accepted].mean()) if accepted.any() else 1.0
    return precision, float(covered[accepted].sum() / max(asked, 1)), tuple(_bins(said, right))


def _bins(said: np.ndarray, right: np.ndarray) -> Iterable[Bin]:
    for low, high in pairwise(_BINS):
        inside = (said >= low) & (said < high)
        if inside.any():
            yield Bin(low, min(high, 1.0), int(inside.sum()), float(said[inside].mean()), float(right[inside].mean()))


def calibrate(sources: Iterable[tuple[Path, Path]], target: Path = confidence.WEIGHTS) -> None:
    """Fit on all gold of (gold folder, documents folder) pairs and write the weights that `extract` uses."""
    rated: list[Rated] = []
    for gold_dir, docs_dir in sources:
        for path in sorted(gold_dir.glob("*.json")):
            gold = json.loads(path.read_text(encoding="utf-8"))
            if (docs_dir / gold["document"]).is_file():
                rated.extend(_extracted(gold, docs_dir / gold["document"])[1])
    bias, weights = fit(rated)
    limit = threshold(predict((bias, weights), rated), np.array([action.right for action in rated]))
    fitted = {
        "bias": round(bias, 3),
        "weights": {name: round(float(weight), 3) for name, weight in zip(confidence.FEATURES, weights, strict=True)},
        "threshold": round(limit, 3),
    }
    with target.open("w", encoding="utf-8") as file:
        file.write("# Fitted by suivi.extract.evaluate.calibrate; not written by hand.\n")
        YAML().dump(fitted, file)


def render(evaluation: Evaluation) -> str:
    """The evaluation as plain lines for a terminal."""
    lines = [f"{name:24} {value:.3f}" for name, value in evaluation.figures.items()]
    shown = (
        "action_f1",
        "responsible_f1",
        "dated",
        "status",
        "review",
        "agenda",
        "header",
        "organisation_f1",
        "figure_f1",
    )
    width = max([8, *map(len, evaluation.documents)])
    for title, rows in (("document", evaluation.documents), ("format", evaluation.formats)):
        lines += ["", f"{title:{width}} " + " ".join(f"{name[:11]:>11}" for name in shown)]
        lines += [f"{name:{width}} " + " ".join(f"{row[key]:11.3f}" for key in shown) for name, row in rows.items()]
    lines += [
        "",
        "accepted without a person looking (confidence fitted with the document left out)",
        f"{'accepted precision':24} {evaluation.accepted_precision:.3f}",
        f"{'accepted coverage':24} {evaluation.accepted_coverage:.3f}",
        "",
        f"{'confidence':>12} {'actions':>8} {'said':>7} {'true':>7}",
    ]
    lines += [
        f"{b.low:5.2f} – {b.high:4.2f} {b.actions:8d} {b.said:7.3f} {b.true:7.3f}" for b in evaluation.reliability
    ]
    lines += [f"document not found: {name}" for name in evaluation.missing]
    return "\n".join(lines)
