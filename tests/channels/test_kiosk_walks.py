"""Many people at one kiosk, one after the other, each doing and leaving as they like; the next finds nothing.

KIOSK_WALKS (60) is how many, KIOSK_SEED (7) what they do.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random

from browsing import bot
from channel_server import Server, serving
from playwright.sync_api import Browser, BrowserContext, Page, expect
from traces import nothing_left

from comeback.channels.kiosk import Kiosk
from comeback.channels.memory import LocalMemory, Rate

WALKS = int(os.environ.get("KIOSK_WALKS", "60"))
SEED = int(os.environ.get("KIOSK_SEED", "7"))
Step = Callable[[Page, str], None]


def tap(page: Page, selector: str) -> None:
    """Press it when it is there to be pressed."""
    page.evaluate(
        "selector => { const node = document.querySelector(selector); if (node?.checkVisibility()) node.click(); }",
        selector,
    )


def write(page: Page, word: str) -> None:
    page.evaluate(
        "word => { $('input').value = word; $('input').dispatchEvent(new Event('input', { bubbles: true })); }",
        f"I am {word} and they said no",
    )


def send(text: str) -> Step:
    return lambda page, word: page.evaluate("text => post(text)", text.format(word=word))


def wait_for_the_answer(page: Page, word: str) -> None:
    page.evaluate(
        "new Promise(go => { const look = () => (sending ? setTimeout(look, 20) : go()); look(); })"
    )


def type_on_the_screen(page: Page, word: str) -> None:
    tap(page, "#tools [data-tool=keys]")
    page.evaluate("word => { if (!$('keyboard').hidden) [...word].forEach(press); }", word)


def take_away(page: Page, word: str) -> None:
    tap(page, "#take-open")
    page.evaluate(
        "word => { if ($('take').open) { showNote(true); $('note').value = word; choices.forEach(({ box }) => { box.checked = true; }); } }",
        word,
    )
    tap(page, "#take-code")


def print_it(page: Page, word: str) -> None:
    page.evaluate("window.print = () => {}")
    take_away(page, word)
    tap(page, "#take-print")


def copy(page: Page, word: str) -> None:
    page.evaluate("word => navigator.clipboard.writeText(word).catch(() => {})", word)


STEPS: list[Step] = [
    write,
    send("my name is {word}"),
    send("draft"),
    send("help"),
    send("break"),
    send("slow"),
    send("{word}"),
    wait_for_the_answer,
    type_on_the_screen,
    take_away,
    print_it,
    copy,
    *(
        lambda page, word, selector=selector: tap(page, selector)  # type: ignore[misc]
        for selector in (
            "#replies button",
            "#help-open",
            "[data-tool=large]",
            "[data-tool=hushed]",
            "dialog[open] [data-close]",
            "#said-open",
            ".card button",
            "#ring",
        )
    ),
]


def finish(page: Page, word: str) -> None:
    page.evaluate("for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close()")
    tap(page, "#clear")
    tap(page, "#clear-yes")


def ask_to_be_deleted(page: Page, word: str) -> None:
    wait_for_the_answer(page, word)
    page.evaluate("post('wipe')")


def walk_away(page: Page, word: str) -> None:
    """Until the screen has asked and waited; its minutes pass in an instant."""
    page.evaluate("ask()")
    page.evaluate("clear()")


def reload(page: Page, word: str) -> None:
    page.reload()


def go_elsewhere(page: Page, word: str) -> None:
    page.goto("about:blank")
    page.go_back()


LEAVINGS: list[Step] = [finish, ask_to_be_deleted, walk_away, reload, go_elsewhere]


def arrive(browser: Browser, server: Server) -> tuple[BrowserContext, Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(server.url + "/kiosk?id=2")
    return context, page


def test_the_next_person_finds_nothing_of_the_last(browser: Browser) -> None:
    chance, memory = Random(SEED), LocalMemory()
    kiosk = Kiosk(silence=0.9)
    with serving(bot, memory=memory, rate=Rate(burst=10_000), seconds=2, kiosk=kiosk) as server:
        context, page = arrive(browser, server)
        for number in range(WALKS):
            word = f"zebra{number}x"
            tap(page, "#begin" if chance.random() < 0.7 else "#minutes button")
            done = chance.choices(STEPS, k=chance.randint(2, 6))
            for step in done:
                step(page, word)
            if chance.random() < 0.2:  # the power is cut: the page has no time to say goodbye
                page.evaluate("removeEventListener('pagehide', away)")
                context.close()
                context, page = arrive(browser, server)
            else:
                chance.choice(LEAVINGS)(page, word)
            expect(page.locator("#begin")).to_be_visible()
            nothing_left(page, server, memory, "zebra")
            assert page.locator(".message").count() == 0
            assert page.evaluate("navigator.clipboard.readText().catch(() => '')") == ""
        context.close()
