"""Rasa compiles and checks its own constant schema for every answer of the action server: most of a turn's time.

`check_once` lets it do so once a process; answers are checked as before.
"""

from __future__ import annotations

from typing import Any

from jsonschema import exceptions, validators
from rasa.core.actions.action import RemoteAction


def check_once() -> None:
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

    RemoteAction._validate_action_result = valid
