"""Risk patterns and what changes their meaning, in the manner of ConText (negation, other person, past ...).

The data is data/lexicons/crisis.yml and context.yml; their heads say what each key means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from comeback.nlu.needed import Needed
from comeback.vocabulary import Risk, RiskKind, RiskLevel

SEVERITY = {RiskLevel.NONE: 0, RiskLevel.CONCERN: 1, RiskLevel.CRISIS: 2}
CUES = frozenset(
    "negation cleared past other_person idiom quotation profession search jest fear pseudo earnest stop".split()
)
DIRECTIONS = frozenset({"forward", "backward", "both", "over"})
KEEP = "keep"

_END = re.compile(r"(?<=[.!?…])(?<!\s\w\.)(?<!^\w\.)[\"')]*\s+|[.!?]{2,}|\n+|;\s")
_NAME = re.compile(r"\{([a-z_]+)\}")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u0300-\u036f]")
_SPACED = re.compile(r"(?<![a-z0-9])(?:[a-z0-9!@$][ .\-_*]+){2,}[a-z0-9](?![a-z0-9])")
_LEET_WORD = re.compile(r"[a-z]+(?:[013457@$!*][a-z]+)+")
_LEET = str.maketrans("013457@$!", "oieastasi")
_MASK = re.compile(r"(?<=[a-z])[._\-](?=[a-z](?:\b|[._\-]))")
_RUN = re.compile(r"([a-z])\1{2,}")
_LAUGH = re.compile("[\U0001f600-\U0001f606\U0001f923\U0001f480\u2620\U0001f643]+")
_DROP = re.compile(r"[^\w\s,*/:]|_")
_SELF = re.compile(r"\b(?:i|im|ill|id|ive|me|myself)\b")
_SPACE = re.compile(r"\s+")


class LexiconError(ValueError):
    """A lexicon cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class Pattern:
    label: RiskKind
    level: RiskLevel
    regex: re.Pattern[str]


@dataclass(frozen=True)
class Cue:
    """What lowers or moves a pattern; `lowers` and `levels` say which. `kind` None keeps the pattern's own."""

    label: str
    direction: str
    regex: re.Pattern[str]
    reach: int
    level: RiskLevel
    kind: RiskKind | None
    lowers: frozenset[RiskKind]
    levels: frozenset[RiskLevel]
    cancels: frozenset[str]

    def applies(self, pattern: Pattern) -> bool:
        return pattern.label in self.lowers and pattern.level in self.levels


@dataclass(frozen=True)
class Finding:
    """What the patterns of a sentence say; `lowered` when context changed it."""

    risk: Risk
    lowered: bool


@dataclass(frozen=True)
class Lexicon:
    spellings: tuple[tuple[str, re.Pattern[str]], ...]
    patterns: tuple[Pattern, ...]
    cues: tuple[Cue, ...]
    patterns_needed: Needed
    cues_needed: Needed

    @staticmethod
    def load(folder: Path) -> Lexicon:
        """Read crisis.yml and context.yml of `folder`. Raises LexiconError, OSError."""
        crisis = _read(folder / "crisis.yml")
        _only(crisis, {"spellings", "words", "patterns"}, "crisis.yml")
        words = {name: str(body) for name, body in crisis["words"].items()}
        spellings = tuple((to, _compile(body, {})) for to, body in crisis["spellings"].items())
        patterns = tuple(_pattern(entry, words) for entry in crisis["patterns"])
        cues = tuple(_cue(entry, words) for entry in _read(folder / "context.yml"))
        needed = (Needed(each.regex for each in entries) for entries in (patterns, cues))
        return Lexicon(spellings, patterns, cues, *needed)

    def normalise(self, sentence: str) -> str:
        """One sentence in the spelling of the patterns; the person's own text stays as it is."""
        text = unicodedata.normalize("NFKD", sentence.replace("\u2260", " not ")).lower()
        text = _LAUGH.sub(" lol ", _UNSEEN.sub("", text))
        text = _SPACED.sub(_joined, text)
        text = _LEET_WORD.sub(lambda m: m[0].translate(_LEET), text)
        text = _MASK.sub("", text)
        text = re.sub("['’‘`´ʼ]", "", text)
        text = _RUN.sub(lambda m: m[1] * 2 if m[1] == "l" else m[1], text)
        text = _DROP.sub(" ", text)
        text = _SPACE.sub(" ", text).replace(" ,", ",").strip(" ,:")
        text = re.sub(r",(?=\S)", ", ", text)
        for canonical, regex in self.spellings:
            text = regex.sub(canonical, text)
        return text

    def read(self, sentence: str) -> Finding | None:
        """The worst reading of one normalised sentence; None when no pattern is in it.

        Each pattern is read in its context; a sentence whose patterns are all lowered has the kind of the cue.
        """
        likely = (self.patterns[i] for i in self.patterns_needed.places(sentence))
        found = [(p, m.span()) for p in likely for m in p.regex.finditer(sentence)]
        if not found:
            return None
        cues = self._cues(sentence)
        findings = [self._in_context(sentence, pattern, span, cues) for pattern, span in found]
        risk = worst([finding.risk for finding in findings])
        return Finding(risk, all(finding.lowered for finding in findings if finding.risk == risk))

    def excuse(self, sentence: str) -> RiskKind | None:
        """The kind of an idiom, denial or mention that the sentence holds on its own, else None."""
        for cue, _ in self._cues(sentence):
            alone = cue.direction in ("over", "both") and cue.label != "search"
            if alone and cue.level is RiskLevel.NONE and len(cue.lowers) > 1:
                return cue.kind
        return None

    def _cues(self, sentence: str) -> list[tuple[Cue, tuple[int, int]]]:
        likely = (self.cues[i] for i in self.cues_needed.places(sentence))
        hits = [
            (cue, m.span()) for cue in likely if cue.label != "stop" for m in cue.regex.finditer(sentence)
        ]
        pseudo = [span for cue, span in hits if cue.label == "pseudo"]
        cancelled = frozenset[str]().union(*(cue.cancels for cue, _ in hits))
        return [
            (cue, span)
            for cue, span in hits
            if cue.label not in cancelled | {"pseudo", "earnest"}
            and not (cue.label in ("negation", "jest") and any(a <= span[0] < b for a, b in pseudo))
        ]

    def _in_context(
        self, sentence: str, pattern: Pattern, at: tuple[int, int], cues: list[tuple[Cue, tuple[int, int]]]
    ) -> Finding:
        changes = [
            cue for cue, span in cues if cue.applies(pattern) and self._reaches(sentence, cue, span, at)
        ]
        if not changes:
            return Finding(Risk(pattern.level, pattern.label), lowered=False)
        # Another person in danger is lowered only by time, by what is told about stories and by a denial of just that.
        first = min(changes, key=lambda cue: (SEVERITY[cue.level], cue.label == "search"))
        others = [cue for cue in changes if cue.label == "other_person"]
        if others and first.label == "negation":
            first = next((cue for cue in changes if cue.label == "cleared"), others[0])
        return Finding(Risk(first.level, first.kind or pattern.label), lowered=True)

    def _reaches(self, sentence: str, cue: Cue, span: tuple[int, int], at: tuple[int, int]) -> bool:
        if cue.direction == "both":
            return True
        if cue.direction == "over":
            return span[0] < at[1] and at[0] < span[1]
        first, second = (span, at) if cue.direction == "forward" else (at, span)
        gap = sentence[first[1] : second[0]]
        if first[0] >= second[0] or len(gap.split()) > cue.reach:
            return False
        if cue.label == "other_person":
            return not _SELF.search(gap + sentence[at[0] : at[1]])
        stops = (s.regex for s in self.cues if s.label == "stop")
        return cue.reach > 6 or not any(regex.search(gap) for regex in stops)


