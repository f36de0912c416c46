"""The published schema and the service agree: schemathesis, with the tokens of three roles, finds nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_TOOL = shutil.which("schemathesis", path=str(Path(sys.executable).parent)) or shutil.which("schemathesis")


@pytest.mark.skipif(_TOOL is None, reason="schemathesis is not installed")
@pytest.mark.parametrize("role", ["reporter", "lead", "admin"])
def test_schemathesis_finds_nothing(make_service: Any, rows: Any, role: str, tmp_path: Path) -> None:
    service = make_service()
    service.update(rows.action(), rows.indicator(), rows.meeting(), rows.presence())
    command = [str(_TOOL), "run", f"{service.address}/openapi.json", "--phases", "fuzzing", "-n", "8", "--seed", "5"]
    header = f"Authorization: Bearer {service.token(role)}"
    run = subprocess.run([*command, "-H", header], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 0, run.stdout[-6000:]
    counted = re.search(r"(\d+) generated", run.stdout)
    assert counted is not None
    assert int(counted[1]) > 100


def test_every_field_of_the_registers_that_members_see_is_in_the_schema(service: Any) -> None:
    from ors import forms

    schemas = service.ask("GET", "/openapi.json").json()["components"]["schemas"]
    for name in forms.FORMS:
        title = "".join(part.title() for part in name.split("_"))
        described = set(schemas[f"{title}Fields"]["properties"]) - {"events"}
        assert described == {field.name for field in forms.form(name).fields}
        internal = {f["name"] for f in forms.registers()["registers"][name]["fields"] if f["level"] == "interne"}
        assert not internal & set(schemas[f"{title}Row"]["properties"])
