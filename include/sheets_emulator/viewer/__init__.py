"""Spreadsheets in the browser, as a person would see them; editable, so that the two-way road can be tried."""

from fastapi import FastAPI

from ..workspace import Workspace


def add_viewer(app: FastAPI, workspace: Workspace) -> None:
    """The viewer's routes."""
