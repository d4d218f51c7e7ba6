"""The action server; an answer to "fall over" fails with the person's words in the error."""

from typing import Any

import actions.answer
from comeback.serve import serve_actions

answer = actions.answer.answer


def failing(dispatcher: Any, tracker: Any) -> Any:
    text = tracker.latest_message.get("text") or ""
    if "fall over" in text:
        try:
            {}[text]
        except KeyError as error:
            raise ValueError(f"cannot answer {text!r} with {tracker.slots!r}") from error
    return answer(dispatcher, tracker)


actions.answer.answer = failing  # type: ignore[assignment]
serve_actions()
