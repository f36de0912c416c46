"""The published schema and the service agree: schemathesis, with the tokens of three roles, finds nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ors.bench_contract import run_schemathesis, tool


@pytest.mark.skipif(tool() is None, reason="schemathesis is not installed")
@pytest.mark.parametrize("role", ["reporter", "lead", "admin"])
def test_schemathesis_finds_nothing(make_service: Any, rows: Any, role: str, tmp_path: Path) -> None:
    """A short run; `make bench-ors` does all phases with more examples."""
    service = make_service()
    service.update(rows.action(), rows.indicator(), rows.meeting(), rows.presence())
    header = f"Authorization: Bearer {service.token(role)}"
    found = run_schemathesis(service.address, header, tmp_path, 8, "fuzzing")
    assert found["failures"] == 0, found["output"]
    assert found["cases"] > 100


def test_every_field_of_the_registers_that_members_see_is_in_the_schema(service: Any) -> None:
    from ors import forms

    schemas = service.ask("GET", "/openapi.json").json()["components"]["schemas"]
    for name in forms.FORMS:
        title = "".join(part.title() for part in name.split("_"))
        described = set(schemas[f"{title}Fields"]["properties"]) - {"events"}
        assert described == {field.name for field in forms.form(name).fields}
        internal = {f["name"] for f in forms.registers()["registers"][name]["fields"] if f["level"] == "interne"}
        assert not internal & set(schemas[f"{title}Row"]["properties"])
