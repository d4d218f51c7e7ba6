"""Rasa's view of the readers: thin wrappers that put each reading on the message."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Self

import numpy as np
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from comeback import settings
from comeback.nlu import situations
from comeback.nlu.crisis import CrisisReader
from comeback.nlu.emotion import EmotionReader
from comeback.nlu.encoder import Encoder, folder_in
from comeback.nlu.entities import FactReader
from comeback.nlu.intents import IntentClassifier, held_out
from comeback.nlu.judgement import Ranking, judge
from comeback.nlu.nearest import Nearest
from comeback.nlu.outright import Outright
from comeback.nlu.weightiest import SHORTEST, weightiest
from comeback.nlu.what_it_is import WhatItIs
from comeback.vocabulary import Risk, RiskKind, RiskLevel

logger = logging.getLogger(__name__)

LEXICONS = settings.ROOT / "data" / "lexicons"
MODELS = settings.ROOT / "models"
SITUATIONS = settings.ROOT / "data" / "situations"
CHOICES = settings.ROOT / "data" / "choices.yml"
PRACTICAL = "ask_practical"
QUESTIONED = 1_000
MOST_QUESTIONS = 3
SHORT = 400
"""Characters of a message that is looked at whole for the words of its topic; of a longer one only what it asks is."""
PROPOSED = 30
"""Topics nearest to a question whose patterns are tried."""
NEAR, NEXT, NEAREST = 0.15, 0.08, 3
"""So many topics may be meant at most, the first of them so likely at least, and the next."""
SENTENCES = re.compile(r"[^.!?\n]+[.!?\n]*")
ASKING = re.compile(
    r"\?|(?:^|[,;:])\W*(?:(?:and|but|so|ok|no|nah|yeah|yes|well|then|just|like|please|pls|um+|hm+|tell me|explain) )*(?:what(?:'?s)?|who|how(?:'?s)?|when|where|why|which|should|can|could|do|does|did|is|are|"
    r"will|would|have|may|must)\b|\basked (?:you |u )?(?:how|what|where|when|which|who|why|if|whether)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def shared_encoder() -> Encoder:
    return Encoder.load(folder_in(settings.load().cache))


class Ready(GraphComponent):
    """A reader that needs no training here."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls()


