"""The kiosk in a real browser: a person comes, talks, takes something along and leaves nothing behind."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import loops
import pytest
import requests
import segno
from browsing import LETTER, PLAN, axe, bot, bubbles, open_page, say
from channel_server import Server, serving
from playwright.sync_api import Browser, BrowserContext, Page, expect
from segno import encoder
from traces import nothing_left

from comeback.channels.kiosk import Kiosk, OpenTalks, load_here
from comeback.channels.memory import LocalMemory, Rate
from comeback.channels.pages import load_strings

ROOT = Path(__file__).resolve().parents[2]
WORDS = load_strings()
PAGE, SCRIPT = WORDS["kiosk"]["page"], WORDS["kiosk"]["script"]


@pytest.fixture(scope="module")
def bell() -> Iterator[tuple[str, list[bytes]]]:
    rung: list[bytes] = []

    class Staff(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            rung.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204 if b'"2"' in rung[-1] else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    staff = ThreadingHTTPServer(("127.0.0.1", 0), Staff)
    Thread(target=staff.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{staff.server_port}/", rung
    staff.shutdown()
    staff.server_close()


@pytest.fixture(scope="module")
def memory() -> LocalMemory:
    return LocalMemory()


@pytest.fixture(scope="module")
def server(bell: tuple[str, list[bytes]], memory: LocalMemory) -> Iterator[Server]:
    kiosk = Kiosk(bell_url=bell[0])
    with serving(bot, rate=Rate(burst=1000), memory=memory, kiosk=kiosk, seconds=5) as running:
        yield running


@pytest.fixture
def page(context: BrowserContext, server: Server) -> Page:
    page = open_page(context, server.url + "/kiosk?id=2")
    page.set_viewport_size({"width": 1280, "height": 800})
    return page


def start(page: Page) -> None:
    page.get_by_role("button", name=PAGE["begin"]).click()


def talk(page: Page, text: str) -> None:
    say(page, text)
    expect(page.locator("#log")).to_contain_text("You said: " + text)


def finish(page: Page) -> None:
    page.locator("#clear").click()
    if page.locator("#clear-ask").is_visible():
        page.locator("#clear-yes").click()
    expect(page.locator("#begin")).to_be_visible()


def screens(page: Page) -> Iterator[str]:
    """Every screen of the kiosk, one after the other."""
    yield "start"
    start(page)
    yield "begun"
    for text in ("draft", "hello", "break", "help"):
        say(page, text)
    expect(page.locator("#log")).to_contain_text("I am glad you said it.")
    page.locator("[data-tool=hushed]").click()
    yield "talk"
    page.locator("[data-tool=hushed]").click()
    page.locator("#tools [data-tool=keys]").click()
    yield "keyboard"
    page.locator("#keyboard [data-value='123']").click()
    yield "numbers"
    page.locator("#keyboard [data-value='⌄']").click()
    page.locator("#take-open").click()
    page.locator("#said-open").click()
    page.locator("#things input").first.check()
    page.locator("#note-chosen").check()
    yield "take"
    page.locator("#take-code").click()
    yield "code"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#help-open").click()
    yield "help"
    page.keyboard.press("Escape")
    page.locator("#clear").click()
    yield "clear"
    page.keyboard.press("Escape")
    page.evaluate("ask()")
    yield "idle"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_screen(browser: Browser, server: Server, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 800})
    page = open_page(context, server.url + "/kiosk?id=2")
    assert [(screen, axe(page)) for screen in screens(page)]
    context.close()


def test_every_target_is_at_least_60_pixels_and_finishing_is_always_in_view(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 768})
    page = open_page(context, server.url + "/kiosk?id=2")
    small = {}
    for screen in screens(page):
        sizes = page.locator("button:visible, textarea:visible, label:visible").evaluate_all(
            "nodes => nodes.map(n => [n.textContent, n.getBoundingClientRect().width, n.getBoundingClientRect().height])"
        )
        assert len(sizes) > 4 or screen in ("idle", "clear", "code")
        small[screen] = [size for size in sizes if round(min(size[1:]), 2) < 60]
        if screen != "start":
            expect(page.locator("#clear")).to_be_in_viewport(ratio=1)
    assert not any(small.values()), small
    context.close()


def test_one_touch_starts_and_the_poster_is_honest(page: Page) -> None:
    expect(page.locator("#start")).to_contain_text(
        "A program, not a person. Not therapy. Nothing is kept when you leave."
    )
    expect(page.locator("#begin")).to_be_focused()
    start(page)
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#input")).to_be_focused()


def test_five_minutes_are_told_to_the_bot_as_words_of_the_kiosk(page: Page, server: Server) -> None:
    page.get_by_role("button", name="I have 5 minutes").click()
    expect(page.locator("#log")).to_contain_text("You said: I have 5 minutes")
    conversation, text = server.agent.heard[-1]
    assert text == "I have 5 minutes"
    assert conversation.startswith("kiosk-")


def test_a_still_screen_asks_waits_and_clears_itself(page: Page, server: Server, memory: LocalMemory) -> None:
    page.clock.install()
    start(page)
    talk(page, "my name is Ada")
    for _ in range(12):
        page.clock.run_for(59_000)
        expect(page.locator("#idle")).to_be_hidden()
        page.clock.run_for(1_100)
        expect(page.get_by_role("alertdialog")).to_contain_text(PAGE["idle_title"])
        expect(page.locator("#stay")).to_be_focused()
        page.clock.run_for(18_000)
        page.keyboard.press("Enter")
        expect(page.locator("#idle")).to_be_hidden()
    expect(page.locator("#log")).to_contain_text("Ada")
    page.clock.run_for(61_000)
    with page.expect_response("**/api/session"):
        page.clock.run_for(20_000)
    expect(page.locator("#begin")).to_be_visible()
    nothing_left(page, server, memory, "Ada")


@pytest.mark.parametrize("how", ["Escape", "a key", "a touch beside it"])
def test_any_sign_of_life_keeps_the_talk(page: Page, how: str) -> None:
    start(page)
    page.evaluate("ask()")
    expect(page.locator("#idle")).to_be_visible()
    if how == "a touch beside it":
        page.mouse.click(5, 5)
    else:
        page.keyboard.press("Escape" if how == "Escape" else "x")
    expect(page.locator("#idle")).to_be_hidden()
    expect(page.locator("#talk")).to_be_visible()


def test_finishing_leaves_nothing_anywhere(page: Page, server: Server, memory: LocalMemory) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    start(page)
    for tool in ("large", "hushed", "keys"):
        page.locator(f"#tools [data-tool={tool}]").click()
    talk(page, "my name is Ada")
    token = page.evaluate("state.token")
    page.evaluate("navigator.clipboard.writeText('Ada')")
    page.locator("#keyboard [data-value='⌄']").click()
    page.locator("#take-open").click()
    page.locator("#note-chosen").check()
    page.locator("#note").fill("Ada would like help")
    page.locator("#take-code").click()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator("#input").press_sequentially("unsent Ada")
    with page.expect_response("**/api/session"):
        finish(page)
    nothing_left(page, server, memory, "Ada")
    assert page.evaluate("navigator.clipboard.readText()") == ""
    assert page.evaluate("document.documentElement.className") == "waiting"
    data = {"token": token, "id": "m-12345678", "text": "hello"}
    assert requests.post(server.url + "/api/message", json=data, timeout=5).status_code == 401
    start(page)
    page.keyboard.press("Control+z")
    nothing_left(page, server, memory, "Ada")
    expect(page.locator("#keyboard")).to_be_hidden()


def test_when_the_talk_asks_for_deletion_the_screen_starts_anew(
    page: Page, server: Server, memory: LocalMemory
) -> None:
    start(page)
    talk(page, "my name is Ada")
    say(page, "wipe")
    expect(page.locator("#begin")).to_be_visible()
    nothing_left(page, server, memory, "Ada")


def test_clearing_while_the_server_is_away_is_finished_later(
    page: Page, server: Server, memory: LocalMemory
) -> None:
    start(page)
    talk(page, "my name is Ada")
    page.route("**/api/session", lambda route: route.abort(), times=1)
    finish(page)
    start(page)
    page.evaluate("alive()")
    nothing_left(page, server, memory, "Ada")


def test_an_answer_that_comes_after_the_wipe_reaches_nobody(
    page: Page, server: Server, memory: LocalMemory
) -> None:
    start(page)
    say(page, "slow")
    expect(page.locator("#log")).to_contain_text("first part")
    with page.expect_response("**/api/session"):
        finish(page)
    start(page)
    talk(page, "somebody else")
    page.wait_for_timeout(900)
    assert bubbles(page) == ["somebody else", "You said: somebody else"]
    nothing_left(page, server, memory, "part")


def test_the_back_button_shows_nothing(page: Page, server: Server, memory: LocalMemory) -> None:
    start(page)
    talk(page, "my name is Ada")
    assert page.evaluate("history.length") <= 2
    page.goto(server.url + "/health")
    page.go_back()
    expect(page.locator("#begin")).to_be_visible()
    assert page.locator(".message").count() == 0
    nothing_left(page, server, memory, "Ada")
    assert requests.get(server.url + "/kiosk", timeout=5).headers["cache-control"] == "no-store"


def test_after_a_power_cut_the_next_person_finds_nothing(browser: Browser) -> None:
    memory = LocalMemory()
    with serving(bot, memory=memory, kiosk=Kiosk(silence=0.5)) as server:
        context = browser.new_context()
        page = open_page(context, server.url + "/kiosk")
        start(page)
        talk(page, "my name is Ada")
        page.wait_for_timeout(1200)
        assert server.agent.tracker_store.store, "a talk that somebody reads is not erased"
        page.evaluate("removeEventListener('pagehide', away)")  # no time to say goodbye
        context.close()
        context = browser.new_context()
        page = open_page(context, server.url + "/kiosk")
        expect(page.locator("#begin")).to_be_visible()
        nothing_left(page, server, memory, "Ada")
        context.close()


def test_talks_of_a_server_that_was_cut_off_are_erased_when_it_is_back(tmp_path: Path) -> None:
    erased: list[str] = []

    async def run() -> None:
        chosen = Kiosk(folder=tmp_path / "kiosk")

        async def end(conversation: str) -> None:
            erased.append(conversation)
            if len(erased) == 1:
                raise ConnectionError("the database is away")
            talks.ended(conversation)

        talks = OpenTalks(LocalMemory(), chosen, end)
        await talks.alive("kiosk-one")
        await talks.look()
        assert erased == []
        talks = OpenTalks(LocalMemory(), chosen, end)
        await talks.look()
        assert len(talks) == 1
        await talks.look()
        await talks.look()

    loops.finish(run())
    assert erased == ["kiosk-one", "kiosk-one"]
    assert list((tmp_path / "kiosk").iterdir()) == []


def modules(page: Page) -> list[list[bool]]:
    """The code on the screen, without its white frame."""
    size, path = page.locator("#qr svg").evaluate(
        "svg => [svg.viewBox.baseVal.width, svg.querySelector('path').getAttribute('d')]"
    )
    dark = {(int(y) - 4, int(x) - 4) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    side = int(size) - 8
    return [[(row, column) in dark for column in range(side)] for row in range(side)]


def codes_of(text: str, version: int, patch: pytest.MonkeyPatch) -> list[list[list[bool]]]:
    """All ways to write this text as a code of this size: one for each mask."""
    # segno 1.6 fills a whole byte where the standard (7.4.10) fills up to the next.
    patch.setattr(encoder, "write_padding_bits", lambda buff, _, length: buff.extend([0] * (-length % 8)))
    made = (
        segno.make(
            text, version=version, mask=mask, error="l", mode="byte", encoding="utf-8", boost_error=False
        )
        for mask in range(8)
    )
    return [[[bool(module) for module in row] for row in code.matrix] for code in made]


def test_a_code_holds_the_chosen_thing_letter_by_letter(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    start(page)
    say(page, "draft")
    page.locator(".card", has_text="Thank you").get_by_role("button", name=PAGE["take"]).click()
    page.locator("#take-code").click()
    shown = modules(page)
    assert shown in codes_of(f"Thank you – one question\n\n{LETTER}", (len(shown) - 17) // 4, monkeypatch)
    page.keyboard.press("Escape")
    page.locator("#things input").nth(2).uncheck()
    page.locator("#things", has_text="Walk").get_by_text("Walk to the river").click()
    page.locator("#take-code").click()
    shown = modules(page)
    assert shown in codes_of(PLAN, (len(shown) - 17) // 4, monkeypatch)
    expect(page.locator("#code-next")).to_be_hidden()


def test_a_long_text_becomes_several_codes_that_lose_nothing(page: Page) -> None:
    text = "Ich möchte 🙂 fragen. " * 60
    assert page.evaluate("text => parts(text).join('')", text) == text
    sizes = page.evaluate("text => parts(text).map(part => qrcode.stringToBytes(part).length)", text)
    assert len(sizes) > 1
    assert max(sizes) <= 700


def test_only_what_was_chosen_is_printed_with_people_who_listen_at_the_foot(page: Page) -> None:
    page.evaluate("window.print = () => { window.printed = true; }")
    start(page)
    talk(page, "my name is Ada")
    say(page, "draft")
    page.locator("#take-open").click()
    page.locator("#take-print").click()
    expect(page.locator("#take-status")).to_have_text(SCRIPT["choose"])
    page.get_by_text("Walk to the river").last.click()
    page.locator("#note-chosen").check()
    page.locator("#note").fill("I would like to talk about my CV")
    page.locator("#take-print").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    paper = page.locator("body").inner_text()
    for word in ("Walk to the river", "November 25", "after breakfast, phone", "my CV", "988", "116 123"):
        assert word in paper
    for word in ("Ada", "Zoë", "You said"):
        assert word not in paper
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert "river" not in page.locator("#sheet").inner_text()


@pytest.mark.parametrize(("screen", "words"), [("2", SCRIPT["rung"]), ("3", SCRIPT["not_rung"])])
def test_the_bell_tells_which_screen_and_nothing_else(
    context: BrowserContext, server: Server, bell: tuple[str, list[bytes]], screen: str, words: str
) -> None:
    page = open_page(context, server.url + f"/kiosk?id={screen}")
    start(page)
    talk(page, "my name is Ada")
    page.locator("#help-open").click()
    page.get_by_role("button", name=PAGE["ring"]).click()
    expect(page.locator("#bell-status")).to_have_text(words)
    assert json.loads(bell[1][-1]) == {"kiosk": screen}


def test_without_a_bell_none_is_shown_and_bad_rings_are_refused(browser: Browser, server: Server) -> None:
    with serving(bot) as plain:
        page = open_page(browser.new_context(), plain.url + "/kiosk")
        page.locator(".person").first.click()
        expect(page.locator("#bell")).to_be_hidden()
        expect(page.locator("#help")).to_contain_text("116 123")
        assert page.locator("#help a").count() == 0
        page.context.close()

    def ring(data: object) -> int:
        return requests.post(server.url + "/api/bell", json=data, timeout=5).status_code

    assert [ring({"screen": bad}) for bad in ("", "a b", "x" * 21, None, 2)] == [400] * 5
    assert [ring({"screen": "often"}) for _ in range(4)] == [200, 200, 200, 429]


FAKE_SPEECH = """
window.aloud = [];
const fake = Object.assign(new EventTarget(), {
  speaking: false, getVoices: () => [{}], cancel: () => window.aloud.push(null), speak: (said) => window.aloud.push(said.text),
});
Object.defineProperty(window, "speechSynthesis", { value: fake });
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


