"""A CV beside a job ad: what the ad asks, what the page shows, what is missing on it. No score: a list to look at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from comeback.vocabulary import Made
from comeback.workbench.words import QUOTES, Blocks, pattern

LONGEST = 20_000
MOST_ASKED = 40
LISTED = 8
QUOTE_CHARACTERS = 140
PHRASE_WORDS = 6
HEADING_WORDS = 8
LITTLE = frozenset("a an the of in on with and or to for at as by our your their its is are be from".split())
EDGES = r"(?<![\w+#.]){}(?![\w+#])"


@dataclass(frozen=True)
class Asked:
    """Something that the ad asks for."""

    name: str
    words: str
    """As the ad says it."""
    quote: str
    """The line of the ad."""
    nice: bool = False
    """Asked for as a plus only."""
    soft: bool = False
    """A way of working, which a page can hardly show."""
    shown: str = ""
    """The line of the CV that shows it; "" is missing on the page, which is not missing in the person."""


@dataclass(frozen=True)
class Gap:
    asked: tuple[Asked, ...]
    """In the order of the ad, ways of working after the rest and what is a plus last; at most MOST_ASKED."""
    years: tuple[str, ...]
    """Lengths of experience that it names, in its words. Whether they are there, only the person can say."""

    @property
    def shown(self) -> tuple[Asked, ...]:
        return tuple(a for a in self.asked if a.shown)

    @property
    def missing(self) -> tuple[Asked, ...]:
        return tuple(a for a in self.asked if not a.shown)


def compare(lexicon: Blocks, cv: str, ad: str) -> Gap:
    """The gap between two pasted texts; only the first LONGEST characters of each are read.

    A skill counts as shown if the CV names it in any of its spellings, another requirement if one line of the CV
    holds all its words.
    """
    lines = [_read_line(lexicon, line) for line in _lines(cv)]
    found = [_beside(asked, lines) for asked in asks(lexicon, ad)]
    ordered = sorted(found, key=lambda a: (a.nice, a.soft))
    return Gap(tuple(ordered[:MOST_ASKED]), tuple(years(lexicon, ad)))


def gap(lexicon: Blocks, cv: str, ad: str) -> Made:
    """The gap as blanks, only those that are known: `asked`, `shown`, `missing` and `nice` (missing, but only a plus) as
    lists of at most LISTED names; `first_missing`, `first_shown` with its line `shown_quote`; `years`."""
    result = compare(lexicon, cv, ad)
    missing = [a for a in result.missing if not a.nice]
    blanks = {
        "asked": _listed(result.asked),
        "shown": _listed(result.shown),
        "missing": _listed(tuple(missing)),
        "nice": _listed(tuple(a for a in result.missing if a.nice)),
        "first_missing": missing[0].name if missing else "",
        "first_shown": result.shown[0].name if result.shown else "",
        "shown_quote": result.shown[0].shown if result.shown else "",
        "years": "; ".join(result.years[:3]),
    }
    return Made({k: v for k, v in blanks.items() if v})


def asks(lexicon: Blocks, ad: str) -> Iterator[Asked]:
    """What an ad asks for, each once: skills known by name, then other requirements in its own words."""
    known, regex = _skills(lexicon)
    soft = {entry.split("|")[0] for entry in lexicon["skills"][lexicon["soft"]]}
    seen: set[str] = set()
    capitals = ad != ad.lower()
    others: list[Asked] = []
    for line, nice in _asking_lines(lexicon, ad):
        for match in regex.finditer(line):
            name = _name(known, match[0])
            if name in seen or (capitals and _ordinary(lexicon, match[0])):
                continue
            seen.add(name)
            yield Asked(name, match[0], line[:QUOTE_CHARACTERS], nice, soft=name in soft)
        others += [Asked(what, what, line[:QUOTE_CHARACTERS], nice) for what in _phrases(lexicon, line)]
    for other in others:
        if other.name.lower() not in seen and not regex.search(other.name):
            seen.add(other.name.lower())
            yield other


def years(lexicon: Blocks, ad: str) -> Iterator[str]:
    """The lengths of experience that an ad names ("5 years of experience in sales")."""
    for line, _ in _asking_lines(lexicon, ad):
        for match in pattern(lexicon["years"]).finditer(line):
            yield pattern(lexicon["stops"]).sub("", match[0]).strip()


def _asking_lines(lexicon: Blocks, ad: str) -> Iterator[tuple[str, bool]]:
    """The lines of the ad that may ask for something, and whether only as a plus; not those about
    the company: under "benefits" and the like, and those before the first part that asks, where there is one."""
    lines = _lines(ad)
    kinds = [_heading(lexicon, line) for line in lines]
    asking, nice_part = "asks" not in kinds, False
    for line, kind in zip(lines, kinds, strict=True):
        if kind:
            asking = kind != "rest"
            nice_part = kind == "asks" and bool(pattern(lexicon["nice"]).search(line))
        if asking:
            yield line, nice_part or bool(pattern(lexicon["nice"]).search(line))


def _heading(lexicon: Blocks, line: str) -> str:
    """asks, tasks or rest for a line that opens such a part; else ""."""
    if len(line.split()) > HEADING_WORDS:
        return ""
    return next((kind for kind, spoken in lexicon["headings"].items() if pattern(spoken).match(line)), "")


def _phrases(lexicon: Blocks, line: str) -> Iterator[str]:
    """Requirements without a known name: what stands after "experience with" and the like, and names of tools."""
    for asked in lexicon["asks"]:
        for match in pattern(asked).finditer(line):
            for piece in pattern(lexicon["splits"]).split(match["what"]):
                what = pattern(lexicon["stops"]).sub("", f" {piece}").strip(" -'\"")
                if 0 < len(what.split()) <= PHRASE_WORDS and not pattern(lexicon["empty"]).match(what):
                    yield what
    if pattern(lexicon["asking"]).search(line):
        for match in pattern(lexicon["tool"]).finditer(_skills(lexicon)[1].sub(" ", line)):
            if not pattern(lexicon["no_tool"]).match(match[0]):
                yield match[0]


@dataclass(frozen=True)
class _Line:
    text: str
    names: frozenset[str]
    stems: frozenset[str]


def names(lexicon: Blocks, text: str) -> frozenset[str]:
    """The skills that a text names in any of their spellings."""
    known, regex = _skills(lexicon)
    return frozenset(_name(known, m[0]) for m in regex.finditer(text))


def _read_line(lexicon: Blocks, line: str) -> _Line:
    return _Line(line, names(lexicon, line), _stems(line))


def _beside(asked: Asked, lines: list[_Line]) -> Asked:
    wanted = _stems(asked.name)
    shown = next((x.text for x in lines if asked.name in x.names or (wanted and wanted <= x.stems)), "")
    return replace(asked, shown=shown[:QUOTE_CHARACTERS])


def _stems(text: str) -> frozenset[str]:
    """Words without their endings, so that "managing" and "managed" are one."""
    words = (w for w in re.findall(r"[\w+#]+", text.lower()) if w not in LITTLE)
    return frozenset(
        re.sub(r"(?:ings?|ed|ers?|es|s|e|ation|ment)$", "", w) if len(w) > 4 else w for w in words
    )


def _ordinary(lexicon: Blocks, word: str) -> bool:
    """Whether a word that is also an ordinary one ("excel") is written as an ordinary one."""
    exact = {w.lower(): w for w in lexicon["exact"]}
    return word.lower() in exact and word not in (exact[word.lower()], word.upper())


def _name(names: Mapping[str, str], word: str) -> str:
    """The skill that a matched word is a spelling of, with or without a plural s."""
    spelling = _spelling(word)
    return names.get(spelling) or names[spelling.removesuffix("s")]


def _spelling(word: str) -> str:
    return " ".join(word.lower().replace("-", " ").split())


def _lines(text: str) -> list[str]:
    pieces = re.split(r"[\n•·▪●]+|(?<=[.;!?])\s+|\s+[*-]\s+", text[:LONGEST].translate(QUOTES))
    return [" ".join(p.split()) for p in pieces if p.strip()]


def _listed(asked: tuple[Asked, ...]) -> str:
    return ", ".join(a.name for a in asked[:LISTED])


def _skills(lexicon: Blocks) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Name of the skill by each of its spellings, and one pattern for all of them, the longest first."""
    return _compiled(tuple(entry for group in lexicon["skills"].values() for entry in group))


@lru_cache(maxsize=4)
def _compiled(entries: tuple[str, ...]) -> tuple[Mapping[str, str], re.Pattern[str]]:
    names: dict[str, str] = {}
    for entry in entries:
        name, *_ = spellings = entry.split("|")
        for spelling in spellings:
            names.setdefault(_spelling(spelling), name)
    longest = sorted(names, key=len, reverse=True)
    each = "|".join(re.sub(r"(?:\\ |\\-)+", r"[\\s-]+", re.escape(s)) for s in longest)
    return names, re.compile(EDGES.format(f"(?:{each})s?"), re.IGNORECASE)
