"""What the browser tests share: a bot that does what the text says, and steps on a page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page
from rasa.core.channels.channel import UserMessage

LETTER = "Dear Zoë,\n\nthank you for telling me.\n\nSam"
PLAN = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261125T090000\r\nSUMMARY:Walk to the river\r\n"
    "DESCRIPTION:after breakfast\\, phone at home\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


async def bot(message: UserMessage) -> AsyncIterator[dict[str, Any]]:
    text = message.text
    if text == "draft":
        yield {"text": "Here it is."}
        yield {
            "custom": {"kind": "draft", "subject": "Thank you – one question", "body": LETTER, "mailto": True}
        }
        yield {"custom": {"kind": "calendar", "name": "walk", "ics": PLAN}}
        yield {"custom": {"kind": "file", "name": "mine.txt", "mime": "text/plain", "text": "all of it"}}
    elif text == "help":
        yield {"custom": {"kind": "control", "do": "pin_help"}}
        yield {"text": "I am glad you said it."}
        yield {
            "custom": {"kind": "help", "urgent": [{"name": "1", "note": "n", "url": "javascript:alert(1)"}]}
        }
    elif text == "break":
        return
    elif text == "html":
        yield {"text": "<img src=x onerror=document.title='owned'><b>bold</b>"}
    elif text in ("forget", "wipe"):
        yield {"text": "Gone: 3 rows."}
        yield {"custom": {"kind": "control", "do": text}}
    elif text == "slow":
        yield {"text": "first part"}
        await asyncio.sleep(0.8)
        yield {"text": "second part"}
    else:
        buttons = [
            {"title": "Say more", "payload": "there is more"},
            {"title": "Enough", "payload": "enough"},
        ]
        yield {"text": f"You said: {text}", "buttons": buttons}


def open_page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    return page


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox").fill(text)
    page.get_by_role("textbox").press("Enter")


def bubbles(page: Page) -> list[str]:
    return page.locator("#log .message p:first-of-type").all_inner_texts()


def axe(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")  # colors are measured at rest
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@contextlib.contextmanager
def hosting(html: str) -> Iterator[int]:
    """Another site, of one page; its port."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None: ...

    site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=site.serve_forever, daemon=True).start()
    yield site.server_port
    site.shutdown()
    site.server_close()
