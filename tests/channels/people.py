"""People who write to the bot in Slack and in Telegram: signed requests in, what they read out."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from itertools import count
from typing import Any
from urllib.parse import urlencode

import requests
from channel_server import KEY, Server
from fakes import slack as slack_api
from fakes import telegram as telegram_api
from fakes.slack import FakeSlack
from fakes.telegram import FakeTelegram

from comeback.channels import apps

TEAM = "T0TEAM"
SIGNING_SECRET = "signing-secret"
SECRET = apps.webhook_secret(KEY, telegram_api.TOKEN)
numbers = count(1)


def settle(server: Server) -> None:
    """Wait until the channels have answered everything."""
    for _ in range(2000):
        talks = [channel.talks for channel in server.channels if hasattr(channel, "talks")]
        if not any(map(len, talks)):
            return
        time.sleep(0.005)
    raise AssertionError("the channels are still at work")


def post_slack(
    server: Server, body: Any, form: bool = False, secret: str = SIGNING_SECRET, age: int = 0, **headers: str
) -> requests.Response:
    """A request signed as Slack signs it; `form` for all but events."""
    raw = body if isinstance(body, bytes) else (urlencode(body) if form else json.dumps(body)).encode()
    stamp = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    given = {
        "Content-Type": "application/x-www-form-urlencoded" if form else "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + digest,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return requests.post(server.url + "/webhooks/slack/webhook", data=raw, headers=given, timeout=10)


class SlackPerson:
    def __init__(self, server: Server, fake: FakeSlack, user: str) -> None:
        self.server, self.fake, self.user = server, fake, user
        self.chat = "D" + user[1:]
        self._known: set[str] = set()

    def event(self, **event: Any) -> dict[str, Any]:
        inner = {"type": "message", "channel_type": "im", "channel": self.chat, "user": self.user, **event}
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "event_id": f"Ev{next(numbers):08}",
            "event": inner,
        }

    def deliver(self, event: dict[str, Any], **headers: str) -> requests.Response:
        return post_slack(self.server, event, **headers)

    def write(self, text: str, **more: Any) -> list[str]:
        assert self.deliver(self.event(text=text, **more)).status_code == 200
        return self.read()

    def read(self) -> list[str]:
        """What came since the last time."""
        settle(self.server)
        mine = [m for m in self.fake.messages.values() if m["channel"] == self.chat]
        new = [slack_api.shown(message) for message in mine if message["ts"] not in self._known]
        self._known = set(self.fake.messages)
        return new

    def find(self, label: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """(message, button) of the newest button with this label."""
        found = [(m, b) for m in self.fake.messages.values() for b in slack_api.buttons(m)]
        mine = [(m, b) for m, b in found if m["channel"] == self.chat and b["text"]["text"] == label]
        return mine[-1]

    def pressing(self, message: dict[str, Any], button: dict[str, Any]) -> dict[str, str]:
        payload = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": self.user},
            "channel": {"id": self.chat},
            "trigger_id": f"13345224609.738474920.{next(numbers)}",
            "message": message,
            "actions": [{"action_id": button["action_id"], "value": button["value"]}],
        }
        return {"payload": json.dumps(payload)}

    def press(self, label: str) -> list[str]:
        answer = post_slack(self.server, self.pressing(*self.find(label)), form=True)
        assert answer.status_code == 200
        return self.read()

    def command(self, text: str) -> requests.Response:
        fields = {"command": "/comeback", "text": text, "team_id": TEAM, "user_id": self.user}
        fields |= {"channel_id": "C0PUBLIC", "trigger_id": f"1.2.{next(numbers)}"}
        return post_slack(self.server, fields, form=True)


def post_telegram(server: Server, update: Any, secret: str | None = SECRET) -> requests.Response:
    headers = {"Content-Type": "application/json"}
    if secret is not None:
        headers["X-Telegram-Bot-Api-Secret-Token"] = secret
    raw = update if isinstance(update, bytes) else json.dumps(update).encode()
    return requests.post(server.url + "/webhooks/telegram/webhook", data=raw, headers=headers, timeout=10)


class TelegramPerson:
    def __init__(self, server: Server, fake: FakeTelegram, chat: int) -> None:
        self.server, self.fake, self.chat = server, fake, chat
        self._known: set[int] = set()

    def update(self, text: str | None = None, **more: Any) -> dict[str, Any]:
        sender = {"id": self.chat, "is_bot": False}
        message = {"message_id": 0, "from": sender, "chat": {"id": self.chat, "type": "private"}}
        message |= ({"text": text} if text is not None else {}) | more
        if not message["message_id"]:
            message["message_id"] = self.fake.write(self.chat, text or "")
        return {"update_id": next(numbers), "message": message}

    def write(self, text: str | None, **more: Any) -> list[str]:
        assert post_telegram(self.server, self.update(text, **more)).status_code == 200
        return self.read()

    def read(self) -> list[str]:
        settle(self.server)
        mine = {
            n: m for n, m in self.fake.messages.items() if m["chat_id"] == self.chat and "theirs" not in m
        }
        new = [message for number, message in mine.items() if number not in self._known]
        self._known = set(self.fake.messages)
        return [m["text"] if "text" in m else f"[{m['document']['name']}]" for m in new]

    def find(self, label: str) -> tuple[dict[str, Any], dict[str, Any]]:
        found = [(m, b) for m in self.fake.messages.values() for b in telegram_api.buttons(m)]
        return [(m, b) for m, b in found if m["chat_id"] == self.chat and b["text"] == label][-1]

    def pressing(self, message: dict[str, Any], button: dict[str, Any]) -> dict[str, Any]:
        press = {
            "id": str(next(numbers)),
            "from": {"id": self.chat, "is_bot": False},
            "data": button["callback_data"],
            "message": {
                "message_id": message["message_id"],
                "chat": {"id": self.chat, "type": "private"},
                "text": message["text"],
            },
        }
        return {"update_id": next(numbers), "callback_query": press}

    def press(self, label: str) -> list[str]:
        assert post_telegram(self.server, self.pressing(*self.find(label))).status_code == 200
        return self.read()
