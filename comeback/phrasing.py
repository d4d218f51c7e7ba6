"""What a message says outright, by the words of data/lexicons/phrasings.yml: read once, before anything is decided."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from comeback.vocabulary import Phrasing

PICK_WORDS = 6
"""A longer message says more than a choice."""
PLACE_WORDS = 4
TEXT_WORDS = 16
"""The same for what is said of a draft that lies before them."""
LONGER = frozenset({"draft", "message", "deleted"})
"""Questions about what lies before them, or is gone."""
FEWEST, MOST = 3, 12
"""Words of a quote."""
LONGEST = 70
CITED_WORDS = 8
QUESTION_WORDS = 30
REASON_WORDS = 22
PASTED_FROM = 120
"""Characters from which a text under a heading is one that was pasted."""
CITED = re.compile(r"[\"\u201c]([^\"\u201c\u201d]{6,60})[\"\u201d]")
SAID = re.compile(r"[\"\u201c]([^\"\u201d\n]{8,140})[\"\u201d]")
QUOTED_FROM = 600
"""Characters in which a quote and a hard name are looked for."""
NOT_WANTED = r"(?<!\bno )(?<!\bnot )"
NOT_DENIED = "(?<!not )(?<!not so )(?<!not really )"
PLAIN = re.compile(r"^(?!.*(?:(?<!\w)'|'(?!\w)))[\w\s',’%$€£/+-]+$")

DAY = re.compile(
    r"\b(?:on |by )?(?P<day>mon|tue|wed|thu|fri|sat|sun|today|tomorrow|tmrw|tonight)(?:s|rs|nes|urs|ur)?(?:days?)?\b[:,]?(?: (?:morning|evening|night|afternoon)s?)?[:,]?\s*",
    re.IGNORECASE,
)
DAYS = dict(zip("mon tue wed thu fri sat sun".split(), calendar.day_name, strict=True)) | {
    "today": "Today",
    "tomorrow": "Tomorrow",
    "tmrw": "Tomorrow",
    "tonight": "Tonight",
}
DEED_WORDS = 12
ENDS_DEED = re.compile(r"[.!?;\n]")
JOINS = re.compile(
    r"^(?:(?:i'?ll|i will|i|and|then|to|for|the)\b\s*)+|^[:,\s]+|(?:,| and| then|;)+$", re.IGNORECASE
)
LISTED = re.compile(r",? and (?:then )?|, ")

OPENING = re.compile(r"[.,;!?]+\s+")
HEDGED = re.compile(r"\bi (?:guess|suppose|think)\b", re.IGNORECASE)
"""A choice that goes on ("from outside i guess. what would others say")."""
THROWN_BACK = re.compile(
    r"^\W*(?:how|what|which|where|who)(?: \w+){1,5} ?\?{2,}|^\W*['\"][^'\"]{3,90}['\"] ?\?+|"
    r"^\W*what (?:do|did) i (?:think|mind|miss|need|tell|feel|want)\b[^.?!]{0,40}[.?]",
    re.IGNORECASE,
)
"""A question of ours that comes back in indignation ("How do we stand??")."""

Pattern = re.Pattern[str]


@dataclass(frozen=True)
class Phrases:
    """The lexicon, compiled."""

    cues: Mapping[str, Pattern]
    minutes: Pattern
    moods: Mapping[str, Pattern]
    hard_names: Pattern
    clause_ends: Pattern
    own: Pattern
    fillers: Pattern
    unquoted: Pattern
    question: Pattern
    question_joins: Pattern
    no_question: Pattern
    pasted: Mapping[str, Pattern]
    weighty: Pattern
    options: Mapping[str, Mapping[str, Pattern]]
    places: Mapping[str, int]
    tasks: Mapping[str, Pattern]
    parts_of_day: Mapping[str, Pattern]
    days_for: Mapping[str, str]
    """How many of something in a week, as a figure or a word, with the days for it."""
    reason: Mapping[str, Pattern]

    def read(self, text: str) -> Phrasing:
        minutes = self.minutes.search(text)
        own = THROWN_BACK.sub(" ", text[:QUOTED_FROM])
        clauses = self.clause_ends.split(own)
        picks, place = self._choice(text)
        return Phrasing(
            frozenset(name for name, cue in self.cues.items() if cue.search(text)),
            minutes["minutes"] if minutes else None,
            self._mood(text),
            self._cited(own) or self._quote(clauses),
            next((word for word in map(self._against_self, clauses) if word), None),
            self._question(text),
            self._pasted(text),
            picks=picks,
            days=_days(text[:QUOTED_FROM]),
            week=self._week(text[:QUOTED_FROM]),
            place=place,
            reason=self._reason(text),
        )

    def _mood(self, text: str) -> str | None:
        """The last mood that is named and not denied."""
        found = [(match.start(), m) for m, words in self.moods.items() for match in words.finditer(text)]
        return max(found)[1] if found else None

    @staticmethod
    def _cited(text: str) -> str | None:
        """What was said to them, as they put it in quotation marks."""
        cited = [match[1].strip(" .,!") for match in CITED.finditer(text[:QUOTED_FROM])]
        return next(
            (said for said in cited if PLAIN.match(said) and 1 < len(said.split()) <= CITED_WORDS), None
        )

    def _quote(self, clauses: Iterable[str]) -> str | None:
        """The clause that says most about the person, when it is short and plain enough."""
        best: tuple[int, int, str] | None = None
        for place, clause in enumerate(clauses):
            said = clause.strip(" '\"’,-")
            while (shorter := self.fillers.sub("", said)) != said:
                said = shorter
            words = said.split()
            if not FEWEST <= len(words) <= MOST or len(said) > LONGEST or not PLAIN.match(said):
                continue
            if self.unquoted.search(said):
                continue
            worth = 4 * bool(self._against_self(said)) + 2 * bool(self.weighty.search(said))
            worth += bool(self.own.search(said))
            if not worth and len(words) == FEWEST:
                continue
            if best is None or (worth, place) >= best[:2]:
                best = (worth, place, said)
        return best[2] if best else None

    def _question(self, text: str) -> str | None:
        """The last clause that asks us something."""
        said = THROWN_BACK.sub(" ", text[:QUOTED_FROM])
        clauses = (clause.strip(" ,-") for clause in self.question_joins.split(said))
        asked = [c for c in clauses if FEWEST <= len(c.split()) <= QUESTION_WORDS and self.question.search(c)]
        return next((c for c in reversed(asked) if not self.no_question.search(c)), None)

    def _pasted(self, text: str) -> dict[str, str]:
        """Long texts of theirs by their headings."""
        if len(text) < PASTED_FROM:
            return {}
        found = {name: part.search(text) for name, part in self.pasted.items()}
        return {name: match[1].strip() for name, match in found.items() if match}

    def _week(self, text: str) -> str | None:
        part = next((said for said, spoken in self.parts_of_day.items() if spoken.search(text)), "")
        for task, spoken in self.tasks.items():
            if found := spoken.search(text):
                days = self.days_for[found["count"].lower()]
                return f"{' '.join(filter(None, (days, part)))}: {task}"
        return None

    def _reason(self, text: str) -> str | None:
        """The last clause that gives the employer's reason; of a quoted one what stands in the quotation marks."""
        sentences = self.reason["ends"].split(text[:QUOTED_FROM])
        told = [self._told(said) for said in sentences if not self.reason["none"].search(said)]
        return next((r for r in reversed(told) if FEWEST <= len(r.split()) <= REASON_WORDS), None)

    def _told(self, sentence: str) -> str:
        """What a sentence says that they said, when it can be a reason; else ""."""
        teller = self.reason["teller"].search(sentence)
        behind = self.reason["teller_behind"].search(sentence)
        said = sentence[: behind.start()] if behind else sentence[teller.end() :] if teller else ""
        if quoted := SAID.search(said):
            return quoted[1].strip(" ,.")
        about = self.reason["about"].search(said)
        if about is None:
            return ""
        comma = said.find(",", about.end())
        return self.reason["opening"].sub("", said[: comma if comma > 0 else None]).strip(" ,'")

    def _against_self(self, clause: str) -> str | None:
        """The hard name in a clause that speaks of oneself before it."""
        found = self.hard_names.search(clause)
        return found[0].lower() if found and self.own.search(clause[: found.start()]) else None

    def _choice(self, text: str) -> tuple[dict[str, str], int | None]:
        words = re.findall(r"[\w']+", text.lower())
        opening, *more = OPENING.split(text[:QUOTED_FROM].strip(), maxsplit=1)
        if more and len(words) > PICK_WORDS and HEDGED.search(opening):
            return self._choice(opening)
        picks = {}
        for question, options in self.options.items():
            if len(words) > (TEXT_WORDS if question in LONGER else PICK_WORDS):
                continue
            if chosen := next((name for name, option in options.items() if option.search(text)), None):
                picks[question] = chosen
        places = [self.places[word] for word in words if word in self.places]
        return picks, places[0] if places and len(words) <= PLACE_WORDS else None


