"""Texts read by a trained model, as its own servers read them; and the files of texts whose reading is known."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from comeback import settings

HELD_OUT = settings.ROOT / "tests" / "readings"
OUT = frozenset({"off_topic", "probe_bot", "other_language", "nlu_fallback"})
"""Intents that are answered with what the bot is not for, or with a question what was meant."""
UNCLEAR = "nlu_fallback"
GOOD_NEWS = frozenset({"got_offer", "share_win"})


@dataclass(frozen=True)
class Reading:
    """What a model reads in one text; `ranking` are its likeliest intents with their probabilities."""

    intent: str
    confidence: float
    ranking: dict[str, float]
    feelings: tuple[str, ...]
    facts: dict[str, Counter[str]]

    @property
    def out_of_scope(self) -> float:
        return sum(p for name, p in self.ranking.items() if name in OUT)


class Model:
    def __init__(self, archive: Path) -> None:
        from rasa.core.agent import load_agent

        _hush()
        # A thread of its own: the browser tests keep a loop running in the main one.
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._agent = self._finish(load_agent(str(archive)))

    def read(self, texts: Sequence[str], *, believe: bool = True) -> list[Reading]:
        """`believe` False: where the model falls back because it is unsure, its likeliest intent counts."""
        return [_reading(self._parse(text), believe) for text in texts]

    def milliseconds(self, texts: Sequence[str]) -> float:
        """Median processor time for one of `texts`, which must differ: readers remember the last few."""
        times = []
        for text in texts:
            began = time.process_time()
            self._parse(text)
            times.append(time.process_time() - began)
        return statistics.median(times) * 1000

    def feelings(self) -> tuple[str, ...]:
        """All labels that it can read."""
        return tuple(self._parse("hello there").get("emotions") or ())

    def _parse(self, text: str) -> dict[str, Any]:
        parsed: dict[str, Any] = self._finish(self._agent.parse_message(text.lstrip("/ ") or text))
        return parsed

    def _finish(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()


def _hush() -> None:
    """Rasa would otherwise print each text with its reading."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _reading(parsed: dict[str, Any], believe: bool) -> Reading:
    ranking = {r["name"]: float(r["confidence"]) for r in parsed.get("intent_ranking") or []}
    intent = str((parsed.get("intent") or {}).get("name"))
    confidence = float((parsed.get("intent") or {}).get("confidence") or 0)
    if not believe and intent == UNCLEAR:
        ranking.pop(UNCLEAR, None)
        intent, confidence = max(ranking.items(), key=lambda pair: pair[1])
    facts: dict[str, Counter[str]] = {}
    for entity in parsed.get("entities") or []:
        facts.setdefault(entity["entity"], Counter())[plain(str(entity["value"]))] += 1
    return Reading(intent, confidence, ranking, tuple(parsed.get("feelings") or ()), facts)


def plain(value: str) -> str:
    """How values are compared: without case, article and spaces at the ends."""
    return value.casefold().strip().removeprefix("the ")


def held_out_intents() -> tuple[list[str], list[str]]:
    """Intents and texts, without the few that somebody else also wrote down for training ("hiya", "ta")."""
    rows = [row.split("\t", 1) for row in (HELD_OUT / "intents_held_out.tsv").read_text("utf-8").splitlines()]
    learned = {_letters(text) for text in training_texts()}
    rows = [row for row in rows if _letters(row[1]) not in learned]
    return [intent for intent, _ in rows], [text for _, text in rows]


def held_out_turns() -> tuple[list[set[str]], list[str]]:
    """Turns from the middle of talks, in their order: the intents that fit each, and its text. None is in danger."""
    rows = [row.split("\t", 1) for row in (HELD_OUT / "turns_held_out.tsv").read_text("utf-8").splitlines()]
    return [set(intents.split("|")) for intents, _ in rows], [text for _, text in rows]


def training_texts() -> list[str]:
    """Every line of data/nlu."""
    return [
        line.removeprefix("- ")
        for file in sorted((settings.ROOT / "data" / "nlu").glob("*.yml"))
        for entry in yaml.safe_load(file.read_text("utf-8"))["nlu"]
        for line in entry["examples"].strip().splitlines()
    ]


def _letters(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9 ]", "", text.lower()).split())


def not_getting_it() -> list[str]:
    """Lines of people who did not get the job, none of which may be congratulated."""
    return (HELD_OUT / "not_getting_it.txt").read_text("utf-8").splitlines()


def held_out_facts() -> tuple[list[str], list[dict[str, Counter[str]]]]:
    """Texts, and in each line the values of each entity."""
    lines = yaml.safe_load((HELD_OUT / "facts_held_out.yml").read_text("utf-8"))
    wanted: list[dict[str, Counter[str]]] = []
    for line in lines:
        facts: dict[str, Counter[str]] = {}
        for fact in line["facts"]:
            facts.setdefault(fact["entity"], Counter())[plain(str(fact["value"]))] += 1
        wanted.append(facts)
    return [line["text"] for line in lines], wanted


def out_of_scope(folder: Path) -> list[str]:
    """CLINC150's out-of-scope queries."""
    return [json.loads(row)["text"] for row in (folder / "clinc_oos.jsonl").read_text("utf-8").splitlines()]


def of_length(texts: Sequence[str], count: int, *, words: int = 0, characters: int = 0) -> list[str]:
    """`count` different texts of so many words or characters, made of `texts` in their order."""
    said = " ".join(texts).split()
    step = words or characters // 5
    starts = [(i * (step + 1)) % (len(said) - 2 * step) for i in range(count)]
    if words:
        return [" ".join(said[a : a + words]) for a in starts]
    return [" ".join(said[a : a + characters])[:characters] for a in starts]
