"""Rasa's own ways with the same training lines, each as a project in a folder of its own.

`floor` is the least that Rasa can do: KeywordIntentClassifier and RulePolicy. That classifier searches every line of
its training data as a pattern, so it gets one line an intent; with all of them it is no floor. What no line fits is
answered by the rule for nlu_fallback. `default` is the pipeline and the policies that Rasa writes into a new project.
Both answer from their domain, without an action server, over the REST channel, with trackers in memory.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from comeback import settings

Line = tuple[str, str]
"""Intent and text."""

PLAIN = re.compile(r"[a-z ]+")
FALLBACK = {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1}
RULES = {"name": "RulePolicy"}
MODEL = "peer"


class NotTrained(RuntimeError):
    """Rasa could not train; the message ends with what it said."""


@dataclass(frozen=True)
class Peer:
    name: str
    folder: Path
    lines: int
    """Training lines used."""
    epochs: int | None

    @property
    def model(self) -> Path:
        return self.folder / "models" / f"{MODEL}.tar.gz"

    def command(self, port: int) -> list[str]:
        return [
            *(
                sys.executable,
                "-m",
                "rasa",
                "run",
                "--model",
                str(self.model),
                "--endpoints",
                "endpoints.yml",
            ),
            *("--credentials", "credentials.yml", "--interface", "127.0.0.1", "--port", str(port)),
        ]


def training_lines(source: Path, most: int | None = None) -> list[Line]:
    """All lines of an NLU file or of the files in a folder, or the first `most` of each entry."""
    lines: list[Line] = []
    for path in sorted(source.glob("*.yml")) if source.is_dir() else [source]:
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            if "intent" in entry:
                texts = [row.removeprefix("- ").strip() for row in entry["examples"].splitlines()]
                intent = entry["intent"].partition("/")[0]
                lines += [(intent, text) for text in texts[:most] if text]
    return lines


def floor(folder: Path, lines: Sequence[Line]) -> Peer:
    keywords = _keywords(lines)
    _write(
        folder,
        keywords,
        pipeline=[{"name": "KeywordIntentClassifier"}, FALLBACK],
        policies=[RULES],
        stories=False,
    )
    return Peer("Rasa's floor", folder, len(keywords), None)


def default(folder: Path, lines: Sequence[Line], epochs: int) -> Peer:
    learning = {"epochs": epochs, "constrain_similarities": True}
    pipeline: list[dict[str, Any]] = [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", **learning},
        {"name": "EntitySynonymMapper"},
        FALLBACK,
    ]
    policies: list[dict[str, Any]] = [
        {"name": "MemoizationPolicy"},
        RULES,
        {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": epochs},
        {"name": "TEDPolicy", "max_history": 5, **learning},
    ]
    _write(folder, lines, pipeline, policies, stories=True)
    return Peer("Rasa's default", folder, len(lines), epochs)


def train(peer: Peer, *, nlu_only: bool = False) -> None:
    """Raises NotTrained."""
    what = ["train", "nlu", "--nlu", "data"] if nlu_only else ["train", "--data", "data", "--force"]
    done = subprocess.run(
        [sys.executable, "-m", "rasa", *what, "--out", "models", "--fixed-model-name", MODEL],
        cwd=peer.folder,
        env=settings.child_environment({"TF_CPP_MIN_LOG_LEVEL": "3"}),
        capture_output=True,
        text=True,
    )
    if done.returncode or not peer.model.exists():
        raise NotTrained(f"{peer.name}: {(done.stdout + done.stderr)[-2000:]}")


def _keywords(lines: Sequence[Line]) -> list[Line]:
    """The shortest plain line of each intent: a keyword, not a sentence."""
    shortest: dict[str, str] = {}
    for intent, text in lines:
        if PLAIN.fullmatch(text) and len(text) < len(shortest.get(intent, text + " ")):
            shortest[intent] = text
    return list(shortest.items())


def _write(
    folder: Path,
    lines: Sequence[Line],
    pipeline: list[dict[str, Any]],
    policies: list[dict[str, Any]],
    *,
    stories: bool,
) -> None:
    """A project that answers each intent with one response; `stories` are what TED and UnexpecTED learn from."""
    intents = sorted({intent for intent, _ in lines} | {"nlu_fallback"})
    turns = {
        intent: [{"intent": intent}, {"action": f"utter_{intent}"}]
        for intent in intents
        if intent != "crisis"
    }
    first = turns["greet"]
    talks = [{"story": i, "steps": [*first, *turn, *turn]} for i, turn in turns.items() if i != "greet"]
    examples = {i: "".join(f"- {text}\n" for intent, text in lines if intent == i) for i in intents}
    files: dict[str, Any] = {
        "config.yml": {
            "recipe": "default.v1",
            "language": "en",
            "assistant_id": "peer",
            "pipeline": pipeline,
            "policies": policies,
        },
        "domain.yml": {
            "version": "3.1",
            "intents": intents,
            "responses": {
                name: [{"text": f"This is {name}."}]
                for name in ("utter_default", *(f"utter_{i}" for i in intents))
            },
            "session_config": {"session_expiration_time": 0, "carry_over_slots_to_new_session": True},
        },
        "credentials.yml": {"rest": None},
        "endpoints.yml": {},
        "data/nlu.yml": {
            "version": "3.1",
            "nlu": [{"intent": i, "examples": text} for i, text in examples.items() if text],
        },
        "data/rules.yml": {
            "version": "3.1",
            "rules": [{"rule": i, "steps": turn} for i, turn in turns.items()],
        },
    }
    if stories:
        files["data/stories.yml"] = {"version": "3.1", "stories": talks}
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000), "utf-8")
