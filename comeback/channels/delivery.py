"""One message in, a stream of lines out: once per message id, one at a time per conversation, never silent."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from comeback.channels.erase import IN_FLIGHT
from comeback.channels.guard import TOKEN_SECONDS
from comeback.channels.memory import DEDUPE_SECONDS, Memory
from comeback.channels.render import DROP_ANSWERS, ERASING, control, web_lines

logger = logging.getLogger(__name__)

DONE = json.dumps({"done": True})
Handle = Callable[[UserMessage], Awaitable[Any]]
Erase = Callable[[str], Awaitable[None]]


@dataclass
class _Delivery:
    lines: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)


class _Writer(OutputChannel):
    """Hands what the bot says to `write` as it comes."""

    def __init__(self, channel: str, write: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
        self._channel, self._write = channel, write

    def name(self) -> str:
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        for line in web_lines(message):
            await self._write(line)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self.send_response(recipient_id, {"text": text, **kwargs})


class Deliveries:
    """All messages under way.

    `handle` gives a message to the bot, `erase` removes a conversation from every store, `trouble` is
    the line for when the bot says nothing or takes longer than `seconds`.
    """

    def __init__(
        self, memory: Memory, handle: Handle, erase: Erase, trouble: dict[str, Any], seconds: float
    ) -> None:
        self._memory, self._handle, self._erase = memory, handle, erase
        self._trouble, self._seconds = trouble, seconds
        self._running: dict[tuple[str, str], _Delivery] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    async def ended(self, conversation: str) -> bool:
        return bool(await self._memory.lines(conversation, "ended"))

    async def send(self, channel: str, conversation: str, message_id: str, text: str) -> AsyncIterator[str]:
        """The JSON lines that answer this message, the last one `DONE`.

        A second call with the same id gets the same lines and tells the bot nothing. The bot goes on
        when the caller leaves.
        """
        key = (conversation, message_id)
        delivery = self._running.get(key)
        if delivery is None and await self._memory.claim(conversation, message_id, DEDUPE_SECONDS):
            delivery = self._running[key] = _Delivery()
            task = asyncio.create_task(self._answer(delivery, channel, conversation, message_id, text))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return self._follow(delivery) if delivery else self._replay(conversation, message_id)

    async def end(self, conversation: str) -> None:
        """Erase a conversation; later messages of its token are refused.

        A message in flight is waited for, but not long: what it leaves is erased when it is done.
        """
        await self._memory.append(conversation, "ended", "", TOKEN_SECONDS)
        async with contextlib.AsyncExitStack() as held:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(held.enter_async_context(self._memory.lock(conversation)), IN_FLIGHT)
            await self._forget(conversation)

    async def _forget(self, conversation: str, keep: tuple[str, ...] = ()) -> None:
        await self._memory.forget(conversation, keep)
        await self._memory.append(conversation, "ended", "", TOKEN_SECONDS)
        await self._erase(conversation)

    async def _answer(
        self, delivery: _Delivery, channel: str, conversation: str, message_id: str, text: str
    ) -> None:
        asked: list[str | None] = []

        async def write(line: dict[str, Any]) -> None:
            asked.append(control(line))
            if control(line) == DROP_ANSWERS:
                return
            await self._write(delivery, conversation, message_id, json.dumps(line, ensure_ascii=False))

        message = UserMessage(
            text, _Writer(channel, write), conversation, input_channel=channel, message_id=message_id
        )
        try:
            async with self._memory.lock(conversation):
                heard = not await self.ended(conversation)
                if heard:
                    await self._ask(message, write, asked)
                if DROP_ANSWERS in asked:
                    await self._memory.forget(conversation, keep=(message_id,))
                if any(do in ERASING for do in asked) or (heard and await self.ended(conversation)):
                    await self._forget(conversation, keep=(message_id,) if "forget" in asked else ())
        except Exception as error:
            logger.error("%s: delivery failed: %s", channel, type(error).__name__)
            delivery.lines.append(json.dumps(self._trouble, ensure_ascii=False))
        finally:
            self._running.pop((conversation, message_id), None)
            delivery.lines.append(DONE)
            delivery.news.set()
        with contextlib.suppress(Exception):
            await self._memory.append(conversation, message_id, DONE, DEDUPE_SECONDS)

    async def _ask(
        self,
        message: UserMessage,
        write: Callable[[dict[str, Any]], Awaitable[None]],
        asked: list[str | None],
    ) -> None:
        try:
            await asyncio.wait_for(self._handle(message), self._seconds)
        except Exception as error:
            # Neither the words of the error nor its trace: they may hold what the person wrote.
            logger.error("%s: no answer: %s", message.input_channel, type(error).__name__)
            await write(self._trouble)
        else:
            if not asked:
                logger.error("%s: the bot said nothing", message.input_channel)
                await write(self._trouble)

    async def _write(self, delivery: _Delivery, conversation: str, message_id: str, line: str) -> None:
        delivery.lines.append(line)
        news, delivery.news = delivery.news, asyncio.Event()
        news.set()
        await self._memory.append(conversation, message_id, line, DEDUPE_SECONDS)

    async def _follow(self, delivery: _Delivery) -> AsyncIterator[str]:
        seen = 0
        while True:
            news = delivery.news
            for line in delivery.lines[seen:]:
                yield line
                if line == DONE:
                    return
                seen += 1
            if seen == len(delivery.lines):
                await news.wait()

    async def _replay(self, conversation: str, message_id: str) -> AsyncIterator[str]:
        """The answer that was given, or is being given by another process."""
        seen = 0
        for _ in range(int(self._seconds / 0.2) + 50):
            for line in await self._memory.lines(conversation, message_id, seen):
                yield line
                if line == DONE:
                    return
                seen += 1
            await asyncio.sleep(0.2)
        yield json.dumps(self._trouble, ensure_ascii=False)
        yield DONE