def sentences(text: str) -> list[str]:
    """The sentences of a text, by its marks and line ends; never empty."""
    parts = [part for part in _END.split(text) if part and part.strip()]
    return parts or [text]


def worst(risks: Collection[Risk]) -> Risk:
    """The most severe; among equals what is said before what is guessed, an explicit kind before a vague one, a
    lowered one before nothing."""
    order = list(RiskKind)
    return max(risks, key=lambda r: (SEVERITY[r.level], not r.unsure, -order.index(r.kind)), default=Risk())


def _joined(match: re.Match[str]) -> str:
    word = re.sub(r"[ .\-_*]", "", match[0])
    return f"i {word[1:]}" if word[0] == "i" and len(word) > 3 else word


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def _only(entry: Mapping[str, object], known: Collection[str], where: str) -> None:
    if unknown := set(entry) - set(known):
        raise LexiconError(f"{where}: unknown {', '.join(sorted(map(str, unknown)))} in {dict(entry)}")


def _compile(body: str, words: Mapping[str, str]) -> re.Pattern[str]:
    for _ in range(4):
        body = _NAME.sub(lambda m: words[m[1]], body)
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.MULTILINE)


def _pattern(entry: Mapping[str, Any], words: Mapping[str, str]) -> Pattern:
    _only(entry, {"label", "level", "pattern", "note"}, "crisis.yml")
    try:
        return Pattern(RiskKind(entry["label"]), RiskLevel(entry["level"]), _compile(entry["pattern"], words))
    except (KeyError, ValueError, re.error) as error:
        raise LexiconError(f"crisis.yml: {error} in {dict(entry)}") from error


def _cue(entry: Mapping[str, Any], words: Mapping[str, str]) -> Cue:
    known = {"label", "direction", "reach", "level", "kind", "lowers", "levels", "cancels", "pattern", "note"}
    _only(entry, known, "context.yml")
    try:
        if entry["label"] not in CUES or entry["direction"] not in DIRECTIONS:
            raise ValueError("unknown label or direction")
        kind = entry.get("kind", KEEP)
        return Cue(
            entry["label"],
            entry["direction"],
            _compile(entry["pattern"], words),
            entry.get("reach", 6),
            RiskLevel(entry.get("level", RiskLevel.NONE)),
            None if kind == KEEP else RiskKind(kind),
            frozenset(map(RiskKind, entry.get("lowers", RiskKind))),
            frozenset(map(RiskLevel, entry.get("levels", RiskLevel))),
            frozenset(entry.get("cancels", ())),
        )
    except (KeyError, ValueError, re.error) as error:
        raise LexiconError(f"context.yml: {error} in {dict(entry)}") from error
