"""The staff page over real HTTP, on a real log."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from channel_server import KEY, Server, StubAgent, echo
from playwright.sync_api import Browser

from comeback.channels.staff import StaffPage, build
from comeback.channels.web import WebChannel
from comeback.sessions import TurnRow, migrate, open_log
from comeback.sessions.figures import Figure

TOKEN = "a long staff token"
SECRET = "i cried in zanzibar"


def basic(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"me:{password}".encode()).decode()}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("staff")
    url = f"sqlite:///{folder / 'log.db'}"
    migrate(url)
    log = open_log(url, folder / "spool.db")
    last_week = datetime.now(UTC) - timedelta(weeks=1)
    for n in range(37):
        who, channel = f"person-{n}", "web" if n < 30 else "kiosk"
        log.set_consent(who, "words", True, "v1", last_week)
        log.record(TurnRow(conversation=who, at=last_week, channel=channel, stage="feedback", text=SECRET))
    with Server(StubAgent(echo), [WebChannel(KEY), StaffPage(TOKEN, log)]) as running:
        yield running
    log.close()


def test_without_a_token_set_there_is_no_page() -> None:
    with Server(StubAgent(echo), [WebChannel(KEY), StaffPage(None)]) as server:
        for path in ("/staff", "/staff.csv"):
            for headers in ({}, basic(""), basic("None"), {"Authorization": "Bearer "}):
                assert requests.get(server.url + path, headers=headers, timeout=5).status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic(""),
        basic(TOKEN[:-1]),
        basic(TOKEN + " "),
        {"Authorization": "Basic ???"},
        {"Authorization": f"Digest {TOKEN}"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer é"},
    ],
)
def test_a_wrong_token_sees_nothing(server: Server, headers: dict[str, str]) -> None:
    for path in ("/staff", "/staff.csv"):
        encoded = {name: value.encode("utf-8") for name, value in headers.items()}
        answer = requests.get(server.url + path, headers=encoded, timeout=5)  # type: ignore[arg-type]
        assert (answer.status_code, answer.content) == (401, b"")
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_staff_see_counts_of_ten_or_more_and_no_word_and_nobody(server: Server) -> None:
    page = requests.get(server.url + "/staff", headers=basic(TOKEN), timeout=20)
    csv = requests.get(server.url + "/staff.csv", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20)
    assert page.status_code == csv.status_code == 200
    assert (
        page.headers["Cache-Control"] == "no-store"
        and "unsafe" not in page.headers["Content-Security-Policy"]
    )
    assert csv.headers["Content-Type"].startswith("text/csv")
    rows = [line.split(",") for line in csv.text.splitlines()[1:]]
    assert ["people", "all", "30"] in [row[1:] for row in rows]
    assert all(int(row[-1]) >= 10 for row in rows) and "kiosk" not in csv.text
    assert "at least 30 people" in page.text and "What we do not show" in page.text
    for text in (page.text, csv.text):
        assert "zanzibar" not in text and "person-" not in text and "{{" not in text


def test_the_page_is_accessible(server: Server, browser: Browser) -> None:
    for scheme in ("light", "dark"):
        context = browser.new_context(
            http_credentials={"username": "staff", "password": TOKEN},
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": 320, "height": 640},
        )
        page = context.new_page()
        page.goto(server.url + "/staff")
        assert page.locator("table caption").count() == 1 and page.locator("th[scope=row]").count() > 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "704px"
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        context.close()


def test_what_stands_in_a_figure_is_never_markup() -> None:
    rows = [Figure("2026-05-04", "people", "all", 20), Figure("2026-05-04", "channel", "<b>{{week}}", 10)]
    page = build(rows)
    assert "&lt;b&gt;{{week}}" in page and "<b>" not in page
    assert "no week" in build([]) and "no week" not in page
