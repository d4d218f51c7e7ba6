import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from comeback.action_calls import call_quickly


def test_answers_of_the_action_server_are_still_checked() -> None:
    call_quickly()
    action = RemoteAction("action_answer", None)
    assert action._validate_action_result(
        {"events": [{"event": "slot", "name": "memory", "value": {}}], "responses": []}
    )
    with pytest.raises(ValidationError):
        action._validate_action_result({"events": "none", "responses": [1]})
