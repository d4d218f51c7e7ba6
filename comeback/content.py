"""Reads data/: responses, exercises, helplines, choices. A wrong file is a clear error at the start, not in a talk."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from comeback.vocabulary import Exercise, Stage, Step, Strategy

BLANK = re.compile(r"{(\w+)}")


class WrongContent(ValueError):
    """A file under data/ is not what it should be; the message names file and entry."""


@dataclass(frozen=True)
class Variation:
    """One wording. `needs` are its blanks, `when` the traits it is for (each one of several values)."""

    id: str
    text: str
    needs: frozenset[str]
    when: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    name: str
    variations: tuple[Variation, ...]
    buttons: tuple[str, ...] = ()
    payload: dict[str, Any] | None = None


@dataclass(frozen=True)
class Helpline:
    line: str
    """How to reach people, as a sentence."""
    emergency: str
    """What to do at once, as the end of a sentence."""
    aliases: tuple[str, ...]
    """How people call the country, lower case."""


@dataclass(frozen=True)
class Content:
    responses: dict[str, Response]
    exercises: dict[str, Exercise]
    choices: dict[str, str]
    """Intent or topic -> the words of the button that means it."""
    places: dict[str, str]
    """Sources that answers may cite: id -> how to say it."""
    asked: dict[str, str]
    """Open question -> what it was about, as the end of "I asked ..."."""
    stored: dict[str, Any]
    """How stored rows are called when a person asks what there is."""
    helplines: dict[str, Helpline]
    """By upper-case country code; "" is everywhere else."""


def country_named(content: Content, text: str, places: Sequence[str] = ()) -> str | None:
    """The country that a person says they are in ("i'm in ireland", "from the uk"), as its code; `places` were read in it."""
    said = re.findall(r"\b(?:in|from)\s+(?:the\s+)?([a-z. ]+)", text.lower())
    for rest in [*said, *(place.lower() for place in places)]:
        for code, line in content.helplines.items():
            if any(rest == alias or rest.startswith(alias + " ") for alias in line.aliases):
                return code
    return None


@lru_cache(maxsize=4)
def load(data: Path) -> Content:
    """All content under the folder `data`. Raises WrongContent."""
    responses: dict[str, Response] = {}
    for path in sorted((data / "responses").glob("*.yml")):
        for name, entry in _read(path)["responses"].items():
            if name in responses:
                raise WrongContent(f"{path}: {name} is said twice.")
            responses[name] = _response(path, name, entry)
    exercises = {}
    for path in sorted((data / "exercises").glob("*.yml")):
        exercises[path.stem] = _exercise(path)
    choices = _read(data / "choices.yml")
    return Content(
        responses,
        exercises,
        {**choices["choices"], **choices["topics"]},
        dict(_read(data / "sources.yml")["sources"]),
        dict(_read(data / "asked.yml")["asked"]),
        _read(data / "stored.yml"),
        _helplines(data),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        value = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise WrongContent(f"{path} cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise WrongContent(f"{path} is not a mapping.")
    return value


def _helplines(data: Path) -> dict[str, Helpline]:
    value, phrases = _read(data / "helplines.yml"), _read(data / "phrases.yml")
    emergency = phrases["emergency"]
    found = {"": Helpline(phrases["anywhere"], emergency.format_map(value["default"]), ())}
    for code, entry in value["countries"].items():
        line = entry["lines"][0]
        same = line.get("phone") and line.get("phone") == line.get("text")
        known = {**line, "both": line.get("phone") if same else None}
        form = next(f["text"] for f in phrases["forms"] if known.get(f["needs"]))
        found[code] = Helpline(form.format_map(line), emergency.format_map(entry), tuple(entry["aliases"]))
    return found


def _response(path: Path, name: str, entry: Any) -> Response:
    """A list of wordings, or {say: [...], buttons: [...], payload: {...}}; a wording is a text or {text, when}."""
    given = entry if isinstance(entry, dict) else {"say": entry}
    unknown = set(given) - {"say", "buttons", "payload"}
    if unknown or not given.get("say"):
        raise WrongContent(f"{path}: {name} needs `say` and knows no {sorted(unknown)}.")
    variations = []
    for i, wording in enumerate(given["say"]):
        text = wording if isinstance(wording, str) else wording["text"]
        when = {} if isinstance(wording, str) else wording.get("when", {})
        variations.append(
            Variation(
                f"{name}#{i}",
                text.strip(),
                frozenset(BLANK.findall(text)),
                {k: frozenset(v.split()) for k, v in when.items()},
            )
        )
    return Response(name, tuple(variations), tuple(given.get("buttons", ())), given.get("payload"))


def _exercise(path: Path) -> Exercise:
    value = _read(path)
    try:
        steps = tuple(
            Step(
                s["name"],
                tuple((s.get("unless") or "").split()),
                bool(s.get("free")),
                frozenset((s.get("expects") or "").split()),
                s.get("answers"),
                bool(s.get("scale")),
                bool(s.get("counts")),
                bool(s.get("consented")),
            )
            for s in value["steps"]
        )
        return Exercise(
            path.stem,
            Stage(value["stage"]),
            steps,
            Strategy(value["strategy"]),
            value.get("evidence"),
            value.get("why"),
            value.get("make"),
            value.get("opens", "feeling"),
            bool(value.get("keeps")),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise WrongContent(f"{path}: {error!r}") from error
