"""Measure extraction on documents with gold answers.

Prints score.py's figures by document and format, and what accepting above the threshold would give.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from suivi.errors import ConfigurationError


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("gold", type=Path, metavar="GOLD_DIR")
    parser.add_argument("documents", type=Path, metavar="DOCS_DIR")


def run(arguments: argparse.Namespace) -> int:
    from suivi.extract.evaluate import evaluate, render

    for folder in (arguments.gold, arguments.documents):
        if not folder.is_dir():
            raise ConfigurationError(f"{folder} is no folder. Usage: suivi evaluate GOLD_DIR DOCS_DIR.")
    if not any(arguments.gold.glob("*.json")):
        raise ConfigurationError(f"{arguments.gold} holds no gold answers (*.json, one a document).")
    print(render(evaluate(arguments.gold, arguments.documents)))
    return 0
