"""How Rasa calls the action server: for every call it opens a connection and compiles its own constant schema.

`call_quickly` lets it do both once a process; answers are checked as before.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

import aiohttp
from jsonschema import exceptions, validators
from rasa.core.actions.action import RemoteAction
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.utils.endpoints import EndpointConfig

QUIET_SECONDS = 4.0
"""A connection that was quiet for so long is closed, before the action server closes it (after 5 s)."""


def call_quickly() -> None:
    schema = RemoteAction.action_response_format_spec()
    kind = validators.validator_for(schema)
    kind.check_schema(schema)
    compiled = kind(schema)

    def valid(self: RemoteAction, result: dict[str, Any]) -> bool:
        """Raises jsonschema.ValidationError for what is no answer of an action server."""
        error = exceptions.best_match(compiled.iter_errors(result))
        if error:
            raise error
        return True

    def session(self: EndpointConfig) -> aiohttp.ClientSession:
        """On connections that outlive it."""
        return aiohttp.ClientSession(
            headers=self.headers,
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            connector=_connections(asyncio.get_running_loop()),
            connector_owner=False,
        )

    RemoteAction._validate_action_result = valid
    EndpointConfig.session = session


@lru_cache(maxsize=1)
def _connections(loop: asyncio.AbstractEventLoop) -> aiohttp.TCPConnector:
    return aiohttp.TCPConnector(limit=0, keepalive_timeout=QUIET_SECONDS)
