"""Calls Telegram's Bot API. What was refused for its rate is sent again; what may have arrived is not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Self

import aiohttp

from comeback.channels.render import File

API = "https://api.telegram.org"
LONGEST_WAIT = 60
TRIES = 5
UNREACHED = {"ok": False, "error_code": 0, "description": "cannot be reached"}
UPDATES = ("message", "callback_query")


class Failed(RuntimeError):
    """The call did not work, or nobody knows; `code` is Telegram's error code, 0 when there is none.

    Holds neither the token nor what was sent.
    """

    def __init__(self, code: int, description: str) -> None:
        super().__init__(f"{code} {description}".strip())
        self.code = code
        self.description = description


class TelegramApi:
    """One session; use it as an async context manager, or close it."""

    def __init__(self, token: str, api: str = API, seconds: float = 20) -> None:
        self._address = f"{api.rstrip('/')}/bot{token}/"
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, file: File | None = None, **parameters: Any) -> Any:
        """The `result` of a method; `file` goes along as `document`. Raises Failed."""
        for tried in range(1, TRIES + 1):
            answer = await self._once(method, parameters, file)
            if answer.get("ok"):
                return answer.get("result")
            wait = _may_come_again(answer, tried)
            if wait is None or tried == TRIES:
                break
            await asyncio.sleep(wait)
        code = answer.get("error_code")
        raise Failed(code if isinstance(code, int) else 0, str(answer.get("description", "")))

    async def _once(self, method: str, parameters: Mapping[str, Any], file: File | None) -> dict[str, Any]:
        """Telegram's answer, or UNREACHED when it surely got nothing. Raises Failed when nobody knows."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, trust_env=True)
        body = {"json": parameters} if file is None else {"data": _form(parameters, file)}
        try:
            async with self._session.post(self._address + method, **body) as response:
                answer = await response.json(content_type=None)
        except aiohttp.ClientConnectorError:
            return UNREACHED
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Failed(0, type(error).__name__) from None
        return answer if isinstance(answer, dict) else {"error_code": response.status}


def _may_come_again(answer: Mapping[str, Any], tried: int) -> float | None:
    """Seconds after which a refused call may be made again; None when it may not."""
    if answer is UNREACHED:
        return tried * 0.5
    given = answer.get("parameters")
    wait = given.get("retry_after") if isinstance(given, dict) else None
    return (
        wait if answer.get("error_code") == 429 and isinstance(wait, int) and wait <= LONGEST_WAIT else None
    )


def _form(parameters: Mapping[str, Any], file: File) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # Telegram shows names as they come
    for name, value in parameters.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    form.add_field("document", file.data, filename=file.name, content_type=file.mime)
    return form


async def set_webhook(api: TelegramApi, address: str, secret: str, menu: Mapping[str, str]) -> dict[str, Any]:
    """Tell Telegram where this server is and which commands there are; what it then knows. Raises Failed.

    `address` is the server's, with https, without a path.
    """
    await api.call(
        "setWebhook",
        url=address.rstrip("/") + "/webhooks/telegram/webhook",
        secret_token=secret,
        allowed_updates=list(UPDATES),
    )
    commands = [{"command": name, "description": text} for name, text in menu.items()]
    await api.call("setMyCommands", commands=commands, scope={"type": "all_private_chats"})
    info: dict[str, Any] = await api.call("getWebhookInfo")
    return info
