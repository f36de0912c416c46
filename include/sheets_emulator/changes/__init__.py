"""Kinds of batchUpdate requests: one function each, on a working copy of the spreadsheet.

A function takes the working copy, the checked request and the caller's guard, changes the copy and
returns the reply ({} for most kinds). It raises `Refused` with Google's sentence. Kinds without a
function answer 501.
"""

from . import dimensions, editing, filters, labels, looks, objects, order, paste, protecting, tabs
from .registry import KINDS

__all__ = [
    "KINDS",
    "dimensions",
    "editing",
    "filters",
    "labels",
    "looks",
    "objects",
    "order",
    "paste",
    "protecting",
    "tabs",
]
