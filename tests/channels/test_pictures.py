"""The pictures of docs/channels/, made from the pages themselves.

COMEBACK_PICTURES=1 draws them anew; without it they are only looked for, and the steps that lead to them are tried.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from browsing import hosting, say
from channel_server import Server, serving
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from rasa.core.channels.channel import UserMessage

from comeback.channels.kiosk import Kiosk
from comeback.channels.memory import Rate

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "channels" / "img"
DRAW = bool(os.environ.get("COMEBACK_PICTURES"))
COLORS = 96

LETTER = """Dear Ms Alvarez,

thank you for the time that you and the team gave me over the five rounds. I was sorry to read that it did not work out.

If you have a minute: is there one skill or kind of experience that would have made my application stronger? Two lines would help me a great deal.

With thanks
Sam"""
PLAN = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261125T090000\r\nSUMMARY:Write to one person I worked with\r\n"
    "DESCRIPTION:after breakfast\\, before the news\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
SAID: dict[str, list[dict[str, Any]]] = {
    "I got rejected from Figma after 5 rounds": [
        {
            "text": "5 rounds at Figma, and then a no. You gave that a lot of yourself.\n"
            "What was the first thing you felt when you read it?"
        }
    ],
    "Honestly gutted": [
        {
            "text": "That is real sadness about Figma. It makes sense to mourn something you wanted.\n"
            "Where shall we start: just say it, make sense of it, or do something?",
            "buttons": [
                {"title": t, "payload": t} for t in ("Just say it", "Make sense of it", "Do something")
            ],
        }
    ],
    "Help me ask for feedback": [
        {"text": "Here is a first version. Tell me what to change."},
        {
            "custom": {
                "kind": "draft",
                "subject": "Thank you, and one question",
                "body": LETTER,
                "mailto": True,
            }
        },
    ],
    "Plan something small": [{"custom": {"kind": "calendar", "name": "plan.ics", "ics": PLAN}}],
}

SCHOOL = """<!doctype html><html lang="en"><title>School</title>
<style>body { font: 18px/1.6 system-ui; margin: 4rem; color: #333; max-width: 34rem; }</style>
<h1>Career services</h1>
<p>Workshops, advising hours and job boards for students and alumni. Got a no this week? Talk it through right here.</p>
<script src="SERVER/embed.js" async data-label="Talk it through"></script>"""


async def bot(message: UserMessage) -> AsyncIterator[dict[str, Any]]:
    for said in SAID[message.text]:
        yield said


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    kiosk = Kiosk(bell_url="http://127.0.0.1:9/")
    with serving(bot, rate=Rate(burst=1000), embed_origins=("http://127.0.0.1:*",), kiosk=kiosk) as running:
        yield running


def picture(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    if DRAW:
        page.wait_for_timeout(400)
        shot = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
        shot.quantize(COLORS, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.exists(), f"draw it: COMEBACK_PICTURES=1 pytest {Path(__file__).name}"
    assert path.stat().st_size < 80_000


def talk(page: Page, *texts: str) -> None:
    for text in texts:
        mine = page.locator("#log .message.me")
        count = mine.count()
        say(page, text)
        expect(mine).to_have_count(count + 1)
        expect(page.locator("#status")).to_be_empty()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_the_web_page(browser: Browser, server: Server, scheme: Any) -> None:
    page = browser.new_page(
        color_scheme=scheme, viewport={"width": 420, "height": 760}, device_scale_factor=2
    )
    page.goto(server.url)
    if scheme == "light":
        picture(page, "web-start")
    talk(page, *list(SAID)[:2])
    picture(page, f"web-talk-{scheme}")
    if scheme == "light":
        talk(page, "Help me ask for feedback")
        page.locator(".card").scroll_into_view_if_needed()
        picture(page, "web-draft")
    page.close()


def test_pictures_of_a_site_with_the_tag(browser: Browser, server: Server) -> None:
    html = SCHOOL.replace("SERVER", server.url)
    with hosting(html) as port:
        page = browser.new_page(viewport={"width": 1100, "height": 760})
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("button", name="Talk it through").click()
        frame = page.frame_locator("iframe")
        frame.get_by_role("textbox").fill(next(iter(SAID)))
        frame.get_by_role("textbox").press("Enter")
        expect(frame.locator(".message.bot")).to_have_count(1)
        expect(frame.locator("#status")).to_be_empty()
        picture(page, "web-embed")
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_of_the_kiosk(browser: Browser, server: Server, scheme: Any) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": 1280, "height": 800})
    page.goto(server.url + "/kiosk?id=2")
    picture(page, f"kiosk-start-{scheme}")
    page.locator("#begin").click()
    talk(page, *list(SAID)[:2])
    picture(page, f"kiosk-talk-{scheme}")
    if scheme == "dark":
        page.close()
        return
    page.locator("#tools [data-tool=keys]").click()
    picture(page, "kiosk-keyboard")
    page.locator("#keyboard [data-value='⌄']").click()
    say(page, "Help me ask for feedback")
    say(page, "Plan something small")
    expect(page.locator(".card")).to_have_count(2)
    page.locator("#take-open").click()
    page.locator("#things .choice").first.click()
    page.locator("#things .choice").last.click()
    picture(page, "kiosk-take")
    page.locator("#take-code").click()
    picture(page, "kiosk-code")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#help-open").click()
    picture(page, "kiosk-person")
    page.keyboard.press("Escape")
    page.evaluate("ask()")
    picture(page, "kiosk-idle")
    page.close()
