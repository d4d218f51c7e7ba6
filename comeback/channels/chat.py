"""Talks in chat apps: each delivery once, one message at a time per talk, answers sent as they come, never silent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from comeback.channels.guard import Refused
from comeback.channels.memory import DEDUPE_SECONDS, LocalMemory, Memory, Rate, redeem_button
from comeback.channels.post import SENT, Gone, Post
from comeback.channels.render import DROP_ANSWERS, ERASING, control, web_lines
from comeback.channels.shelter import ShelteredMemory
from comeback.channels.words import Words

logger = logging.getLogger(__name__)

AT_ONCE = 500
"""Deliveries under way in this process."""
QUEUE = 20
"""Messages of one talk that wait for their turn; more are not read, and the person is told."""
TYPING_SECONDS = 4
ONCE = "once:"
"""How the names of deliveries that were taken begin."""

Handle = Callable[[UserMessage], Awaitable[Any]]
Erase = Callable[[str], Awaitable[None]]


class _Writer(OutputChannel):
    """Hands what the bot says to a queue, so that Rasa never waits for the app's servers."""

    def __init__(self, channel: str, said: asyncio.Queue[dict[str, Any] | None]) -> None:
        self._channel, self._said = channel, said

    def name(self) -> str:
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        for line in web_lines(message):
            self._said.put_nowait(line)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        await self.send_response(recipient_id, {"text": text, **kwargs})


