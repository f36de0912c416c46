"""French or English."""

import pytest

from suivi.extract.values import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Compte rendu de la réunion du cluster, tenue à Bamako avec les partenaires", "fr"),
        ("Minutes of the cluster meeting held in Bamako with the partners", "en"),
        ("Action points\nOCHA to share the matrix with all partners by Friday", "en"),
        ("POINTS D'ACTION\nOCHA : partager la matrice avec les partenaires", "fr"),
        ("Actions: NRC will follow up", "en"),
        ("", "fr"),
        ("OCHA, UNHCR, NRC", "fr"),
    ],
)
def test_function_words_tell_the_language(text: str, expected: str) -> None:
    assert language.of(text) == expected
