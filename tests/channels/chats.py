"""One server with all channels, and the fakes of Slack and Telegram beside it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from channel_server import KEY, Replies, Server, StubAgent
from fakes import slack as slack_api
from fakes import telegram as telegram_api
from fakes.slack import FakeSlack
from fakes.telegram import FakeTelegram
from people import SIGNING_SECRET, TEAM, SlackPerson, TelegramPerson
from rasa.core.channels.channel import UserMessage

from comeback.channels.kiosk import Kiosk
from comeback.channels.memory import Rate
from comeback.channels.slack import Access, SlackChannel
from comeback.channels.telegram import TelegramChannel
from comeback.channels.web import WebChannel

LONG = "This is one sentence of a long answer. " * 300
people = count(1001)


async def bot(message: UserMessage) -> AsyncIterator[dict[str, Any]]:
    """Does what the text says."""
    text = message.text
    if text == "silent":
        return
    if text == "fail":
        raise RuntimeError("I was told a secret: " + text)
    if text == "hang":
        await asyncio.sleep(30)
    if text == "slow":
        await asyncio.sleep(0.4)
    if text == "buttons":
        titles = [f"Choice {number}" for number in range(12)] + ["A label that goes on and on " * 6]
        yield {"text": "Which one?", "buttons": [{"title": t, "payload": t + " please"} for t in titles]}
        return
    if text == "long":
        yield {"text": LONG}
        return
    if text == "delete everything":
        yield {"text": "Deleted: 3 rows."}
        yield {"custom": {"kind": "control", "do": "forget"}}
        return
    if text == "made":
        yield {
            "custom": {
                "kind": "draft",
                "subject": "Thank you",
                "body": "Dear Ms <A> & Co,\n\nbye",
                "mailto": True,
            }
        }
        yield {"custom": {"kind": "calendar", "name": "plan.ics", "ics": "BEGIN:VCALENDAR"}}
        yield {"custom": {"kind": "file", "name": "my data.json", "mime": "application/json", "text": "{}"}}
        return
    yield {"text": f"You said: {text}", "metadata": {"utter_action": "utter_echo"}}


@dataclass
class Chats:
    server: Server
    slack: FakeSlack
    telegram: FakeTelegram
    erased: list[str]

    def in_slack(self) -> SlackPerson:
        return SlackPerson(self.server, self.slack, f"U{next(people)}")

    def in_telegram(self) -> TelegramPerson:
        return TelegramPerson(self.server, self.telegram, next(people))

    def heard(self) -> list[str]:
        return [text for _, text in self.server.agent.heard]


@contextlib.contextmanager
def chatting(
    replies: Replies = bot,
    agent: Any = None,
    fakes: tuple[FakeSlack, FakeTelegram] | None = None,
    forget: Callable[[str], None] | None = None,
    kiosk: Kiosk = Kiosk(),
    **arguments: Any,
) -> Iterator[Chats]:
    """`arguments` go to the chat apps; by default nobody is too quick and the bot has a second.

    `forget` erases from the session log; without it, who was erased is only noted.
    """
    given = {"seconds": 1, **arguments}
    with contextlib.ExitStack() as stack:
        slack, telegram = fakes or (stack.enter_context(FakeSlack()), stack.enter_context(FakeTelegram()))
        erased: list[str] = []
        access = Access(slack_api.TOKEN, SIGNING_SECRET, TEAM, slack.url + "/api/")
        pace: dict[str, Any] = {"rate": Rate(burst=10_000)}
        channels = [
            WebChannel(KEY, rate=Rate(burst=10_000), forget=forget, kiosk=kiosk),
            SlackChannel(KEY, access, forget=forget or erased.append, **{**pace, **given}),
            TelegramChannel(
                KEY, telegram_api.TOKEN, telegram.url, forget=forget or erased.append, **{**pace, **given}
            ),
        ]
        with Server(agent or StubAgent(replies), channels) as server:
            yield Chats(server, slack, telegram, erased)
