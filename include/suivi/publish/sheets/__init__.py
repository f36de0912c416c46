"""Two Google spreadsheets a cluster: the internal one, where the team works, and the shared one, which members read.

Made by people, shared with the service account as editor. A night reads each once, compares three ways (last
published, in the sheet, wanted), and writes each at most once; a night without change writes nothing.

| what people or the network do | what comes of it |
|---|---|
| sort, filter or move rows, insert columns | found again by record id and header; nothing else happens |
| the same between our read and our write | the answer shows it: what was hit goes back, the right place is written |
| rename a header | found by the mark in its note; put back, theirs in `_conflits` |
| rename a tab | found by its id; their name stays |
| delete a tab | laid out again with all rows and people's last words in it |
| delete a column of ours | added at the right edge, with people's last words in it |
| delete a row | comes back once; deleted again, it stays away |
| the same id twice | nothing is written in that tab, an issue says which |
| erase or overwrite an id | put back where surely the missing row; else the tab is left alone, an issue |
| edit a correctable cell | an edit; wins from the next night; cleared: the machine speaks again |
| write something unreadable there | put back, theirs in `_conflits`, an issue |
| more than 10 % of a column at once | none taken, put back, all in `_conflits`, an issue |
| edit any other machine cell | put back, theirs in `_conflits` |
| write in human columns, own columns, rows, tabs | never touched |
| protect a range without us | nothing is written in that tab, an issue |
| take our permission, delete the spreadsheet | one sentence with the remedy; the other spreadsheet goes on |
| 10 million cells | refused before writing, with the remedy |
| more than 50,000 characters | cut with a mark, an issue |
| another installation's stamp, the two ids swapped | refused |
| lost ledger (`adopt`) | rows taken over by record id; correctable cells that differ go to `_conflits` |
| answer lost, 429, 5xx, timeout, reset | read again, difference again, at most six tries |
| the process dies after the write | both values count as the machine's (`state`): no false edit |
"""

from suivi.publish.sheets.client import Sheets, connect
from suivi.publish.sheets.erase import erase
from suivi.publish.sheets.model import Conflict, Extras, Outcome, Pulled
from suivi.publish.sheets.prove import prove
from suivi.publish.sheets.publication import publish
from suivi.publish.sheets.pull import pull_edits
from suivi.publish.sheets.settings_tab import with_settings

__all__ = [
    "Conflict",
    "Extras",
    "Outcome",
    "Pulled",
    "Sheets",
    "connect",
    "erase",
    "prove",
    "publish",
    "pull_edits",
    "with_settings",
]
