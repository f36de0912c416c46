"""Blocks → minutes: the layout first, then a declarative grammar (one YAML a language) drives a small engine.

layout → outline → header and attendance → tables, lists, prose → merge → agenda → confidence. Every value keeps the
literal slice it came from, the rule that took it and a calibrated probability; below the threshold it is held.
"""

from suivi.extract.engine import EXTRACTOR_VERSION, extract

__all__ = ["EXTRACTOR_VERSION", "extract"]
