"""The chat page in a real browser: what a person sees, hears and can reach."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import LETTER, axe, bot, bubbles, hosting, open_page, say
from channel_server import Server, serving
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from comeback.channels.memory import Rate
from comeback.channels.pages import load_strings

WORDS = load_strings()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(bot, rate=Rate(burst=1000), embed_origins=("http://127.0.0.1:*",), seconds=5) as running:
        yield running


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    return open_page(context, server.url)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/?embed"])
def test_axe_finds_nothing(browser: Browser, server: Server, scheme: Any, path: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 420, "height": 700})
    page = open_page(context, server.url + path)
    axe(page)
    say(page, "draft")
    expect(page.get_by_role("button", name="Save file")).to_be_visible()
    say(page, "help")
    say(page, "they said no")
    expect(page.get_by_role("button", name="Say more")).to_be_visible()
    axe(page)
    say(page, "break")
    expect(page.get_by_role("log")).to_contain_text(WORDS["channel"]["trouble"])
    axe(page)
    page.get_by_role("button", name="Get help now").click()
    axe(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear this talk").click()
    axe(page)
    context.close()


def test_messages_are_a_polite_log_and_a_crisis_is_assertive(page: Page) -> None:
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    say(page, "hello")
    expect(log.locator(".message.bot")).to_have_text("Comeback: You said: hello")
    expect(log.locator(".message.me")).to_have_text("You: hello")
    say(page, "help")
    expect(log).to_contain_text("I am glad you said it.")
    expect(log).to_have_attribute("aria-live", "assertive")
    expect(page.locator(".pinned")).to_have_count(1)
    assert page.locator('a[href^="javascript"]').count() == 0
    say(page, "hello")
    expect(log).to_have_attribute("aria-live", "polite")


def test_writing_is_a_status_and_parts_show_as_they_come(page: Page) -> None:
    say(page, "slow")
    expect(page.get_by_role("status")).to_contain_text("Comeback is writing")
    expect(page.get_by_role("log")).to_contain_text("first part")
    expect(page.get_by_role("log")).not_to_contain_text("second part")
    expect(page.get_by_role("log")).to_contain_text("second part")
    expect(page.get_by_role("status")).to_be_empty()


def test_a_quick_reply_sends_its_text_and_focus_goes_to_the_input(page: Page, server: Server) -> None:
    say(page, "hello")
    page.get_by_role("button", name="Say more").click()
    expect(page.get_by_role("log")).to_contain_text("You said: there is more")
    expect(page.get_by_role("textbox")).to_be_focused()
    assert server.agent.heard[-1][1] == "there is more"
    assert page.get_by_role("button", name="Say more").count() == 1


def test_all_of_it_works_with_the_keyboard(page: Page) -> None:
    order = []
    for _ in range(8):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
    assert order == ["help-open", "scroll", *WORDS["script"]["starters"], "input", "send", "clear"]
    page.locator("#help-open").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.locator("#help-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#help-open")).to_be_focused()
    page.get_by_role("textbox").focus()
    page.keyboard.type("line one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("line two")
    page.keyboard.press("Enter")
    expect(page.locator(".me p")).to_have_text("line one\nline two")
    expect(page.get_by_role("textbox")).to_have_value("")
    expect(page.get_by_role("textbox")).to_be_focused()


def test_every_target_is_at_least_44_pixels(page: Page) -> None:
    say(page, "draft")
    say(page, "help")
    say(page, "hello")
    expect(page.get_by_role("button", name="Say more")).to_be_visible()
    page.get_by_role("button", name="Get help now").click()
    targets = page.locator("button:visible, a:visible, textarea:visible")
    sizes = targets.evaluate_all(
        "nodes => nodes.map(n => [n.textContent, n.getBoundingClientRect().width, n.getBoundingClientRect().height])"
    )
    assert len(sizes) > 15
    assert [size for size in sizes if round(min(size[1:]), 2) < 44] == []


def test_a_narrow_screen_with_large_text_keeps_input_and_help_in_view(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = open_page(context, server.url)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    say(page, "a word that is quitelongwithoutanyspaceinitbecausepeoplepasteaddresses.example.org/a/b/c/d/e")
    expect(page.get_by_role("button", name="Say more")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for name in ("#input", "#send", "#help-open"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    assert page.locator("#scroll").bounding_box()["height"] >= 64  # type: ignore[index]
    context.close()


def test_nothing_is_asked_of_other_servers_and_nothing_is_kept_but_in_the_tab(
    context: BrowserContext, server: Server
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = open_page(context, server.url)
    say(page, "draft")
    say(page, "help")
    expect(page.get_by_role("log")).to_contain_text("I am glad you said it.")
    assert [url for url in asked if not url.startswith(server.url + "/")] == []
    assert context.cookies() == []
    assert page.evaluate("localStorage.length") == 0
    assert not any("hello" in url or "token" in url for url in asked)


def test_the_page_is_small_and_ready_to_type_in_a_second(page: Page) -> None:
    expect(page.get_by_role("textbox")).to_be_editable()
    sizes, ready = page.evaluate("""() => {
        const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
        return [all.map(entry => entry.transferSize), all[0].domContentLoadedEventEnd];
    }""")
    assert sum(sizes) < 100_000
    assert 0 < ready < 1000


def test_a_reload_brings_the_talk_back_and_does_not_read_it_out(page: Page, server: Server) -> None:
    say(page, "hello")
    say(page, "draft")
    expect(page.get_by_role("button", name="Save file")).to_be_visible()
    page.get_by_role("button", name="Copy").wait_for()
    before, heard = bubbles(page), len(server.agent.heard)
    page.reload()
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    assert bubbles(page) == before
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
    say(page, "still the same talk")
    expect(page.get_by_role("log")).to_contain_text("You said: still the same talk")
    assert len(server.agent.heard) == heard + 1
    assert len({sender for sender, _ in server.agent.heard[-3:]}) == 1


def test_a_reload_in_the_middle_of_an_answer_doubles_nothing(page: Page, server: Server) -> None:
    heard = len(server.agent.heard)
    say(page, "slow")
    expect(page.get_by_role("log")).to_contain_text("first part")
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("second part")
    assert bubbles(page) == ["slow", "first part", "second part"]
    assert len(server.agent.heard) == heard + 1


def test_a_retry_after_a_lost_answer_doubles_nothing(page: Page, server: Server) -> None:
    heard = len(server.agent.heard)

    def lose(route: Route) -> None:
        route.fetch()  # the server hears it, the page does not hear the answer
        route.abort()

    page.route("**/api/message", lose, times=1)
    say(page, "hello")
    expect(page.get_by_role("alert")).to_contain_text(WORDS["script"]["down"])
    page.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("log")).to_contain_text("You said: hello")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert bubbles(page) == ["hello", "You said: hello"]
    assert len(server.agent.heard) == heard + 1


def test_offline_keeps_the_words_and_the_help_and_sends_when_back(page: Page, server: Server) -> None:
    page.context.set_offline(True)
    expect(page.get_by_role("alert")).to_contain_text("You are offline")
    say(page, "can you hear me")
    page.get_by_role("button", name="Get help now").click()
    expect(page.get_by_role("dialog")).to_contain_text("116 123")
    expect(page.get_by_role("dialog")).to_contain_text("findahelpline.com")
    page.keyboard.press("Escape")
    page.context.set_offline(False)
    expect(page.get_by_role("log")).to_contain_text("You said: can you hear me")
    assert [text for _, text in server.agent.heard].count("can you hear me") == 1


def test_a_server_that_is_down_is_said_plainly(browser: Browser) -> None:
    with serving(bot) as server:
        page = open_page(browser.new_context(), server.url)
        say(page, "hello")
        expect(page.get_by_role("log")).to_contain_text("You said: hello")
        server.stop()
        say(page, "still there?")
        expect(page.get_by_role("alert")).to_contain_text(WORDS["script"]["down"])
        expect(page.get_by_role("button", name="Get help now")).to_be_enabled()
        page.context.close()


def test_trouble_offers_urgent_help_and_sending_again_shows_the_words_once(page: Page) -> None:
    say(page, "break")
    expect(page.get_by_role("log")).to_contain_text("988")
    page.get_by_role("log").get_by_role("button", name="Send again").click()
    expect(page.locator(".message.bot")).to_have_count(2)
    expect(page.locator(".message.me")).to_have_count(1)


def test_what_the_bot_says_is_never_markup(page: Page) -> None:
    say(page, "html")
    expect(page.get_by_role("log")).to_contain_text("<b>bold</b>")
    assert page.title() == "Comeback"


def test_a_draft_can_be_copied_mailed_and_saved(page: Page, tmp_path: Path) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    say(page, "draft")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == LETTER
    href = page.get_by_role("link", name="Open in mail").get_attribute("href")
    assert href is not None
    assert href.startswith("mailto:?subject=Thank%20you%20%E2%80%93")

    def saved(name: str) -> bytes:
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        return path.read_bytes()

    mail = email.message_from_bytes(saved("Save as mail file"), policy=email.policy.default)
    assert mail["Subject"] == "Thank you – one question"
    assert mail.get_content().replace("\r\n", "\n").strip() == LETTER
    assert saved("Add to calendar").startswith(b"BEGIN:VCALENDAR")
    assert saved("Save file") == b"all of it"


@pytest.mark.parametrize(("how", "left"), [("forget", 1), ("wipe", 0)])
def test_forgetting_empties_the_page_and_the_tab(page: Page, server: Server, how: str, left: int) -> None:
    say(page, "my name is Ada")
    expect(page.get_by_role("log")).to_contain_text("You said: my name is Ada")
    say(page, how)
    expect(page.locator(".message")).to_have_count(left)
    assert "Ada" not in page.content()
    assert "Ada" not in str(page.evaluate("JSON.stringify(sessionStorage)"))
    say(page, "hello")
    expect(page.get_by_role("log")).to_contain_text("You said: hello")
    assert server.agent.heard[-1][0] != server.agent.heard[-2][0]


def test_clearing_asks_first_and_erases_on_the_server(page: Page, server: Server) -> None:
    say(page, "my name is Ada")
    expect(page.get_by_role("log")).to_contain_text("You said: my name is Ada")
    conversation = server.agent.heard[-1][0]
    page.get_by_role("button", name="Clear this talk").click()
    page.get_by_role("button", name="Keep it").click()
    assert conversation in server.agent.tracker_store.store
    page.get_by_role("button", name="Clear this talk").click()
    page.get_by_role("dialog").get_by_role("button", name="Clear this talk").click()
    expect(page.get_by_role("status")).to_contain_text("The talk is cleared.")
    assert conversation not in server.agent.tracker_store.store
    assert "Ada" not in page.content() + str(page.evaluate("JSON.stringify(sessionStorage)"))


def test_clearing_while_the_server_is_away_is_finished_later(page: Page, server: Server) -> None:
    say(page, "my name is Ada")
    expect(page.get_by_role("log")).to_contain_text("You said: my name is Ada")
    conversation = server.agent.heard[-1][0]
    page.route("**/api/session", lambda route: route.abort(), times=1)
    page.get_by_role("button", name="Clear this talk").click()
    page.get_by_role("dialog").get_by_role("button", name="Clear this talk").click()
    expect(page.get_by_role("alert")).to_contain_text("The page is cleared.")
    assert conversation in server.agent.tracker_store.store
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("The talk is cleared.")
    assert conversation not in server.agent.tracker_store.store


def test_too_fast_gets_one_notice_and_every_message_arrives(browser: Browser) -> None:
    with serving(bot, rate=Rate(burst=2, per_second=2)) as server:
        page = open_page(browser.new_context(), server.url)
        for number in range(4):
            say(page, f"message {number}")
        expect(page.get_by_role("alert")).to_contain_text(WORDS["channel"]["slow_down"])
        expect(page.get_by_role("log")).to_contain_text("You said: message 3", timeout=8000)
        assert [text for _, text in server.agent.heard] == [f"message {number}" for number in range(4)]
        page.context.close()


def test_a_token_of_an_old_key_is_renewed_without_a_word(page: Page) -> None:
    page.evaluate("state.token = 'web.1.' + 'x'.repeat(22) + '.' + 'y'.repeat(43)")
    say(page, "hello")
    expect(page.get_by_role("log")).to_contain_text("You said: hello")


def test_motion_stops_when_asked(browser: Browser, server: Server) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = open_page(context, server.url)
    say(page, "hello")
    expect(page.locator(".message").first).to_have_css("animation-name", "none")
    context.close()


@pytest.fixture
def host_page(context: BrowserContext, server: Server) -> Iterator[Callable[[str], Page]]:
    """Opens a page of another site, by its host name, that holds our tag."""
    html = (
        f'<!doctype html><h1>School</h1><script src="{server.url}/embed.js" async data-label="Talk"></script>'
    )
    with hosting(html) as port:
        yield lambda host: open_page(context, f"http://{host}:{port}/")


def test_one_tag_embeds_the_chat_and_escape_closes_it(host_page: Callable[[str], Page]) -> None:
    page = host_page("127.0.0.1")
    launcher = page.get_by_role("button", name="Talk")
    launcher.click()
    expect(launcher).to_have_attribute("aria-expanded", "true")
    frame = page.frame_locator("iframe")
    frame.get_by_role("textbox").fill("from a frame")
    frame.get_by_role("textbox").press("Enter")
    expect(frame.get_by_role("log")).to_contain_text("You said: from a frame")
    frame.get_by_role("textbox").press("Escape")
    expect(page.locator("iframe")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_a_site_that_is_not_on_the_list_cannot_frame_the_chat(host_page: Callable[[str], Page]) -> None:
    page = host_page("localhost")
    page.get_by_role("button", name="Talk").click()
    page.wait_for_timeout(500)
    assert page.frame_locator("iframe").get_by_role("textbox").count() == 0