def test_reading_aloud_reads_answers_and_controls_and_stops_at_a_touch(
    context: BrowserContext, server: Server
) -> None:
    context.add_init_script(FAKE_SPEECH)
    page = open_page(context, server.url + "/kiosk")
    page.locator("#start [data-tool=aloud]").click()
    page.locator("#minutes button").first.focus()
    start(page)
    say(page, "hello")
    expect(page.locator("#log")).to_contain_text("You said: hello")
    spoken = page.evaluate("window.aloud")
    assert "I have 1 minute" in spoken
    assert "You said: hello" in spoken
    page.mouse.click(5, 300)
    assert page.evaluate("window.aloud.at(-1)") is None
    finish(page)
    assert page.locator("[data-tool=aloud][aria-pressed=true]").count() == 0


def test_without_voices_reading_aloud_is_not_offered(page: Page) -> None:
    start(page)
    expect(page.locator("#tools [data-tool=aloud]")).to_be_hidden()


def test_the_quiet_screen_blurs_what_is_older_than_the_last_exchange(page: Page) -> None:
    start(page)
    talk(page, "one")
    talk(page, "two")
    page.locator("[data-tool=hushed]").click()
    blurred = page.locator(".message p").evaluate_all(
        "nodes => nodes.map(node => getComputedStyle(node).filter !== 'none')"
    )
    assert blurred == [True, True, False, False]


