"""Spreadsheets in the browser, as a person would see them; editable, so that the two-way road can be tried.

`/` lists them, `/view/ID` shows one: vanilla JavaScript over `/_viewer/ID` (title and tabs) and
`/_viewer/ID/SHEET` (what a tab looks like); edits go through `POST /_emulator/edit` like any test's.
"""

from pathlib import Path

from fastapi import FastAPI, HTTPException
from fastapi.responses import FileResponse, JSONResponse
from starlette.staticfiles import StaticFiles

from ..control import listed
from ..workspace import Workspace
from .picture import overview, picture

STATIC = Path(__file__).parent / "static"


def add_viewer(app: FastAPI, workspace: Workspace) -> None:
    """The viewer's routes."""

    def index() -> FileResponse:
        return FileResponse(STATIC / "index.html")

    def page(key: str) -> FileResponse:
        if workspace.book(key) is None:
            raise HTTPException(404, f"No spreadsheet {key}.")
        return FileResponse(STATIC / "view.html")

    def spreadsheets() -> JSONResponse:
        with workspace.lock:
            return JSONResponse(listed(workspace))

    def spreadsheet(key: str) -> JSONResponse:
        book = workspace.book(key)
        if book is None:
            raise HTTPException(404, f"No spreadsheet {key}.")
        return JSONResponse(overview(book))

    def tab(key: str, sheet_id: int, start: int = 0, count: int = 300) -> JSONResponse:
        book = workspace.book(key)
        found = book.find(sheet_id) if book else None
        if book is None or found is None:
            raise HTTPException(404, f"No tab {sheet_id} in {key}.")
        return JSONResponse(picture(book, found, start, min(count, 2000)))

    app.add_api_route("/", index, methods=["GET"], response_model=None)
    app.add_api_route("/view/{key}", page, methods=["GET"], response_model=None)
    app.add_api_route("/_viewer/", spreadsheets, methods=["GET"], response_model=None)
    app.add_api_route("/_viewer/{key}", spreadsheet, methods=["GET"], response_model=None)
    app.add_api_route("/_viewer/{key}/{sheet_id}", tab, methods=["GET"], response_model=None)
    app.mount("/_static", StaticFiles(directory=STATIC))
