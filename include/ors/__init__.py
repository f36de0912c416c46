"""An ORS-like reporting service: what the sync submits, the lead approves and members read.

Its own database, its own process. It knows nothing of the ETL: the two share plain data files under
`include/reference/` and HTTP. Rows that may not leave the internal sheet never get here: a column of level
`interne` is refused (`forms`).
"""
