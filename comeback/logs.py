"""What a log line may hold: when, how bad, where, and the kind of an error.

A library's words are never printed, because they may be a person's: Rasa logs texts and slot values, tracebacks
carry messages. Records are emptied when they are made, so it holds for every handler and at every level. Our own
lines are constant sentences with counts, kinds and names of our tables (tests/sessions/test_logs.py).
"""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

OURS = ("comeback", "actions")
ROOT = Path(__file__).resolve().parent.parent
HERE = tuple(str(ROOT / name) for name in OURS)
DEEPEST = 4
"""Errors shown of a chain of causes."""

logger = logging.getLogger(__name__)


def install() -> None:
    """Empty all records of this process from now on, and send what nobody catches the same way."""
    logging.setLogRecordFactory(_record)
    logging.raiseExceptions = False
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    warnings.showwarning = _warned
    sys.excepthook = _uncaught
    sys.unraisablehook = lambda raised: _uncaught(raised.exc_type, raised.exc_value, None)
    threading.excepthook = lambda raised: _uncaught(raised.exc_type, raised.exc_value, None)


def trace(error: BaseException | None) -> str:
    """The kinds and places of an error and its causes, without a word of them."""
    found: list[str] = []
    while error is not None and len(found) < DEEPEST:
        found.append(f"{type(error).__name__}{_place(error.__traceback__)}")
        error = error.__cause__ or error.__context__
    return " from ".join(found)


def _record(
    name: str,
    level: int,
    path: str,
    line: int,
    message: object,
    args: Any,
    exc_info: Any,
    func: str | None = None,
    sinfo: str | None = None,
    **more: Any,
) -> logging.LogRecord:
    if name.split(".")[0] not in OURS:
        error = exc_info[1] if exc_info else sys.exc_info()[1] if level >= logging.ERROR else None
        message, args = " ".join(filter(None, (f"{_short(path)}:{line}", trace(error)))), ()
    return logging.LogRecord(name, level, path, line, message, args, None, func)


def _place(traceback: TracebackType | None) -> str:
    """The innermost place in our own code, else anywhere."""
    places = []
    while traceback is not None:
        places.append((traceback.tb_frame.f_code.co_filename, traceback.tb_lineno))
        traceback = traceback.tb_next
    ours = [place for place in places if place[0].startswith(HERE)]
    for path, line in (ours or places)[-1:]:
        return f" at {_short(path)}:{line}"
    return ""


def _short(path: str) -> str:
    return "/".join(Path(path).parts[-3:])


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    if not issubclass(category, DeprecationWarning | PendingDeprecationWarning):
        logger.warning("%s at %s:%d", category.__name__, _short(filename), lineno)


def _uncaught(kind: type[BaseException], error: BaseException | None, _: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logger.critical("not caught: %s", trace(error) or kind.__name__)
