"""Validate: what is wrong is held with a reason, the rest goes on.

`suites` generates expectations from the one schema description, `check` runs them with Great Expectations and
splits rows into good and held, `docs` writes the Data Docs of the latest night without any value of a row,
`breakers` stops a night whose change is too large to be true.

Importing `check` costs seconds (Great Expectations); this package does not import it.
"""