@lru_cache(maxsize=4)
def load(data: Path) -> Phrases:
    """The phrasings under the folder `data`. Raises OSError, yaml.YAMLError, KeyError or re.error."""
    given = yaml.safe_load((data / "lexicons" / "phrasings.yml").read_text(encoding="utf-8"))
    week = given["week"]
    return Phrases(
        {name: _compiled(cue) for name, cue in given["cues"].items()},
        _compiled(given["minutes"]),
        {
            mood: _compiled(rf"{NOT_DENIED}\b(?:{'|'.join(words)})\b")
            for mood, words in given["moods"].items()
        },
        _compiled(rf"\b(?:{'|'.join(given['hard_names'])})\b"),
        _compiled(given["clause_ends"]),
        _compiled(given["own"]),
        _compiled(given["fillers"]),
        _compiled(given["unquoted"]),
        _compiled(given["question"]),
        _compiled(given["question_joins"]),
        _compiled(given["no_question"]),
        {name: _compiled(part) for name, part in given["pasted"].items()},
        _compiled(given["weighty"]),
        {
            question: {name: _compiled(rf"{NOT_WANTED}\b(?:{option})") for name, option in options.items()}
            for question, options in given["options"].items()
        },
        given["places"],
        {task: _compiled(spoken) for task, spoken in week["tasks"].items()},
        {part: _compiled(spoken) for part, spoken in week["parts_of_day"].items()},
        {str(n): days for n, days in week["days"].items()}
        | {word: week["days"][n] for word, n in week["words"].items()},
        {name: _compiled(part) for name, part in given["reason"].items()},
    )


def _compiled(pattern: str) -> Pattern:
    return re.compile(pattern, re.IGNORECASE)


def _days(text: str) -> tuple[tuple[str, str], ...]:
    """Each day of the week that is named, with what stands after it; nothing where a day has no deed."""
    found = list(DAY.finditer(text))
    ends = [*(match.start() for match in found[1:]), *([len(text)] if found else [])]
    told = []
    for match, end in zip(found, ends, strict=True):
        deed = ENDS_DEED.split(text[match.end() : end])[0].strip()
        while (shorter := JOINS.sub("", deed).strip()) != deed:
            deed = shorter
        told.append((DAYS[match["day"].lower()], deed))
    *empty, (_, last) = told or [("", "")]
    shared = LISTED.split(last)
    if empty and not any(deed for _, deed in empty) and len(shared) == len(told):
        told = [(day, deed) for (day, _), deed in zip(told, shared, strict=True)]
    whole = len({day for day, _ in told}) == len(told) and all(
        0 < len(d.split()) <= DEED_WORDS for _, d in told
    )
    return tuple(told) if whole else ()
