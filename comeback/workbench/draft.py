"""A draft as it is kept in memory, so that it can be made again and changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

VERSIONS = 5
"""Earlier versions kept for undo."""
PLAIN = ("kind", "form", "tone", "size", "lang", "name")


@dataclass(frozen=True)
class Draft:
    """What a message is made of; the words are chosen anew each time."""

    kind: str
    form: str = "email"
    tone: str = "plain"
    size: str = "full"
    lang: str = "en"
    name: str = ""
    """What it is signed with."""
    facts: dict[str, str] = field(default_factory=dict)
    """Only what the person said: company, role, person, rounds, met, topic, reason, who, want ..."""
    without: tuple[str, ...] = ()
    """Parts left out: `thanks`, or `thanks~team` for its sentences with that word."""
    adds: tuple[str, ...] = ()
    """Their own sentences, in order, each with its language in front ("en I enjoyed it.")."""
    swaps: tuple[tuple[str, str], ...] = ()
    """Words changed to others, in order."""
    before: tuple[str, ...] = ()
    """Earlier versions as JSON, newest last."""


def keep(draft: Draft) -> dict[str, str]:
    """The draft as a flat mapping of texts, without what is empty."""
    flat = {name: str(getattr(draft, name)) for name in PLAIN}
    lists = {name: list(getattr(draft, name)) for name in ("without", "adds", "swaps", "before")}
    packed = {name: json.dumps(value, ensure_ascii=False) for name, value in lists.items() if value}
    return {k: v for k, v in flat.items() if v} | draft.facts | packed


def restore(kept: Mapping[str, str], kind: str) -> Draft:
    """The draft in a kept mapping. What is not JSON counts as empty."""
    lists = {name: _list(kept.get(name)) for name in ("without", "adds", "before")}
    swaps = tuple(
        (str(s[0]), str(s[1])) for s in _list(kept.get("swaps")) if isinstance(s, list) and len(s) == 2
    )
    facts = {k: v for k, v in kept.items() if k not in (*PLAIN, *lists, "swaps") and v}
    texts = {name: tuple(str(v) for v in value) for name, value in lists.items()}
    plain = {name: kept[name] for name in PLAIN if kept.get(name)}
    return Draft(**{"kind": kind, **plain}, facts=facts, swaps=swaps, **texts)  # type: ignore[arg-type]


def remembered(draft: Draft, earlier: Draft) -> Draft:
    """`draft` with `earlier` as its last version, for undo."""
    version = asdict(earlier)
    del version["before"]
    before = (*earlier.before, json.dumps(version, ensure_ascii=False))[-VERSIONS:]
    return Draft(**{**_fields(draft), "before": before})  # type: ignore[arg-type]


def previous(draft: Draft) -> Draft | None:
    """The version before the last change, or None."""
    if not draft.before:
        return None
    version = json.loads(draft.before[-1])
    for name in ("without", "adds"):
        version[name] = tuple(version[name])
    version["swaps"] = tuple((old, new) for old, new in version["swaps"])
    return Draft(**version, before=draft.before[:-1])


def _fields(draft: Draft) -> dict[str, object]:
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__}


def _list(text: str | None) -> list[object]:
    try:
        value = json.loads(text or "[]")
    except ValueError:
        return []
    return value if isinstance(value, list) else []