def test_the_keyboard_on_the_screen_writes_and_hides_nothing(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 1024, "height": 768}, has_touch=True)
    page = open_page(context, server.url + "/kiosk")
    page.locator("#begin").tap()
    page.locator("#tools [data-tool=keys]").tap()

    def type_(*keys: str) -> None:
        for key in keys:
            page.locator(f'#keyboard [data-value="{key}"]').tap()

    type_(*"they", "⌫", *" say", "123", "!", "é", "abc", "⇧", "n")
    expect(page.locator("#input")).to_have_value("The say!éN")
    expect(page.locator("#input")).to_be_focused()
    for name in ("#input", "#send", "#clear", "#help-open", "#keyboard"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    page.locator("#send").tap()
    expect(page.locator("#log")).to_contain_text("You said: The say!éN")
    type_("⌄")
    page.locator("#tools [data-tool=large]").tap()
    page.locator("#tools [data-tool=keys]").tap()
    for name in ("#input", "#send", "#clear", "#help-open", "#keyboard"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    type_("⌄")
    page.locator("#take-open").tap()
    page.locator("label:has(#note-chosen)").tap()
    page.locator("#note").fill("")
    page.locator("#note-keys").tap()
    type_(*"hi")
    expect(page.locator("#note")).to_have_value("Hi")
    for name in ("#note", "#keyboard", "#take-print"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    context.close()


def test_a_narrow_screen_with_large_text_keeps_the_ways_out_in_view(browser: Browser, server: Server) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = open_page(context, server.url + "/kiosk")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    start(page)
    say(page, "a word that is quitelongwithoutanyspaceinitbecausepeoplepasteaddresses.example.org/a/b/c/d/e")
    expect(page.get_by_role("button", name="Say more")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for name in ("#input", "#send", "#help-open", "#clear"):
        expect(page.locator(name)).to_be_in_viewport(ratio=1)
    page.locator("#tools-open").click()
    expect(page.locator("#take-open")).to_be_visible()
    expect(page.locator("#input")).to_be_in_viewport(ratio=1)
    context.close()


def test_everything_can_be_reached_with_the_keyboard(page: Page) -> None:
    page.keyboard.press("Enter")
    talk(page, "hello")
    page.locator("#help-open").focus()
    order = []
    for _ in range(10):
        order.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert order[:7] == ["help-open", "clear", "scroll", "Say more", "Enough", "input", "send"]
    assert order[7:] == ["take-open", PAGE["large"], PAGE["hushed"]]
    page.locator("#take-open").press("Enter")
    expect(page.locator("#take-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#take-open")).to_be_focused()


def test_a_crisis_is_announced_at_once_and_help_needs_no_other_program(page: Page) -> None:
    start(page)
    say(page, "help")
    expect(page.locator("#log")).to_contain_text("I am glad you said it.")
    expect(page.locator("#log")).to_have_attribute("aria-live", "assertive")
    expect(page.locator(".pinned")).to_have_count(1)
    assert page.locator("a").count() == 0
    page.locator("#clear").click()
    page.locator("#clear-yes").click()
    expect(page.locator(".pinned")).to_have_count(0)


def test_it_works_with_the_network_off_and_asks_nobody_else(context: BrowserContext, server: Server) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })")
    page = open_page(context, server.url + "/kiosk?id=2")
    start(page)
    talk(page, "hello")
    expect(page.get_by_role("alert")).to_be_hidden()
    assert [url for url in asked if not url.startswith(server.url + "/")] == []
    sizes = page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].map(e => e.transferSize)"
    )
    assert sum(sizes) < 100_000


