"""Suivi: from the minutes of a humanitarian cluster to follow-up sheets and ORS reports.

The road, one package a step: ``drives`` (collect files) → ``documents`` (bytes to blocks) →
``extract`` (blocks to minutes) → ``registers`` (minutes to tables) → ``sharing`` (who may see a row) →
``validate`` (hold what is wrong) → ``publish`` (sheets, ORS, exports). ``pipeline`` is the road on one page.
"""
