"""The doorway of a crisis: the last thing to break. Its plain words are read when the server starts."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

logger = logging.getLogger(__name__)

PLAIN = (
    (Path(__file__).resolve().parent.parent / "data" / "safety_plain.txt").read_text(encoding="utf-8").strip()
)


class ActionSafety(Action):
    def name(self) -> str:
        return "action_safety"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        try:
            from actions.answer import answer

            return answer(dispatcher, tracker)
        except Exception as error:
            logger.error("the crisis answer fell back to plain words: %s", type(error).__name__)
            dispatcher.messages.clear()
            dispatcher.utter_message(
                text=PLAIN, metadata={"utter_action": "utter_safety_plain", "stage": "safety"}
            )
            return []
