"""Whether a known name means an employer where it stands: "target" the shop, or "my target was ten a day"."""

from __future__ import annotations

from comeback.nlu.fact_line import Line, Span
from comeback.nlu.fact_words import FactWords

REACH = 9
"""Tokens of a clause between a word such as "rejected" and the "from" that belongs to it."""
SHORT_ANSWER = 16
"""Tokens of a message that may answer "which company?" with "it was ..."."""
SHORT_TALK = 7
"""Tokens of a message in which a well-known employer is the topic."""
SHORT_NAME = 4
"""Letters of a name that may be another abbreviation or a word of another language."""


class EmployerSense:
    def __init__(self, words: FactWords) -> None:
        known, jobs = words.companies, words.jobs
        self._levels, self._stops = words.levels, words.stops
        self._points = {prep: frozenset(cues) for prep, cues in jobs["points"].items()}
        self._loose = {prep: frozenset(cues) for prep, cues in jobs["loose"].items()}
        self._takes, self._nouns = frozenset(jobs["takes"]), frozenset(jobs["nouns"])
        self._cues, self._others = frozenset(jobs["cues"]), frozenset(jobs["others"])
        self._things, self._doing = frozenset(known["things"]), frozenset(known["doing"])
        self._errands = frozenset(known["errands"])
        self._small = {name: frozenset(small) for name, small in jobs["words"].items()}

    def means_employer(self, line: Line, span: Span, acts: set[int], found: list[Span]) -> bool:
        """`acts` are the tokens where something is done that employers do, `found` the employers before."""
        after, prior = line.word(span.end), line.word(span.start - 1)
        acting = self._acts(line, span.end, acts)
        compound = after in self._nouns or (span.end < len(line) and line.taken[span.end] == "role")
        if after in self._things and not acting and not compound:
            return False
        if self._answers(line, span):
            return True
        level = self._levels[line.doc[span.start : span.end].text.lower()]
        listed = prior in self._small["lists"] and any(s.end == span.start - 1 for s in found)
        loosely = level != "ambiguous" and self._loosely(line, span.start)
        pointed = listed or loosely or self.is_pointed(line, span.start)
        if pointed and (not self._is_plain_word(line, span) or self._ends_after(line, span.end)):
            return True
        if level == "ambiguous":
            return self._ambiguous(line, span, acting, compound)
        if acting or compound:
            return prior not in self._doing or prior in {"a", "my", "an"}
        if prior in self._doing:
            return False
        if level == "household" or self._is_short(line, span):
            return self._household(line, span)
        near = (
            self._cued(line)
            or line.titled(span.start)
            or line.breaks(span.start - 1)
            or prior in self._points
            or len(line) <= SHORT_TALK
        )
        return near and not self._of_another(line, span.start)

    def is_pointer(self, word: str) -> bool:
        return word in self._points or word in self._takes

    def is_pointed(self, line: Line, i: int) -> bool:
        """Whether the words before i point at an employer: "rejected again by the"."""
        k = i - 1
        while line.word(k) in self._small["emphatic"]:
            k -= 1
        prep = line.word(k)
        if prep in self._takes:
            return k + 1 == i
        if prep not in self._points or self._of_another(line, k) or line.word(k - 1) in self._errands:
            return False
        beside = line.taken[k - 1] if k > 0 else ""
        if (beside == "role" and prep in {"at", "@", "with", "for"}) or (beside == "person" and prep == "at"):
            return True
        return line.before(k, self._points[prep], REACH)

    def _loosely(self, line: Line, i: int) -> bool:
        """Whether they point at a known one: "the job in aldi"."""
        k = i - 2 if line.word(i - 1) == "the" else i - 1
        prep = line.word(k)
        return prep in self._loose and line.before(k, self._loose[prep], REACH)

    def _ambiguous(self, line: Line, span: Span, acting: bool, compound: bool) -> bool:
        prior, after, small = line.word(span.start - 1), line.word(span.end), self._small
        if acting:
            opens = line.breaks(span.start - 1) or line.titled(span.start) or prior in small["openings"]
            return opens and prior not in small["articles"] and prior not in self._doing
        if not compound or self._is_plain_word(line, span) or not self._cued(line) or after in small["faint"]:
            return False
        return prior in small["articles"] - {"a", "an"} or (
            line.titled(span.start) and not line.opens(span.start)
        )

    def _household(self, line: Line, span: Span) -> bool:
        prior = line.word(span.start - 1)
        if prior == "for" and line.titled(span.start):
            return self._cued(line)
        begins = line.breaks(span.start - 1) or (prior == "at" and line.taken[span.start - 2] == "duration")
        ends = line.breaks(span.end) or line.taken[span.end] == "role"
        return begins and ends and self._cued(line)

    def _answers(self, line: Line, span: Span) -> bool:
        """ "it was stripe", "the company is Stripe", "i meant figma"."""
        small = self._small
        ends = line.breaks(span.end) or line.word(span.end) in {"and", "not"}
        if self._is_plain_word(line, span) or not ends:
            return False
        third, second, prior = (line.word(span.start - n) for n in (3, 2, 1))
        if prior in small["employer"] or (second in small["employer"] and prior in small["is"]):
            return True
        if third in small["employer"] and prior in small["called"]:
            return True
        said = prior in small["meant"] or (second in small["it"] and prior in small["is"])
        return said and len(line) <= SHORT_ANSWER and span.start <= 3

    def _of_another(self, line: Line, i: int) -> bool:
        """Whether somebody else is who works there: "my ex works at google now"."""
        for k in range(i - 1, max(-1, i - 1 - REACH), -1):
            word = line.words[k]
            if word in self._small["own"] or word in ".!?;":
                return False
            if word in self._others:
                return True
            if word in {"he", "she"}:
                return line.word(k + 1) in self._small["works"]
        return False

    def _acts(self, line: Line, end: int, acts: set[int]) -> bool:
        while line.word(end) in self._small["soft"] and end not in acts:
            end += 1
        return end in acts

    def _cued(self, line: Line) -> bool:
        return not self._cues.isdisjoint(line.words)

    def _is_short(self, line: Line, span: Span) -> bool:
        text = line.doc[span.start : span.end].text
        return len(text) <= SHORT_NAME and text.islower()

    def _is_plain_word(self, line: Line, span: Span) -> bool:
        """A name that is also one of the commonest words: "next", "three"."""
        one = span.end - span.start == 1
        return one and line.words[span.start] in self._stops and not line.titled(span.start)

    def _ends_after(self, line: Line, i: int) -> bool:
        return (
            line.breaks(i)
            or line.word(i) in self._small["afterwards"]
            or line.taken[i] in {"date", "duration", "rounds"}
        )
