"""Looks for what a person left behind at a kiosk: in the page, the browser's stores, and the server."""

from __future__ import annotations

from channel_server import Server
from playwright.sync_api import Page

from comeback.channels.memory import LocalMemory

PLACES = """async (word) => {
  const places = {
    page: document.documentElement.outerHTML,
    fields: [...document.querySelectorAll("textarea, input")].map((field) => field.value + field.defaultValue).join(),
    script: JSON.stringify([state, choices, codes, location.href]),
    local: JSON.stringify({ ...localStorage }),
    session: JSON.stringify({ ...sessionStorage }),
    caches: JSON.stringify(await caches.keys()),
    databases: JSON.stringify(await indexedDB.databases()),
    cookies: document.cookie,
    title: document.title,
  };
  const stored = localStorage.length + sessionStorage.length + (await caches.keys()).length
    + (await indexedDB.databases()).length + (await navigator.serviceWorker.getRegistrations()).length;
  return [...Object.keys(places).filter((key) => places[key].includes(word)), ...(stored ? ["stored"] : [])];
}"""


def nothing_left(page: Page, server: Server, memory: LocalMemory, word: str) -> None:
    """Fails when a trace is still there after five seconds: erasing goes on while the page is free again."""
    for _ in range(50):
        found = traces(page, server, memory, word)
        if not found:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{word!r} is left in: {', '.join(found)}")


def traces(page: Page, server: Server, memory: LocalMemory, word: str) -> list[str]:
    """Where `word`, or anything in a store that should be empty, is found; [] when it is nowhere."""
    found: list[str] = page.evaluate(PLACES, word)
    if any(word in str(kept) for kept in server.agent.tracker_store.store.values()):
        found.append("tracker")
    if any(
        word in line for talk in memory._talks.values() for entry in talk.values() for line in entry.lines
    ):
        found.append("memory")
    return found
