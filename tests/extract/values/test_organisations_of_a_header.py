"""Organisations of a header's list."""

import pytest

from suivi.extract.values import organisations

TABLE = """
UNHCR, OIM, MINUSMA (CAD, POC), PAM,OCHA ; IEDA RELIEF, => UNHCR | OIM | MINUSMA (CAD, POC) | PAM | OCHA | IEDA RELIEF
NRC / DRC / IRC => NRC | DRC | IRC
NRC/DRC et IRC => NRC | DRC | IRC
SG / DMA, CN03 / GT7 => SG / DMA | CN03 / GT7
M. Diop (OCHA), Mme Sy (NRC) => OCHA | NRC
UNICEF et UNFPA => UNICEF | UNFPA
UNICEF, UNFPA and WFP. => UNICEF | UNFPA | WFP
Région Alpha, Agence d'urbanisme du Grand Beta, AJDM => Région Alpha | Agence d'urbanisme du Grand Beta | AJDM
Agence d'urbanisme, d'économie et technopole, Alpha => Agence d'urbanisme, d'économie et technopole | Alpha
OCHA (2), NRC (1) => OCHA | NRC
UNHCR : 3, OCHA : 2 => UNHCR | OCHA
UNHCR\\nOCHA\\nNRC => UNHCR | OCHA | NRC
- UNHCR\\n- OCHA => UNHCR | OCHA
• Médecins du Monde\\n• Save the Children => Médecins du Monde | Save the Children
Unicef, Oxfam, Handicap International => Unicef | Oxfam | Handicap International
ONG nationales : AJDM, AMSS => AJDM | AMSS
UNHCR, UNHCR, OCHA => UNHCR | OCHA
ABA-ROLI, AMPRODE/Sahel => ABA-ROLI | AMPRODE/Sahel
OCHA; NRC; etc. => OCHA | NRC
Cluster Protection, OCHA => Cluster Protection | OCHA
UNHCR - OCHA - NRC => UNHCR | OCHA | NRC
Solidarités & Co (Bureau de Tini), NRC => Solidarités & Co (Bureau de Tini) | NRC
"""
ROWS = [line.replace("\\n", "\n").split(" =>") for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("written", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_a_list_is_split_into_its_organisations(written: str, expected: str) -> None:
    assert organisations.split(written) == tuple(part.strip() for part in expected.split("|") if part.strip())
