"""Owners as written, split into single parties."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suivi.extract.values import parties

TABLE = """
OCHA- CCP => OCHA | CCP
OCHA-CCP => OCHA | CCP
OCHA -CCP => OCHA | CCP
OCHA – CCP => OCHA | CCP
ABA-ROLI => ABA-ROLI
ABA-ROLI/DCA => ABA-ROLI | DCA
Ibrahim / Salif => Ibrahim | Salif
all WDCs => all WDCs
les membres du GT => membres du GT
Les membres du cluster et OCHA => membres du cluster | OCHA
Acteurs humanitaires => Acteurs humanitaires
CCP (avec l'aide de OCHA) => CCP
CCP avec l'appui de OCHA => CCP
NRC (with the support of IRC) => NRC
Affaires sociales et genre => Affaires sociales et genre
Direction de la Santé et de l'Hygiène publique => Direction de la Santé et de l'Hygiène publique
OCHA et UNHCR => OCHA | UNHCR
OCHA, UNHCR et NRC => OCHA | UNHCR | NRC
OCHA, UNHCR, et NRC => OCHA | UNHCR | NRC
UNICEF and UNFPA => UNICEF | UNFPA
UNICEF & UNFPA => UNICEF | UNFPA
UNICEF + UNFPA => UNICEF | UNFPA
JK, MS => JK | MS
JK/MS => JK | MS
vb et jkl => vb | jkl
vb, jkl et ms => vb | jkl | ms
eau et sol => eau et sol
JK and all => JK | all
Anna (NRC) => Anna | NRC
Mme Diarra (UNHCR) => Mme Diarra | UNHCR
M. Traoré, OCHA => M. Traoré | OCHA
Awa Cissé, Chargée de protection, NRC => Awa Cissé | NRC
T-T. Sow => T-T. Sow
J-P. Diallo, A. Keïta => J-P. Diallo | A. Keïta
ET-IM, ET-DDS => ET-IM | ET-DDS
ET-IM\\nET-DDS => ET-IM | ET-DDS
OCHA Mopti => OCHA
OCHA (Mopti) => OCHA
UNHCR, bureau de Gao => UNHCR
OCHA (Bureau de Mopti) => OCHA
UNHCR Protection => UNHCR
NRC\\nDRC\\nIRC => NRC | DRC | IRC
• NRC\\n• DRC => NRC | DRC
NRC; DRC ; IRC => NRC | DRC | IRC
Responsable : CCP => CCP
Responsables/ OCHA-CCP => OCHA | CCP
Lead Cluster / CCP => Lead Cluster | CCP
Tous => Tous
Tous les membres => Tous les membres
All members => All members
ALL => ALL
Le Secrétariat => Secrétariat
Le CCP => CCP
La coordination du cluster => coordination du cluster
l'OIM et le PAM => OIM | PAM
L'UNHCR => UNHCR
the Secretariat => Secretariat
The co-chairs => co-chairs
Point focal VBG => Point focal VBG
Points focaux des régions => Points focaux des régions
SC VBG => SC VBG
Sous-cluster PE et VBG => Sous-cluster PE | VBG
Autorités locales et ONG => Autorités locales | ONG
Partenaires intervenant à Gao => Partenaires intervenant à Gao
UN-Habitat => UN-Habitat
Médecins du Monde => Médecins du Monde
Save the Children et Plan International => Save the Children | Plan International
UNHCR/NRC/DRC => UNHCR | NRC | DRC
OCHA en collaboration avec NRC => OCHA | NRC
OCHA en lien avec le CCP => OCHA | CCP
GB => GB
MINUSMA (CAD, POC) => MINUSMA (CAD, POC)
NRC avant fin mai => NRC
ACF, IRC avant le 5 mai => ACF | IRC
UNHCR by 5 May => UNHCR
OCHA d'ici vendredi => OCHA
Awa et Salif (NRC) => Awa | Salif | NRC
Awa (NRC) et Salif (DRC) => Awa | Salif | NRC | DRC
N/A => 
- => 
TBD => 
à définir => 
"""
ROWS = [line.replace("\\n", "\n").split(" =>") for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("written", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_an_owner_is_split_into_its_parties(written: str, expected: str) -> None:
    assert parties.split(written) == tuple(part.strip() for part in expected.split("|") if part.strip())


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ABab éà-/&,;()\n.'et", max_size=40) | st.text(max_size=40))
def test_parties_are_words_of_the_owner_each_once(written: str) -> None:
    found = parties.split(written)
    assert len(set(found)) == len(found)
    for party in found:
        assert party == party.strip()
        assert set(party.replace(" ", "")) <= set(written)
