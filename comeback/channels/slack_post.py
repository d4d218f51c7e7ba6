"""Sends to one person in Slack. What Slack refused for its rate is sent again; what may have arrived is not."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from comeback.channels import render_slack
from comeback.channels.memory import Memory, issue_button
from comeback.channels.post import SENT, Gone
from comeback.channels.render import File, attachment
from comeback.channels.words import Words

logger = logging.getLogger(__name__)

API = "https://slack.com/api/"
SENT_SECONDS = 30 * 24 * 3600
LONGEST_WAIT = 60
TRIES = 4
GONE = frozenset(
    "account_inactive cannot_dm_bot channel_not_found invalid_auth is_archived messages_tab_disabled not_authed "
    "not_in_channel token_revoked user_disabled user_not_found user_not_visible".split()
)
BLOCKS_REFUSED = frozenset("invalid_blocks invalid_blocks_format msg_blocks_too_long".split())
ALREADY_GONE = frozenset("message_not_found file_not_found file_deleted".split())
NO_PREVIEW = {"unfurl_links": False, "unfurl_media": False}
UNREACHABLE = (aiohttp.ClientError, SlackClientError, TimeoutError)


class _RateLimited(AsyncRateLimitErrorRetryHandler):
    """Waits as long as Slack asks for, up to a minute."""

    async def _can_retry_async(self, *, response: Any = None, **known: Any) -> bool:
        if response is None or response.status_code != 429:
            return False
        asked = next((v for k, v in response.headers.items() if k.lower() == "retry-after"), ["1"])
        return str(asked[0]).isdigit() and int(asked[0]) <= LONGEST_WAIT


def open_client(token: str, api: str = API) -> AsyncWebClient:
    """A client that repeats only what surely was not taken: refused for its rate, or never connected.

    Its `session` keeps connections open for the next message; close it in the end.
    """
    quiet = logging.getLogger("comeback.channels.slack_sdk")
    quiet.setLevel(logging.WARNING)  # at DEBUG the client logs what is said
    never_connected = AsyncConnectionErrorRetryHandler(2, error_types=[aiohttp.ClientConnectorError])
    return AsyncWebClient(
        token,
        base_url=api,
        session=aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)),
        logger=quiet,
        retry_handlers=[_RateLimited(TRIES), never_connected],
    )


class SlackPost:
    """One person's private chat; opened when it is not known yet."""

    def __init__(
        self,
        client: AsyncWebClient,
        memory: Memory,
        words: Words,
        conversation: str,
        user: str,
        channel: str = "",
        thread: str = "",
    ) -> None:
        self._client, self._memory, self._words = client, memory, words
        self._conversation, self._user = conversation, user
        self._channel, self._thread = channel, thread or None

    async def show(self, line: Mapping[str, Any]) -> None:
        tokens = [
            await issue_button(self._memory, self._conversation, button["text"])
            for button in line.get("buttons", ())
        ]
        for message in render_slack.messages(dict(line), tokens, self._words):
            await self._send(message)
        file = attachment(line)
        if file is not None:
            await self._upload(file, shown=line["kind"] == "draft")

    async def typing(self) -> None:
        """Slack has no such sign for messages of apps."""

    async def clear(self, sent: list[str]) -> bool:
        channel = await self._where()
        deleted = True
        for note in sent:
            if note.startswith("F"):
                done = await self._delete(self._client.files_delete, file=note)
            else:
                done = await self._delete(self._client.chat_delete, channel=channel, ts=note)
            deleted = deleted and done
        return deleted

    async def choose(self, message: Mapping[str, Any], choice: str) -> None:
        """Put what was pressed in the place of the buttons."""
        arguments = render_slack.chosen(dict(message), choice, self._words)
        await self._try(self._client.chat_update, channel=self._channel, ts=message.get("ts"), **arguments)

    async def _where(self) -> str:
        if not self._channel:
            opened = await self._try(self._client.conversations_open, users=self._user)
            if opened is None:
                raise Gone
            self._channel = opened["channel"]["id"]
        return self._channel

    async def _send(self, message: dict[str, Any]) -> None:
        where: dict[str, Any] = {"channel": await self._where(), "thread_ts": self._thread, **NO_PREVIEW}
        try:
            answer = await self._client.chat_postMessage(**where, **message)
        except SlackApiError as error:
            if _code(error) not in BLOCKS_REFUSED:
                _give_up(error)
                return
            logger.error("slack refused blocks: %s", _code(error))
            answer = await self._try(self._client.chat_postMessage, **where, text=message["text"])
        except UNREACHABLE as error:
            logger.error("slack may have lost a message: %s", type(error).__name__)
            return
        if answer:
            await self._note(answer.get("ts"))

    async def _upload(self, file: File, shown: bool) -> None:
        """Send a file; where the workspace lets us send none, its content as text if that is not `shown` yet."""
        try:
            answer = await self._client.files_upload_v2(
                channel=await self._where(),
                thread_ts=self._thread,
                filename=file.name,
                title=file.name,
                content=file.data,
            )
        except SlackApiError as error:
            logger.warning("slack took no file: %s", _code(error))
            for message in [] if shown else render_slack.file_messages(file):
                await self._send(message)
        except UNREACHABLE as error:
            logger.error("slack may have lost a file: %s", type(error).__name__)
            await self._send({"text": render_slack.escape(self._words["no_file"])})
        else:
            for kept in answer.get("files") or ():
                await self._note(kept.get("id"))

    async def _note(self, note: str | None) -> None:
        if note:
            await self._memory.append(self._conversation, SENT, note, SENT_SECONDS)

    async def _try(self, call: Callable[..., Awaitable[Any]], **arguments: Any) -> Any:
        try:
            return await call(**arguments)
        except SlackApiError as error:
            _give_up(error)
        except UNREACHABLE as error:
            logger.error("slack cannot be reached: %s", type(error).__name__)
        return None

    async def _delete(self, call: Callable[..., Awaitable[Any]], **arguments: Any) -> bool:
        try:
            await call(**arguments)
        except SlackApiError as error:
            return _code(error) in ALREADY_GONE
        except UNREACHABLE:
            return False
        return True


def _give_up(error: SlackApiError) -> None:
    """Log what Slack answered. Raises Gone when the person cannot be reached."""
    code = _code(error)
    if code in GONE:
        raise Gone from None
    logger.error("slack refused a call: %s", code)


def _code(error: SlackApiError) -> str:
    data = getattr(error.response, "data", error.response)
    return str(data.get("error", "unknown")) if isinstance(data, Mapping) else "unreadable"
