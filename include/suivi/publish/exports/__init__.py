"""Registers as files: CSV, XLSX and JSON at a sharing level, and the follow-up table for the next meeting as Word.

Rows pass through `suivi.sharing.view`, the only door; text never becomes a formula in anybody's spreadsheet program.
"""

from suivi.publish.exports.followup import followup_docx
from suivi.publish.exports.tables import FORMATS, export

__all__ = ["FORMATS", "export", "followup_docx"]
