"""Great Expectations over the registers of a night: rows that fail are held with their reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from great_expectations.core import ExpectationSuite, ExpectationSuiteValidationResult
from great_expectations.data_context.types.base import ProgressBarsConfig

from suivi.schema import REGISTERS
from suivi.settings import Cluster
from suivi.validate.failure import Failure, without
from suivi.validate.quiet import gx
from suivi.validate.suites import checkable, expectations

_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": ["record_id"],
    "return_unexpected_index_query": False,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """`frames` hold the good rows; `broken` says in sentences which register as a whole cannot be true."""

    frames: dict[str, pd.DataFrame]
    failures: tuple[Failure, ...]
    broken: tuple[str, ...]
    results: dict[str, ExpectationSuiteValidationResult]


def check(frames: Mapping[str, pd.DataFrame], cluster: Cluster, accepted: frozenset[str] = frozenset()) -> Checked:
    """Split every register into good rows and failures. `accepted`: held ids that a person let through."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("suivi")
    meetings = set(frames["meetings"]["record_id"].dropna())
    failures, broken, results = [], [], {}
    for name in REGISTERS:
        frame = frames[name]
        suite = ExpectationSuite(name, expectations=expectations(name, cluster, meetings))
        definition = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("night")
        batch = definition.get_batch(batch_parameters={"dataframe": checkable(name, frame)})
        results[name] = batch.validate(suite, result_format=_FORMAT)
        failures += [f for f in _failures(name, results[name], cluster.language) if f.held_id not in accepted]
        broken += _broken(name, results[name], cluster.language)
    return Checked(without(frames, failures), tuple(failures), tuple(broken), results)


def _failures(name: str, result: ExpectationSuiteValidationResult, language: str) -> list[Failure]:
    reasons: dict[str, list[str]] = defaultdict(list)
    for outcome in result.results:
        for row in outcome.result.get("unexpected_index_list") or []:
            reason = (outcome.expectation_config.meta or {}).get(language)
            if reason and reason not in reasons[row["record_id"]]:
                reasons[row["record_id"]].append(reason)
    return [Failure(name, record_id, " ; ".join(why)) for record_id, why in reasons.items()]


def _broken(name: str, result: ExpectationSuiteValidationResult, language: str) -> list[str]:
    sentences = []
    for outcome in result.results:
        details: dict[str, Any] = outcome.result
        if outcome.exception_info.get("raised_exception"):
            sentences.append(f"{name}: {outcome.exception_info.get('exception_message')}")
        elif not outcome.success and "observed_value" in details:
            rows, bounds = details["observed_value"], outcome.expectation_config.kwargs
            text = {
                "fr": f"Le registre « {name} » a {rows} lignes ; l'attendu va de {bounds.get('min_value')} à "
                f"{bounds.get('max_value')} (limits du YAML).",
                "en": f"Register '{name}' has {rows} rows; expected are {bounds.get('min_value')} to "
                f"{bounds.get('max_value')} (limits in the YAML).",
            }
            sentences.append(text[language])
    return sentences
