"""The staff page: weekly figures as a table and as CSV, behind a token; without a token there is no page."""

from __future__ import annotations

import asyncio
import hmac
import html
import re
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from comeback import settings
from comeback.channels.guard import Refused
from comeback.channels.pages import SECURITY, WEB, page_policy
from comeback.sessions import SessionLog, Unavailable, figures, open_log
from comeback.sessions.figures import PEOPLE, Figure

_BLANK = re.compile(r"\{\{(\w+)\}\}")
PRIVATE = {**SECURITY, "Content-Security-Policy": page_policy(()), "Cache-Control": "no-store"}


class StaffPage(InputChannel):
    """`token` opens it, as the password of HTTP's basic scheme (any user name) or as a bearer token."""

    def __init__(self, token: str | None, log: SessionLog | None = None) -> None:
        self._token, self._log = token, log

    @classmethod
    def name(cls) -> str:
        return "staff"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> StaffPage:
        chosen = settings.load()
        log = open_log(chosen.database_url, chosen.spool) if chosen.staff_token else None
        return cls(chosen.staff_token, log)

    def url_prefix(self) -> str:
        return "/"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("comeback_staff")

        @blueprint.get("/staff", name="page")
        async def page(request: Request) -> HTTPResponse:
            return await self._answer(request, "text/html; charset=utf-8", build)

        @blueprint.get("/staff.csv", name="csv")
        async def csv(request: Request) -> HTTPResponse:
            return await self._answer(request, "text/csv; charset=utf-8", figures.to_csv)

        return blueprint

    async def _answer(self, request: Request, kind: str, form: Callable[[list[Figure]], str]) -> HTTPResponse:
        if self._token is None or self._log is None:
            raise Refused(404, "not_found")
        if not _admits(self._token, request.headers):
            return empty(401, PRIVATE | {"WWW-Authenticate": 'Basic realm="staff", charset="UTF-8"'})
        try:
            found = await asyncio.to_thread(figures.figures, self._log, datetime.now(UTC))
        except Unavailable:
            raise Refused(503, "unavailable") from None
        return raw(form(found).encode(), headers=PRIVATE, content_type=kind)


def build(found: Iterable[Figure], template: str | None = None) -> str:
    """The page with a table for each week, the latest first."""
    page = (WEB / "staff.html").read_text("utf-8") if template is None else template
    weeks = [list(rows) for _, rows in groupby(found, lambda row: row.week)]
    page = _each(page, "none", [] if weeks else [{}])
    return _each(page, "week", [_week(rows) for rows in reversed(weeks)])


def _week(rows: list[Figure]) -> dict[str, Any]:
    monday = date.fromisoformat(rows[0].week)
    people = next(row.people for row in rows if (row.figure, row.value) == PEOPLE)
    shown = [row for row in rows if (row.figure, row.value) != PEOPLE]
    return {
        "week": f"{monday.day} {monday:%B %Y}",
        "people": people,
        "row": [{"figure": row.figure, "value": row.value, "number": row.people} for row in shown],
    }


def _each(page: str, name: str, items: list[dict[str, Any]]) -> str:
    """`page` with the part between `<!-- each name -->` and `<!-- end name -->` once for each item, filled in."""
    before, _, rest = page.partition(f"<!-- each {name} -->\n")
    part, _, after = rest.partition(f"<!-- end {name} -->\n")
    return before + "".join(_filled(part, item) for item in items) + after


def _filled(part: str, item: Mapping[str, Any]) -> str:
    part = _BLANK.sub(lambda match: html.escape(str(item.get(match[1], match[0]))), part)
    for name, value in item.items():
        if isinstance(value, list):
            part = _each(part, name, value)
    return part


def _admits(token: str, headers: Mapping[str, str]) -> bool:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            given = b64decode(given, validate=True).decode("utf-8").partition(":")[2]
        except ValueError:
            given = ""
    elif scheme.lower() != "bearer":
        given = ""
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode("utf-8", "replace"))
