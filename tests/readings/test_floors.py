"""No figure of the committed held-out lines is under its floor in benchmarks/floors.yml."""

from __future__ import annotations

import pytest

from benchmarks import floors, understanding
from benchmarks.readings import Model
from benchmarks.understanding import Tables
from comeback.build import model_file


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(model_file())


def test_intents(model: Model) -> None:
    figures, _ = understanding.intents(model)
    assert not floors.missed(figures)


def test_turns(model: Model) -> None:
    assert not floors.missed(understanding.turns(model))


def test_feelings(model: Model) -> None:
    ours, _ = understanding.glad_at_bad_news(model)
    assert not floors.missed(ours | understanding.own_feelings(model, Tables()))


def test_facts(model: Model) -> None:
    assert not floors.missed(understanding.facts(model, Tables()))
