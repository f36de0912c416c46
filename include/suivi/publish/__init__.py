"""Registers out to people: `sheets` (two Google spreadsheets), `ors` (the reporting service), `exports` (files).

Every output below `interne` passes through `suivi.sharing.view`; nothing here decides who may see a row.
"""
