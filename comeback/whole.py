"""The whole bot in one process: model, policy, actions and database, without a server. For play, chat and tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent, load_agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor


class NoModel(RuntimeError):
    """No trained model; the message says how to get one."""


class InProcess(EndpointConfig):
    """Stands where the action server's address stands, and runs the action right here."""

    def __init__(self) -> None:
        super().__init__(url="http://in-process/webhook")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self.heard: dict[str, Any] = {}
        self.said: list[dict[str, Any]] = []

    async def request(self, *args: Any, json: Any = None, **kwargs: Any) -> Any:
        self.heard = json["tracker"]["latest_message"]
        result = await self._executor.run(json)
        self.said = [dict(response) for response in (result or {}).get("responses", [])]
        return result


class Whole:
    def __init__(self, agent: Agent, actions: InProcess) -> None:
        self._agent = agent
        self._actions = actions

    async def turn(
        self, text: str, who: str, channel: str = "web", now: datetime | None = None
    ) -> dict[str, Any]:
        """One message through everything -> the record that `comeback play --json` prints."""
        output = CollectingOutputChannel()
        metadata = {"now": now.isoformat()} if now else {}
        self._actions.heard, self._actions.said = {}, []
        await self._agent.handle_message(
            UserMessage(text.lstrip("/ "), output, who, input_channel=channel, metadata=metadata)
        )
        said = self._actions.said
        main = next((s["metadata"] for s in said if "disclosure" not in s["metadata"]["utter_action"]), None)
        stage = (main or {}).get("stage")
        return {
            "user": text,
            "reading": reading(self._actions.heard),
            "stage": stage,
            "strategy": (main or {}).get("strategy"),
            "moves": [_move(s["metadata"]) for s in said],
            "move": _move(main) if main else None,
            "evidence": (main or {}).get("evidence"),
            "bot": [text for s in said for text in _texts(s)],
            "buttons": [b["payload"] for s in said for b in s.get("buttons") or []],
            "made": [s["custom"] for s in said if s.get("custom")],
        }


def _texts(spoken: Mapping[str, Any]) -> list[str]:
    """What a person reads of one message: its text, and the draft that comes with it."""
    made = spoken.get("custom") or {}
    draft = (
        "\n\n".join(filter(None, (made.get("subject"), made.get("body"))))
        if made.get("kind") == "draft"
        else ""
    )
    return [text for text in (spoken.get("text"), draft) if text]


def _move(spoken: Mapping[str, Any]) -> str:
    return str(spoken["utter_action"]).removeprefix(f"utter_{spoken['stage']}_")


def reading(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """The public form of a reading: what `comeback read` prints."""
    intent = parsed.get("intent") or {}
    return {
        "text": parsed.get("text", ""),
        "intent": {"name": intent.get("name"), "confidence": round(float(intent.get("confidence") or 0), 4)},
        "emotions": parsed.get("emotions") or {},
        "feelings": list(parsed.get("feelings") or []),
        "risk": parsed.get("risk") or {"level": "concern", "kind": "unreadable"},
        "entities": [
            {key: e[key] for key in ("entity", "value", "start", "end")} for e in parsed.get("entities") or []
        ],
    }


async def load(root: Path) -> Whole:
    """The bot with the newest model under `root`/models. Raises NoModel."""
    agent, actions = await _agent(root)
    return Whole(agent, actions)


async def load_reader(root: Path) -> Any:
    """An async function: text -> public reading, or an error object for text that is none."""
    agent, _ = await _agent(root)

    async def read(text: str) -> dict[str, Any]:
        if not text.strip():
            return {"text": text, "error": "empty"}
        return reading(await agent.parse_message(text.lstrip("/ ") or text))

    return read


async def _agent(root: Path) -> tuple[Agent, InProcess]:
    models = sorted((root / "models").glob("*.tar.gz"))
    if not models:
        raise NoModel("There is no trained model yet. Run `make setup` first.")
    actions = InProcess()
    stores = AvailableEndpoints(
        tracker_store=EndpointConfig(type="comeback.talks.RunningTalks"),
        lock_store=EndpointConfig(type="comeback.talks.TalkLocks"),
        action=actions,
    )
    return await load_agent(str(models[-1]), endpoints=stores), actions
