"""Google Sheets v4 and Drive v3 on localhost, honest enough to develop and test a publisher against.

`python -m sheets_emulator --port N --state DIR` serves `/v4/spreadsheets…`, `/drive/v3/…` and
`/upload/drive/…` at its root, a viewer at `/` and its own controls under `/_emulator/`.

Honest means: bodies are checked against Google's discovery documents, what is not modelled answers
501 and never an empty success, a batchUpdate applies whole or not at all, and what is acknowledged
is on disk. `python -m sheets_emulator.conformance TARBALL` replays exchanges recorded with Google.

Layers, lowest first: `errors`, `a1`, `masks`, `discovery` (words of the API); `model`, `store`,
`workspace` (what is kept); `cells` (typing in, calculating, formatting); `changes` (one function a
kind of batchUpdate request); `sheets` and `drive` (the two APIs); `app` (the server around them).
"""
