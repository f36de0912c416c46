"""Data Docs of the latest night: which expectation met how many rows, never a value of a row."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from pathlib import Path

from great_expectations.core import ExpectationSuite, ExpectationSuiteValidationResult
from great_expectations.core.run_identifier import RunIdentifier
from great_expectations.data_context.types.resource_identifiers import (
    ExpectationSuiteIdentifier,
    ValidationResultIdentifier,
)

from suivi.validate.quiet import gx

_COUNTS = ("element_count", "unexpected_count", "unexpected_percent", "missing_count", "observed_value")


def write(results: dict[str, ExpectationSuiteValidationResult], folder: Path, now: datetime) -> Path:
    """Build the site in `folder`; returns its index page."""
    context = gx.get_context(mode="ephemeral")
    for site in list(context.get_site_names()):
        context.delete_data_docs_site(site)
    context.add_data_docs_site(
        site_name="night",
        site_config={
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "show_cta_footer": False},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        },
    )
    for name, result in results.items():
        suite = context.suites.add(
            ExpectationSuite(name, expectations=[o.expectation_config.to_domain_obj() for o in result.results])
        )
        key = ValidationResultIdentifier(
            expectation_suite_identifier=ExpectationSuiteIdentifier(suite.name),
            run_id=RunIdentifier(run_name="night", run_time=now),
            batch_identifier=name,
        )
        context.validation_results_store.set(key, _without_values(result))
    context.clean_data_docs("night")
    context.build_data_docs(site_names=["night"])
    return folder / "index.html"


def _without_values(result: ExpectationSuiteValidationResult) -> ExpectationSuiteValidationResult:
    """The same result with counts only: a failing value may be a person's name."""
    scrubbed = deepcopy(result)
    for outcome in scrubbed.results:
        outcome.result = {key: value for key, value in outcome.result.items() if key in _COUNTS}
        outcome.exception_info = {"raised_exception": False, "exception_traceback": None, "exception_message": None}
    return scrubbed
