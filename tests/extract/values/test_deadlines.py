"""What day a deadline means: one table of phrases, seen from Wednesday 5 April 2017."""

from datetime import date

import pytest

from suivi.extract.values import dates

MEETING = date(2017, 4, 5)
NEXT = date(2017, 5, 3)
TABLE = """
5 avril 2017 | 2017-04-05
le 12 avril | 2017-04-12
avant le 15 mai | 2017-05-15
au plus tard le 20 avril 2017 | 2017-04-20
d'ici le 1er juillet | 2017-07-01
D’ici fin avril | 2017-04-30
d'ici la fin avril | 2017-04-30
d'ici à fin mai 2017 | 2017-05-31
fin avril | 2017-04-30
fin du mois d'avril | 2017-04-30
d'ici la fin du mois de juin | 2017-06-30
mi-mai | 2017-05-15
mi mai | 2017-05-15
vers la mi-juin 2017 | 2017-06-15
début juin | 2017-06-10
courant juin | 2017-06-30
juin 2017 | 2017-06-30
Juin | 2017-06-30
avant fin septembre | 2017-09-30
premier trimestre 2018 | 2018-03-31
2e trimestre 2017 | 2017-06-30
1er semestre 2018 | 2018-06-30
deuxième semestre | 2017-12-31
T3 2017 | 2017-09-30
T4 | 2017-12-31
S1 2018 | 2018-06-30
fin 2017 | 2017-12-31
d'ici fin 2018 | 2018-12-31
2018 | 2018-12-31
2017-2018 | 2018-12-31
avril-mai 2017 | 2017-05-31
de mai à juillet 2017 | 2017-07-31
du 3 au 6 avril 2017 | 2017-04-06
les 18 et 19 avril | 2017-04-19
10, 11 et 12 mai 2017 | 2017-05-12
24 avril au 2 mai | 2017-05-02
12/04/2017 | 2017-04-12
12/4 | 2017-04-12
12.04.17 | 2017-04-12
2017-04-28 | 2017-04-28
28-04-2017 à 16h00 | 2017-04-28
vendredi 28 avril | 2017-04-28
vendredi 28 avril 2017 à midi | 2017-04-28
Lundi 10/04 | 2017-04-10
vendredi | 2017-04-07
vendredi prochain | 2017-04-07
mercredi prochain | 2017-04-12
avant lundi | 2017-04-10
lundi de la semaine prochaine | 2017-04-10
vendredi de la semaine prochaine | 2017-04-14
cette semaine | 2017-04-09
dans la semaine | 2017-04-09
fin de semaine | 2017-04-09
d'ici la fin de la semaine | 2017-04-09
la semaine prochaine | 2017-04-16
fin de la semaine prochaine | 2017-04-16
semaine du 17 avril | 2017-04-23
la semaine du 24/04/2017 | 2017-04-30
première semaine de mai | 2017-05-07
dernière semaine d'avril | 2017-04-30
première quinzaine de mai | 2017-05-15
seconde quinzaine de juin 2017 | 2017-06-30
semaine 18 | 2017-05-07
ce mois | 2017-04-30
fin du mois | 2017-04-30
d'ici la fin du mois | 2017-04-30
avant la fin du mois en cours | 2017-04-30
le mois prochain | 2017-05-31
fin du mois prochain | 2017-05-31
mi-mois | 2017-04-15
fin d'année | 2017-12-31
d'ici la fin de l'année | 2017-12-31
l'année prochaine | 2018-12-31
fin du trimestre | 2017-06-30
le trimestre prochain | 2017-09-30
J+7 | 2017-04-12
J + 15 | 2017-04-20
S+2 | 2017-04-19
sous quinzaine | 2017-04-20
sous huitaine | 2017-04-12
sous 8 jours | 2017-04-13
sous 48h | 2017-04-07
dans les 72 heures | 2017-04-08
dans deux semaines | 2017-04-19
dans 2 semaines | 2017-04-19
Deux semaines | 2017-04-19
d'ici trois semaines | 2017-04-26
dans un délai de 10 jours | 2017-04-15
dans un mois | 2017-05-05
d'ici 2 mois | 2017-06-05
dans les deux prochaines semaines | 2017-04-19
dans les 15 prochains jours | 2017-04-20
dans une dizaine de jours | 2017-04-15
5 jours ouvrables | 2017-04-12
10 jours après la réunion | 2017-04-15
une semaine avant le 30 avril | 2017-04-23
deux semaines après le 1er mai | 2017-05-15
demain | 2017-04-06
après-demain | 2017-04-07
aujourd'hui | 2017-04-05
séance tenante | 2017-04-05
prochaine réunion | 2017-05-03
avant la prochaine réunion | 2017-05-03
d'ici la prochaine réunion du cluster | 2017-05-03
à la réunion suivante | 2017-05-03
lors de la prochaine rencontre | 2017-05-03
prochaine réunion mensuelle | 2017-05-03
prochaine réunion de l'EHP | -
pour la réunion du 17 mai | 2017-05-17
5 mai et 12 mai | 2017-05-12
le 4 février | 2017-02-04
jusqu'au 30 juin | 2017-06-30
hebdomadaire jusqu'au 30 juin 2017 | 2017-06-30
le 31 juin 2017 | -
31/02/2017 | -
dès que possible | -
Dès que possible et au plus tard le 21 avril | 2017-04-21
immédiatement | -
permanent | -
continu | -
En cours | -
chaque mois | -
tous les lundis | -
hebdomadaire | -
chaque 5 du mois | -
à l'automne | -
pour l'été 2017 | -
à définir | -
deux semaines après réception des commentaires | -
à réception du courriel | -
N/A | -
- | -
5 April 2017 | 2017-04-05
April 28th, 2017 | 2017-04-28
Apr. 28 | 2017-04-28
by 28 April | 2017-04-28
by the 28th of April | 2017-04-28
no later than 15 May 2017 | 2017-05-15
before May 15 | 2017-05-15
not later than Friday, 21 April | 2017-04-21
by 31/May/2017 | 2017-05-31
30-Apr-17 | 2017-04-30
by June/2017 | 2017-06-30
June 2017 | 2017-06-30
May | 2017-05-31
end of May | 2017-05-31
by end May | 2017-05-31
by the end of November | 2017-11-30
late September | 2017-09-30
mid-October | 2017-10-15
around mid-May 2017 | 2017-05-15
early June | 2017-06-10
beginning of July | 2017-07-10
first half of May | 2017-05-15
first week of May | 2017-05-07
last week of April | 2017-04-30
end of 2017 | 2017-12-31
Q2 2017 | 2017-06-30
Q3 | 2017-09-30
2017 Q4 | 2017-12-31
second quarter of 2018 | 2018-06-30
third quarter | 2017-09-30
April 18-20, 2017 | 2017-04-20
18-20 April | 2017-04-20
between 3 and 7 May | 2017-05-07
April 28 to May 4 | 2017-05-04
Friday | 2017-04-07
COB Friday | 2017-04-07
by close of business Tuesday | 2017-04-11
next Monday | 2017-04-10
Monday next week | 2017-04-10
Thursday of next week | 2017-04-13
this week | 2017-04-09
end of the week | 2017-04-09
EOW | 2017-04-09
next week | 2017-04-16
end of next week | 2017-04-16
week of 17 April | 2017-04-23
week commencing 24 April 2017 | 2017-04-30
this month | 2017-04-30
EOM | 2017-04-30
end of the month | 2017-04-30
by month end | 2017-04-30
next month | 2017-05-31
end of next month | 2017-05-31
EOY | 2017-12-31
end of the year | 2017-12-31
end of quarter | 2017-06-30
next year | 2018-12-31
within 10 days | 2017-04-15
within 5 working days | 2017-04-12
in two weeks | 2017-04-19
in 2 weeks' time | 2017-04-19
within a month | 2017-05-05
within the next three weeks | 2017-04-26
in a fortnight | 2017-04-19
48 hours | 2017-04-07
D+3 | 2017-04-08
one week after the meeting | 2017-04-12
two weeks before 30 June | 2017-06-16
tomorrow | 2017-04-06
today | 2017-04-05
next meeting | 2017-05-03
before next meeting | 2017-05-03
by the next cluster meeting | 2017-05-03
at the next coordination meeting | 2017-05-03
at next SSC meeting | -
before next meeting of the HCT | -
as from October 1st | 2017-10-01
monthly until 30 September | 2017-09-30
4 Dec 2017 / done | 2017-12-04
ASAP | -
ASAP, by 21 April at the latest | 2017-04-21
as soon as possible | -
immediately | -
ongoing | -
continuous | -
every Friday | -
weekly | -
monthly basis | -
in summer | -
TBD | -
October 201 | -
2 weeks after receiving the comments | -
within 3 days of receipt | -
once the paper is out | -
before the start of the school year | -
fin de l'année scolaire | -
avant la saison des pluies | -
31/03/202\\n7 | 2027-03-31
31/03/202 7 | 2027-03-31
sem. du 8 mai 2017 | 2017-05-14
1ère semaine de mai | 2017-05-07
le 14 | 2017-04-14
avant le 2 | 2017-05-02
by the 20th | 2017-04-20
vendredi 14 | 2017-04-14
Friday 14th | 2017-04-14
vendredi en huit | 2017-04-14
Next ICWG | 2017-05-03
prochain CCP | 2017-05-03
mai 17 | 2017-05-31
May-17 | 2017-05-31
April, 28 | 2017-04-28
28.4. | 2017-04-28
le 28avril2017 | 2017-04-28
10/04 au 14/04/2017 | 2017-04-14
fin mai-début juin | 2017-06-10
by COB tomorrow | 2017-04-06
EOD | 2017-04-05
"""
ROWS = [tuple(part.strip().replace("\\n", "\n") for part in row.rsplit("|", 1)) for row in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("phrase", "day"), ROWS, ids=[row[0] for row in ROWS])
def test_a_deadline_means_the_last_day_of_what_it_says(phrase: str, day: str) -> None:
    assert (dates.deadline(phrase, MEETING, NEXT) or "-") == day


def test_the_next_meeting_is_no_day_when_nobody_gives_it() -> None:
    assert dates.deadline("avant la prochaine réunion", MEETING) is None


def test_without_a_meeting_only_full_dates_are_days() -> None:
    assert dates.deadline("le 12 avril 2017", None) == "2017-04-12"
    assert dates.deadline("le 12 avril", None) is None
    assert dates.deadline("dans deux semaines", None) is None


def test_a_new_action_is_never_due_long_before_its_meeting() -> None:
    assert dates.deadline("fin janvier", MEETING, looks_back=False) == "2018-01-31"
    assert dates.deadline("fin janvier", MEETING, looks_back=True) == "2017-01-31"
    assert dates.deadline("10 janvier", date(2016, 12, 14)) == "2017-01-10"
