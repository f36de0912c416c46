"""The process that reads for `isolated`: frames of name and bytes on stdin, frames of readings on stdout.

`python -m suivi.documents.child MEGABYTES`. It ends with its parent, and by SIGALRM when a document hangs it.
"""

from __future__ import annotations

import os
import resource
import signal
import struct
import sys
from typing import BinaryIO

from suivi.documents.reading import failed, read
from suivi.documents.wire import pack

HEAD = struct.Struct("<III")  # seconds, bytes of the name, bytes of the document
SIZE = struct.Struct("<I")


def main() -> None:
    megabytes = int(sys.argv[1])
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (megabytes * 1024 * 1024, hard))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the frames
    questions = sys.stdin.buffer
    while head := questions.read(HEAD.size):
        seconds, name, data = HEAD.unpack(head)
        signal.alarm(seconds + 5)
        _answer(questions, answers, name, data)
        signal.alarm(0)


def _answer(questions: BinaryIO, answers: BinaryIO, name: int, data: int) -> None:
    try:
        title = questions.read(name).decode("utf-8", "replace")
        answer = pack(read(questions.read(data), title))
    except MemoryError:
        answer = pack(failed("document_too_large"))
    answers.write(SIZE.pack(len(answer)) + answer)
    answers.flush()


if __name__ == "__main__":
    main()