def test_a_server_that_cannot_answer_is_said_on_the_start_screen(page: Page) -> None:
    page.route("**/health", lambda route: route.abort())
    page.evaluate("alive()")
    expect(page.locator("#start-status")).to_have_text(SCRIPT["resting"])
    expect(page.locator(".person")).to_be_enabled()
    page.unroute("**/health")
    page.evaluate("alive()")
    expect(page.locator("#start-status")).to_be_empty()


def test_who_is_here_comes_from_the_file_that_staff_edit(tmp_path: Path, page: Page) -> None:
    page.locator(".person").click()
    for one in load_here(ROOT / "data" / "kiosk.yml"):
        expect(page.locator("#here")).to_contain_text(one["name"])
    wrong = tmp_path / "kiosk.yml"
    wrong.write_text("here: [{name: desk}]")
    with pytest.raises(ValueError, match=r"kiosk\.yml"):
        load_here(wrong)


def test_the_browser_of_a_kiosk_may_open_its_page_and_nothing_else() -> None:
    policy = json.loads((ROOT / "ops" / "kiosk" / "policy.json").read_text("utf-8"))
    assert policy["URLBlocklist"] == ["*"]
    (allowed,) = policy["URLAllowlist"]
    assert allowed.endswith("/kiosk")  # a prefix: an asterisk at the end would match nothing
    unit = (ROOT / "ops" / "kiosk" / "kiosk.service").read_text("utf-8")
    assert f'"{allowed}?id=' in unit