class Talks:
    """All talks of one channel.

    `handle` gives a message to the bot, `erase` removes a conversation from every store. The bot may take
    `seconds` for one message.
    """

    def __init__(
        self,
        channel: str,
        memory: Memory,
        words: Words,
        handle: Handle,
        erase: Erase,
        seconds: float = 20,
        rate: Rate | None = None,
    ) -> None:
        self._channel, self._memory, self._words = channel, memory, words
        self._handle, self._erase, self._seconds = handle, erase, seconds
        self._rate = Rate() if rate is None else rate
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._tasks)

    async def first_time(self, conversation: str, delivery: str, seconds: float = DEDUPE_SECONDS) -> bool:
        """True once per delivery. Raises Refused(429) when too many are under way; then it was not counted."""
        if len(self._tasks) >= AT_ONCE:
            raise Refused(429, "busy")
        return await self._memory.claim(conversation, ONCE + delivery, seconds)

    def keep(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this after the request was answered."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def hear(self, conversation: str, delivery: str, post: Post, text: str, preface: str = "") -> None:
        """Answer what a person wrote, in a task of its own, unless this delivery was taken before.

        `text` may be empty: something came that holds no words. `preface` is said before the answer.
        """
        if await self.first_time(conversation, delivery):
            self.keep(self._turn(conversation, delivery, post, text, preface))

    async def press(self, conversation: str, delivery: str, post: Post, token: str) -> str | None:
        """Answer a pressed button like the text behind it. Returns that text, None when it is not known here."""
        text = await redeem_button(self._memory, conversation, token)
        if text is not None:
            await self.hear(conversation, delivery, post, text)
        elif await self.first_time(conversation, delivery):
            self.keep(self._say(post, "old_button"))
        return text

    async def finish(self, seconds: float = 10) -> None:
        """Wait for what is under way, then end it."""
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=seconds)
            for task in late:
                task.cancel()

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Gone:
            logger.info("%s: a person cannot be reached any more", self._channel)
        except Exception as error:
            # Neither the words of the error nor its trace: they may hold what the person wrote.
            logger.error("%s: a delivery failed: %s", self._channel, type(error).__name__)

    async def _turn(self, conversation: str, delivery: str, post: Post, text: str, preface: str) -> None:
        if self._waiting[conversation] >= QUEUE:
            if await self._memory.claim(conversation, "too_many", 60):
                await self._say(post, "too_many")
            return
        self._waiting[conversation] += 1
        try:
            async with self._memory.lock(conversation):
                await self._pace(conversation, post)
                await self._answer(conversation, delivery, post, text, preface)
        finally:
            self._waiting[conversation] -= 1
            if not self._waiting[conversation]:
                del self._waiting[conversation]

    async def _pace(self, conversation: str, post: Post) -> None:
        while True:
            wait, tell = self._rate.take(conversation)
            if not wait:
                return
            if tell:
                await self._say(post, "slow_down")
            await asyncio.sleep(wait)

    async def _answer(self, conversation: str, delivery: str, post: Post, text: str, preface: str) -> None:
        before = len(await self._memory.lines(conversation, SENT))
        if preface:
            await self._show(post, _text(preface))
        if not text:
            await self._say(post, "words_only")
            return
        asked = await self._ask(conversation, delivery, post, text)
        if asked & {*ERASING, DROP_ANSWERS}:
            try:
                await self._forget(conversation, post, before, bool(asked & set(ERASING)))
            except Gone:
                raise
            except Exception as error:
                logger.error("%s: erasing failed: %s", self._channel, type(error).__name__)
                await self._say(post, "trouble")

    async def _ask(self, conversation: str, delivery: str, post: Post, text: str) -> set[str | None]:
        """Tell the bot and send on what it says; the controls that it asked for."""
        said: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        message = UserMessage(
            text,
            _Writer(self._channel, said),
            conversation,
            input_channel=self._channel,
            message_id=delivery,
        )
        hearing = asyncio.create_task(self._tell(message, said))
        typing = asyncio.create_task(_keep_typing(post))
        asked: set[str | None] = set()
        spoken = False
        try:
            while (line := await said.get()) is not None:
                asked.add(control(line))
                spoken = True
                await self._show(post, line)
            if not spoken:
                logger.error("%s: the bot said nothing", self._channel)
                await self._say(post, "trouble")
        finally:
            typing.cancel()
            await hearing
        return asked

    async def _tell(self, message: UserMessage, said: asyncio.Queue[dict[str, Any] | None]) -> None:
        try:
            await asyncio.wait_for(self._handle(message), self._seconds)
        except Exception as error:
            logger.error("%s: no answer: %s", self._channel, type(error).__name__)
            said.put_nowait(_text(self._words["trouble"]))
        finally:
            said.put_nowait(None)

    async def _forget(self, conversation: str, post: Post, before: int, everything: bool) -> None:
        """Drop what was sent, and the talk too when `everything` goes; this turn stays in the chat as the receipt.

        Which deliveries were taken stays known, so that none of before comes again.
        """
        sent = await self._memory.lines(conversation, SENT)
        await self._memory.forget(conversation, keep=(ONCE,))
        self._rate.forget(conversation)
        if everything:
            await self._erase(conversation)
        self.keep(self._clear(post, sent[:before]))

    async def _clear(self, post: Post, sent: list[str]) -> None:
        """Out of the talk's turn: the apps let us delete only so many messages a minute."""
        cleared = await post.clear(sent)
        await self._say(post, "erased" if cleared else "erased_partly")

    async def _say(self, post: Post, name: str) -> None:
        await self._show(post, _text(self._words[name]))

    async def _show(self, post: Post, line: Mapping[str, Any]) -> None:
        """A line that cannot be shown does not keep back the next one. Raises only Gone."""
        try:
            await post.show(line)
        except Gone:
            raise
        except Exception as error:
            logger.error("%s: a line was not shown: %s", self._channel, type(error).__name__)


def _text(text: str) -> dict[str, Any]:
    return {"kind": "text", "text": text, "buttons": []}


async def _keep_typing(post: Post) -> None:
    with contextlib.suppress(Exception):
        while True:
            await post.typing()
            await asyncio.sleep(TYPING_SECONDS)


async def sweep(memory: Memory) -> None:
    """Drop what has expired from memory in this process, once a minute."""
    while isinstance(memory, LocalMemory | ShelteredMemory):
        await asyncio.sleep(60)
        memory.sweep()
