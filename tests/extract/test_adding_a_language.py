"""Adding a language is adding a file."""

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from suivi.documents import read
from suivi.extract import extract
from suivi.extract.grammar import FOLDER

DOCUMENTS = Path(__file__).parent / "minutes"
SPANISH = """
language: es
titles: [acta de la reunion]
columns:
  action: [accion(es) acordada(s)]
  owner: [encargado(s)]
  deadline: [plazo]
labels:
  place: [lugar]
  organisations: [asistentes]
sections:
  recap: [acuerdos]
owner: [encargado(s)]
"""
ACTA = """Acta de la reunión
Lugar: Villa Nueva
Asistentes: ACNUR, OIM, Cruz Verde

Acuerdos
- Compartir el mapa de actores. Encargado: OIM
- Visitar el albergue. Encargados: ACNUR / OIM

Acciones acordadas\tEncargado\tPlazo
Actualizar el directorio\tACNUR\t12/05/2024
"""


def test_a_new_file_teaches_a_new_language(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    (tmp_path / "es.yaml").write_text(SPANISH, encoding="utf-8")
    minutes = extract(read(ACTA.encode(), "acta.txt"), "acta.txt", grammars=tmp_path)
    assert minutes.is_minutes
    assert minutes.meeting.place == "Villa Nueva"
    assert [(action.text, action.responsible) for action in minutes.actions] == [
        ("Compartir el mapa de actores.", ("OIM",)),
        ("Visitar el albergue.", ("ACNUR", "OIM")),
        ("Actualizar el directorio", ("ACNUR",)),
    ]


SECTIONS = sorted({name for path in FOLDER.glob("*.yaml") for name in YAML(typ="safe").load(path)} - {"language"})


@pytest.mark.parametrize("section", SECTIONS)
def test_any_section_may_be_left_out(section: str, tmp_path: Path) -> None:
    for path in FOLDER.glob("*.yaml"):
        words = YAML(typ="safe").load(path)
        words.pop(section, None)
        with (tmp_path / path.name).open("w", encoding="utf-8") as file:
            YAML().dump(words, file)
    for name in ("d_seedlike.txt", "en_prose.txt"):
        minutes = extract(read((DOCUMENTS / name).read_bytes(), name), name, grammars=tmp_path)
        assert minutes.is_minutes or section == "labels"  # without labels nobody is seen to attend