class Trained(GraphComponent):
    """A reader that keeps what it learns in the model."""

    def __init__(self, storage: ModelStorage, resource: Resource) -> None:
        self._storage = storage
        self._resource = resource
        self._encoder = shared_encoder()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        return cls(model_storage, resource)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class EmotionComponent(Ready):
    """Sets `emotions` (label -> calibrated probability) and `feelings` (present ones, strongest first)."""

    def __init__(self) -> None:
        self._encoder = shared_encoder()
        self._reader = EmotionReader.load()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            emotions, feelings = self._reader.read(self._encoder.encode(text), text)
            message.set("emotions", {k: round(v, 4) for k, v in emotions.items()}, add_to_output=True)
            message.set("feelings", list(feelings), add_to_output=True)
        return messages


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class FactComponent(Ready):
    """Sets `entities`: company, role, person and the other facts, by character offsets."""

    def __init__(self) -> None:
        self._encoder = shared_encoder()
        self._reader = FactReader.load(LEXICONS)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            facts = self._reader.read(text, self._encoder.encode(text))
            message.set(
                ENTITIES,
                [{"entity": f.entity, "value": f.value, "start": f.start, "end": f.end} for f in facts],
                add_to_output=True,
            )
        return messages


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentComponent(Trained):
    """Sets `intent`, its ranking and the `topic` that a practical question would be about (Rasa's retrieval intents,
    "ask_practical/rights"); stands after the emotion reader, whose reading it is held against."""

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        classifier: IntentClassifier | None = None,
        topics: Nearest | None = None,
        outright: Outright | None = None,
    ) -> None:
        super().__init__(storage, resource)
        self._classifier = classifier
        self._topics = topics
        self._outright = outright
        self._what_it_is = WhatItIs.load(LEXICONS)
        self._buttons = _buttons()

    def train(self, training_data: TrainingData) -> Resource:
        lines = [m for m in training_data.intent_examples if m.get(TEXT)]
        texts = [m.get(TEXT) for m in lines]
        vectors = np.stack([encoding.mean for encoding in self._encoder.encode_many(texts)])
        held = np.array([held_out(text) for text in texts])
        topics = [str(m.get(INTENT_RESPONSE_KEY) or "").partition("/")[2] for m in lines]
        practical = np.array([bool(topic) for topic in topics])
        self._classifier = IntentClassifier.fit(vectors, texts, [m.get(INTENT) for m in lines], held)
        self._topics = Nearest.fit(vectors[practical], list(filter(None, topics)))
        with self._storage.write_to(self._resource) as folder:
            self._classifier.save(folder / "intents.safetensors")
            self._topics.save(folder / "topics.safetensors")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentComponent:
        with model_storage.read_from(resource) as folder:
            classifier = IntentClassifier.load(folder / "intents.safetensors")
            topics = Nearest.load(folder / "topics.safetensors")
        return cls(model_storage, resource, classifier, topics, Outright.load(LEXICONS / "topics"))

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            chosen = self._buttons.get(text.strip().lower())
            ranking = weightiest(text, self._rank(text), self._rank)
            ranking = self._what_it_is.first(text, judge(text, ranking, message.get("feelings") or []))
            ranking = [(PRACTICAL, 1.0)] if chosen else ranking
            named = [{"name": name, "confidence": p} for name, p in ranking[:10]]
            message.set(INTENT, named[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
            asks = ranking[0][0] == PRACTICAL or any(map(ASKING.search, SENTENCES.findall(text[:QUESTIONED])))
            topic = _topic(chosen) if chosen else self._topic(text) if asks else None
            message.set("topic", topic, add_to_output=True)
        return messages

    def _topic(self, text: str) -> dict[str, Any] | None:
        """The topic that the question gives away in so many words, else the likeliest of its asking sentences."""
        assert self._topics is not None and self._outright is not None
        questions = _questions(text[:QUESTIONED])
        asking = self._topics.read([self._encoder.encode(part).mean for part in questions], PROPOSED)
        proposed = dict.fromkeys(near.name for nears in asking for near in nears)
        told = self._outright.first(text if len(text) <= SHORT else questions[-1], proposed)
        if told:
            return _topic(told)
        best = max(asking, key=lambda nears: nears[0].sure if nears else 0.0)
        near = [n.name for n in best[:NEAREST] if best[0].sure >= NEAR and n.sure >= NEXT]
        return _topic(best[0].name, best[0].sure, near) if best else None

    def _rank(self, text: str) -> Ranking:
        assert self._classifier is not None
        return self._classifier.rank(self._encoder.encode(text).mean, text)


def _topic(name: str, sure: float = 1.0, near: Sequence[str] = ()) -> dict[str, Any]:
    """`near` are the topics that may be meant, likeliest first."""
    return {"name": name, "confidence": sure, "near": list(near)}


def _buttons() -> dict[str, str]:
    """What a button asks, in lower case, with its topic."""
    said: dict[str, str] = yaml.safe_load(CHOICES.read_text(encoding="utf-8"))["topics"]
    return {question.lower(): topic for topic, question in said.items()}


def _questions(text: str) -> list[str]:
    """The sentences that ask something, of several, and what they ask together; else the whole."""
    said = [s.strip() for s in SENTENCES.findall(text) if len(s.split()) >= SHORTEST]
    asking = [s for s in said if ASKING.search(s)][-MOST_QUESTIONS:]
    if len(said) < 2 or not asking:
        return [text]
    return asking if len(asking) < 2 else [*asking, " ".join(asking)]


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class SituationComponent(Trained):
    """Sets `situation`: what the message tells of, how likely it is among the situations and how near its lines are."""

    def __init__(
        self,
        storage: ModelStorage,
        resource: Resource,
        nearest: Nearest | None = None,
        outright: Outright | None = None,
    ) -> None:
        super().__init__(storage, resource)
        self._nearest = nearest
        self._outright = outright

    def train(self, training_data: TrainingData) -> Resource:
        texts, names = zip(*situations.lines(SITUATIONS), strict=True)
        vectors = np.stack([encoding.mean for encoding in self._encoder.encode_many(texts)])
        self._nearest = Nearest.fit(vectors, names)
        with self._storage.write_to(self._resource) as folder:
            self._nearest.save(folder / "situations.safetensors")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SituationComponent:
        with model_storage.read_from(resource) as folder:
            nearest = Nearest.load(folder / "situations.safetensors")
        return cls(model_storage, resource, nearest, Outright.load(LEXICONS / "situations"))

    def process(self, messages: list[Message]) -> list[Message]:
        assert self._nearest is not None and self._outright is not None
        for message in messages:
            text = message.get(TEXT) or ""
            near = situations.read(self._nearest, self._outright, text, self._encoder.encode(text))
            told = near and {"name": near.name, "confidence": near.sure, "likeness": near.likeness}
            message.set("situation", told, add_to_output=True)
        return messages


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class CrisisComponent(Ready):
    """Sets `risk`, and in a crisis replaces the intent. Stands last; when it cannot read, help is offered."""

    def __init__(self) -> None:
        self._reader: CrisisReader | None = None
        try:
            self._reader = CrisisReader.load(LEXICONS, MODELS / "crisis.safetensors")
        except Exception as error:
            logger.error("the risk reader could not be loaded: %s", type(error).__name__)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            risk = self._read(message.get(TEXT) or "")
            read = {"level": risk.level.value, "kind": risk.kind.value, "unsure": risk.unsure}
            message.set("risk", read, add_to_output=True)
            if risk.level is RiskLevel.CRISIS:
                message.set("wanted", message.get(INTENT), add_to_output=True)
                message.set(INTENT, {"name": "crisis", "confidence": 1.0}, add_to_output=True)
        return messages

    def _read(self, text: str) -> Risk:
        try:
            assert self._reader is not None
            return self._reader.read(text, shared_encoder().encode(text))
        except Exception as error:
            logger.error("the risk reader failed: %s", type(error).__name__)
            return Risk(RiskLevel.CONCERN, RiskKind.UNREADABLE)
