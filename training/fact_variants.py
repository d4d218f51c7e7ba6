"""More messages from the annotated ones: names and roles change places, are typed otherwise and misspelt."""

from __future__ import annotations

import random
from collections.abc import Sequence
from string import ascii_lowercase

from training.fact_lines import Marked

EXCHANGED = {"company": 0.75, "role": 0.5, "person": 0.7}
"""How often what a span says is put in the place of another of its label."""
MIXED = 0.4
"""How often an exchanged company of several words gets its first word from one name, the rest from another."""
SLIPS = 0.1
"""How often a word of a span gets a slip of the finger."""
CASES = {"as is": 0.5, "lower": 0.25, "names titled": 0.2, "upper": 0.05}


def varied(lines: Sequence[Marked], times: int, seed: int) -> list[Marked]:
    """`times` variants of each line, made of these lines alone."""
    chance = random.Random(seed)
    said: dict[str, list[str]] = {label: [] for label in EXCHANGED}
    for line in lines:
        for label, start, end in line.spans:
            said[label].append(line.text[start:end])
    return [_variant(line, said, chance) for line in lines for _ in range(times)]


def _variant(line: Marked, said: dict[str, list[str]], chance: random.Random) -> Marked:
    case = chance.choices(list(CASES), list(CASES.values()))[0]
    text, spans, at = "", [], 0
    for label, start, end in line.spans:
        text += _cased(line.text[at:start], "as is" if case == "names titled" else case)
        words = line.text[start:end]
        if chance.random() < EXCHANGED[label]:
            words = chance.choice(said[label])
            if label == "company" and chance.random() < MIXED:
                words = _mixed(words, chance.choice(said[label]))
        words = " ".join(_slipped(w, chance) if chance.random() < SLIPS else w for w in words.split(" "))
        titled = case == "names titled" and label != "role"
        words = _titled(words) if titled else _cased(words, case)
        spans.append((label, len(text), len(text) + len(words)))
        text, at = text + words, end
    return Marked(text + _cased(line.text[at:], "as is" if case == "names titled" else case), tuple(spans))


def _mixed(one: str, other: str) -> str:
    first, rest = one.split(" "), other.split(" ")
    return " ".join([first[0], *rest[1:]]) if len(rest) > 1 else one


def _slipped(word: str, chance: random.Random) -> str:
    if len(word) < 5:
        return word
    i = chance.randrange(1, len(word) - 1)
    return chance.choice(
        [
            word[:i] + word[i + 1 :],
            word[:i] + word[i + 1] + word[i] + word[i + 2 :],
            word[:i] + word[i] + word[i:],
            word[:i] + chance.choice(ascii_lowercase) + word[i + 1 :],
        ]
    )


def _cased(text: str, case: str) -> str:
    return text.lower() if case == "lower" else text.upper() if case == "upper" else text


def _titled(name: str) -> str:
    return " ".join(
        w[:1].upper() + w[1:] if w not in {"and", "of", "the", "&"} else w for w in name.split(" ")
    )
