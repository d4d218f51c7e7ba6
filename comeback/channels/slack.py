"""The Slack channel: events, pressed buttons and the slash command, all at /webhooks/slack/webhook."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from comeback import settings
from comeback.channels import apps, guard, render_slack
from comeback.channels.apps import at
from comeback.channels.chat import Talks, sweep
from comeback.channels.erase import erase_talk, log_eraser
from comeback.channels.guard import Refused
from comeback.channels.memory import LocalMemory, Memory, Rate, issue_button
from comeback.channels.shelter import open_sheltered
from comeback.channels.slack_post import API, SlackPost, open_client
from comeback.channels.words import load_words

HEARD = ("", "file_share", "thread_broadcast")
"""Kinds of message events that a person's own words come in."""
PRIVATE_SECONDS = 3600
"""A person who mentions the bot in a channel is told where to write once in so long."""

_USER = re.compile(r"[UW][A-Z0-9]{2,30}")
_DIRECT = re.compile(r"D[A-Z0-9]{2,30}")


@dataclass(frozen=True)
class Access:
    """What Slack gave: the bot's token, the secret that signs requests, the workspace, the API's address."""

    token: str
    signing_secret: str
    team: str
    api: str = API


class SlackChannel(InputChannel):
    """Without `access` the channel is off: nothing listens. The other arguments are those of the web channel."""

    def __init__(
        self,
        key: bytes,
        access: Access | None,
        memory: Memory | None = None,
        forget: Callable[[str], None] | None = None,
        seconds: float = 20,
        rate: Rate | None = None,
    ) -> None:
        self._key, self._access = key, access
        self._memory = LocalMemory() if memory is None else memory
        self._forget = forget
        self._seconds, self._rate = seconds, rate
        self._words = load_words("slack")
        self._client: AsyncWebClient
        self.talks: Talks

    @classmethod
    def name(cls) -> str:
        return "slack"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> SlackChannel:
        """Optional credentials: `seconds` (number), `api` (address). Token, secret and team are settings."""
        given, chosen = credentials or {}, settings.load()
        access = None
        if chosen.slack_token and chosen.slack_signing_secret and chosen.slack_team:
            api = str(given.get("api") or API)
            access = Access(chosen.slack_token, chosen.slack_signing_secret, chosen.slack_team, api)
        return cls(
            key=guard.load_key(chosen.secret, chosen.state),
            access=access,
            memory=open_sheltered(chosen.redis_url),
            forget=log_eraser(chosen) if access else None,
            seconds=float(given.get("seconds") or 20),
        )

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("comeback_slack")
        access = self._access
        if access is None:
            return blueprint
        verifier = SignatureVerifier(access.signing_secret)

        @blueprint.listener("before_server_start")
        async def prepare(app: Sanic, _: Any) -> None:
            async def erase(conversation: str) -> None:
                await erase_talk(app.ctx.agent, self._forget, conversation)

            self._client = open_client(access.token, access.api)
            self.talks = Talks(
                self.name(),
                self._memory,
                self._words,
                on_new_message,
                erase,
                self._seconds,
                self._rate,
            )
            app.ctx.slack_sweeper = asyncio.create_task(sweep(self._memory))

        @blueprint.listener("before_server_stop")
        async def finish(app: Sanic, _: Any) -> None:
            app.ctx.slack_sweeper.cancel()
            await self.talks.finish()
            if self._client.session is not None:
                await self._client.session.close()

        @blueprint.exception(Refused)
        async def refused(request: Request, error: Refused) -> HTTPResponse:
            return json({"error": error.error}, error.status)

        @blueprint.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            guard.check_size(request.body, apps.BODY_BYTES)
            _verify(verifier, request)
            if guard.content_type(request.headers) == "application/json":
                return await self._event(access.team, guard.json_object(request.body))
            if guard.content_type(request.headers) != "application/x-www-form-urlencoded":
                raise Refused(415, "type")
            fields = apps.read_form(request.body)
            if "payload" in fields:
                return await self._pressed(access.team, guard.json_object(fields["payload"]))
            return await self._command(access.team, fields)

        return blueprint

    async def _event(self, team: str, data: dict[str, Any]) -> HTTPResponse:
        if data.get("type") == "url_verification":
            return json({"challenge": at(data, "challenge")[:200]})
        _own(team, at(data, "team_id"))
        event, user, channel = data.get("event"), at(data, "event", "user"), at(data, "event", "channel")
        # A channel shared with another workspace brings its people's messages too.
        foreign = any(at(event, key) not in ("", team) for key in ("team", "user_team", "source_team"))
        if foreign or not _USER.fullmatch(user) or at(event, "bot_id"):
            return empty(200)
        kind, direct = at(event, "type"), _DIRECT.fullmatch(channel) is not None
        if kind == "message" and direct and at(event, "channel_type") == "im":
            if at(event, "subtype") in HEARD:
                await self._written(team, user, data)
        elif kind == "app_mention" and not direct:
            await self._mentioned(team, user, event)
        elif kind == "app_home_opened" and at(event, "tab") == "home":
            self.talks.keep(self._show_home(team, user))
        return empty(200)

    async def _written(self, team: str, user: str, data: dict[str, Any]) -> None:
        delivery = at(data, "event_id")
        if not delivery:
            raise Refused(400, "id")
        event = data["event"]
        post = self._post(team, user, at(event, "channel"), at(event, "thread_ts"))
        text = apps.plain(render_slack.unescape(at(event, "text")), self._words.heard)
        await self.talks.hear(self._conversation(team, user), delivery, post, text)

    async def _mentioned(self, team: str, user: str, event: Any) -> None:
        """Tell only this person, once, where to write; what was written is not read."""
        channel = at(event, "channel")
        if await self.talks.first_time(self._conversation(team, user), "private:" + channel, PRIVATE_SECONDS):
            self.talks.keep(self._say_private(channel, user, at(event, "thread_ts")))

    async def _say_private(self, channel: str, user: str, thread: str) -> None:
        await self._client.chat_postEphemeral(
            channel=channel,
            user=user,
            text=render_slack.escape(self._words["private"]),
            thread_ts=thread or None,
        )

    async def _pressed(self, team: str, data: dict[str, Any]) -> HTTPResponse:
        _own(team, at(data, "team", "id"))
        user, channel = at(data, "user", "id"), at(data, "channel", "id")
        actions = data.get("actions")
        action = actions[0] if isinstance(actions, list) and actions else None
        message = data.get("message") if isinstance(data.get("message"), dict) else {}
        if data.get("type") != "block_actions" or not at(action, "action_id").startswith(render_slack.CHOOSE):
            return empty(200)
        if not _USER.fullmatch(user) or (channel and not _DIRECT.fullmatch(channel)):
            return empty(200)
        stamp = at(message, "ts") or at(data, "trigger_id")
        post = self._post(team, user, channel, at(message, "thread_ts"))
        conversation = self._conversation(team, user)
        text = await self.talks.press(conversation, "press:" + stamp, post, at(action, "value"))
        if text is not None and channel and message:
            self.talks.keep(post.choose(message, text))
        return empty(200)

    async def _command(self, team: str, fields: dict[str, str]) -> HTTPResponse:
        """`/comeback delete` is /delete, `/comeback` alone is /start, anything else is a message."""
        _own(team, fields.get("team_id", ""))
        user, delivery = fields.get("user_id", ""), fields.get("trigger_id", "")
        if not _USER.fullmatch(user) or not delivery:
            raise Refused(400, "command")
        given = render_slack.unescape(fields.get("text", "")).strip()
        command = "/" + (given.lower() or "start")
        text = apps.plain(command if command in self._words.heard else given, self._words.heard)
        await self.talks.hear(self._conversation(team, user), delivery, self._post(team, user), text)
        return json({"response_type": "ephemeral", "text": render_slack.escape(self._words["command"])})

    async def _show_home(self, team: str, user: str) -> None:
        conversation = self._conversation(team, user)
        tokens = [
            await issue_button(self._memory, conversation, text) for text in self._words["home_starters"]
        ]
        await self._client.views_publish(user_id=user, view=render_slack.home(tokens, self._words))

    def _conversation(self, team: str, user: str) -> str:
        return guard.conversation_id(self._key, self.name(), f"{team}|{user}")

    def _post(self, team: str, user: str, channel: str = "", thread: str = "") -> SlackPost:
        conversation = self._conversation(team, user)
        return SlackPost(self._client, self._memory, self._words, conversation, user, channel, thread)


def _verify(verifier: SignatureVerifier, request: Request) -> None:
    """Raises Refused(401) unless Slack signed this body in the last five minutes."""
    try:
        genuine = verifier.is_valid_request(request.body, dict(request.headers))
    except (ValueError, TypeError):  # a time that is no number, a body that is no UTF-8
        genuine = False
    if not genuine:
        raise Refused(401, "signature")


def _own(team: str, given: str) -> None:
    if given != team:
        raise Refused(403, "team")
