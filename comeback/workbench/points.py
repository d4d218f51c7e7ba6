"""What a message should say, from what was told to its writer: points, as sentences to its reader."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from comeback.workbench.told import spelled
from comeback.workbench.words import Blocks, Words, pattern, straight, telling

READY = "ready"
"""A point that speaks to its reader already."""
TO_READER = re.compile(r"\byou(?:r|rs)?\b", re.IGNORECASE)
AUXILIARY = re.compile(r"\b(?:did|do|can|could|will|would|are|have) (?:you|we|i)\b", re.IGNORECASE)
NUMBERED = re.compile(r"(?:^|[\s:])1[.):]?\s+(?P<points>.+?\s2[.):]?\s+.+)$", re.DOTALL)
NUMBER = re.compile(r"(?:^|\s)[2-9][.):]?\s+(?=\D)")
FEWEST = 2
"""Words of a point that is not a common one."""
MOST_WORDS = 40
FRAMES = {"for": "asks_for", "to": "asks_to", "thank": "thanks_for", "sorry": "sorry_for"}
"""How a point is put by the word that opened it."""
ASKS = ("if", "wh")
"""Openings of a question to the reader."""


@dataclass(frozen=True)
class Point:
    """`key`: a common point of data/lexicons/messages.yml, "" for one in their own words."""

    key: str
    text: str = ""
    asks: str = "tell"
    out: bool = False
    """It is to be left out."""


def sentences(text: str) -> list[str]:
    """The sentences of a text; an abbreviated title ends none."""
    parts = re.split(
        r"(?<!\bdr)(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<=[.!?])\s+|\n+|\s+-+\s+",
        straight_lines(text),
        flags=re.IGNORECASE,
    )
    return [p.strip() for p in parts if p.strip(" .!?")]


def straight_lines(text: str) -> str:
    return "\n".join(straight(line) for line in text.splitlines())


def read(words: Words, text: str, whole: bool = False) -> list[Point]:
    """The points of a turn. `whole`: it answers "what should it say?", so all of it is content; else only what is
    dictated ("say ...", "asking if ..."), a common point by itself, or what is to be left out."""
    own = pattern(words.messages["quoted"]).sub(" ", straight_lines(text))
    if numbered := NUMBERED.search(own):
        told = [piece.partition(" sign")[0].strip(" .,;") for piece in NUMBER.split(numbered["points"])]
        return [
            p
            for piece in told
            for p in ([Point("", piece, READY)] if TO_READER.search(piece) else _points(words, piece, True))
        ]
    found = [point for sentence in sentences(own) for point in _points(words, sentence, whole)]
    thanks = pattern(words.messages["wants_thanks"]).search(own)
    thanked = any(point.key == "thanks" or point.asks == "thank" for point in found)
    return [Point("thanks"), *found] if thanks and not thanked else found


def written(words: Words, points: Iterable[Point], register: str, covered: Iterable[str] = ()) -> list[str]:
    """The points as sentences to the reader, each once, without those that are taken back later."""
    kept: dict[str, str] = {}
    for point in points:
        key = point.key or point.text.lower()
        if point.out:
            kept.pop(key, None)
            if not point.key:
                kept = {k: s for k, s in kept.items() if not _about(point.text, s)}
            continue
        sentence = str(words.say["points"][point.key]) if point.key else _direct(words, point, register)
        if sentence and point.key not in covered:
            kept = {k: s for k, s in kept.items() if not _says_again(point, sentence, s)}
            kept[key] = sentence
    thanks = [s for s in kept.values() if s.startswith(words.messages["thanked"])]
    bare = str(words.say["points"]["thanks"])
    first = [s for s in thanks if s != bare] or thanks
    return [*first, *(s for s in kept.values() if s not in thanks)]


def in_order(words: Words, sentences: Iterable[str]) -> list[str]:
    """The sentences as a text that is written anew: what is for the reader, what is told, what is wished for."""
    first, last = pattern(words.messages["first"]), pattern(words.messages["last"])
    return sorted(sentences, key=lambda s: 0 if first.search(s) else 2 if last.search(s) else 1)


def to_us(lexicon: Blocks, sentence: str) -> bool:
    """Whether a sentence is a question to the writer, and none that asks for a text."""
    return bool(pattern(lexicon["to_us"]).match(sentence)) and not _asks_for_one(lexicon, sentence)


def _points(words: Words, sentence: str, whole: bool) -> list[Point]:
    lexicon = words.messages
    found: list[Point] = []
    for how, content in _spans(lexicon, sentence, whole):
        for place, piece in enumerate(filter(None, pattern(lexicon["between"]).split(content))):
            goes_on = how == "loose" and found and not pattern(lexicon["no_content"]).match(piece.strip())
            meant = "tell" if goes_on else _how(lexicon, how, place, piece)
            if point := _point(lexicon, piece.strip(" \"'"), meant):
                found.append(point)
    return found


def _how(lexicon: Blocks, how: str, place: int, piece: str) -> str:
    """How a later piece of a sentence is meant: it may say something of its own, and only thanks go on by themselves."""
    if not place or how in ("loose", "whole", "tell"):
        return how
    if how in ASKS and pattern(lexicon["asks_on"]).match(piece):
        return "if"
    if pattern(lexicon["new_saying"]).match(piece):
        return "tell"
    goes_on = how == "sorry" or (how == "thank" and pattern(lexicon["thanks_on"]).match(piece.strip()))
    return how if goes_on else "tell" if how == "thank" else "loose"


def _spans(lexicon: Blocks, sentence: str, whole: bool) -> list[tuple[str, str]]:
    """The parts of a sentence that hold points, with how each was opened."""
    if (to_us(lexicon, sentence) and not whole) or pattern(lexicon["to_writer"]).search(sentence):
        return []
    if back := pattern(lexicon["back"]).search(sentence):
        return [("tell", sentence[: back.start()])] if back.start() else []
    if unsaid := pattern(lexicon["unsaid"]).search(sentence):
        before = sentence[: unsaid.start()].rstrip(" ,;")
        return [*_spans(lexicon, before, whole), ("tell", f"don't say {unsaid['what']}")]
    marks: list[tuple[int, int, str]] = []
    for mark in lexicon["opens"]:
        for match in pattern(mark["pattern"]).finditer(sentence):
            if not any(begin < match.end() and match.start() < end for begin, end, _ in marks):
                marks.append((match.start(), match.end(), mark["as"]))
    marks.sort()
    ends = [*(begin for begin, _, _ in marks), len(sentence)][1:] if marks else []
    spans = [
        (how, sentence[end:stop].rstrip(" ,;").removesuffix(" and"))
        for (_, end, how), stop in zip(marks, ends, strict=True)
    ]
    before = sentence[: marks[0][0]] if marks else sentence
    return [("whole" if whole else "loose", before), *spans]


def _point(lexicon: Blocks, piece: str, how: str) -> Point | None:
    said = pattern(lexicon["lead_ins"]).sub("", piece).strip(" .!?,;:\"'")
    said = pattern(lexicon["asks_if"]).sub("", said) if how == "if" else said
    left = pattern(lexicon["leaves_out"]).match(piece)
    if left and not _common(lexicon, piece.strip(" .!?")):
        rest = piece[left.end() :].strip(" .!?")
        key = next((k for k, w in lexicon["point_words"].items() if pattern(rf"\b(?:{w})").search(rest)), "")
        bare = pattern(lexicon["bare_no"]).match(piece)
        return Point(key, rest, out=True) if key or (rest and not bare) else None
    said = pattern(lexicon["clean"]).sub("", said)
    if gone := pattern(lexicon["missing"]).match(said):
        key = _common(lexicon, gone["what"])
        return Point(key, gone["what"]) if key else None
    key = _common(lexicon, piece.strip(" .!?")) or _common(lexicon, said)
    if key and not (how in ("if", "wh", "to") and key not in ("call",)):
        return Point(key, said)
    if thanks := pattern(lexicon["thanks_to"]).match(said):
        return Point("", said[thanks.end() :], "thank")
    if how == "loose" and not pattern(lexicon["loose"]).match(said):
        return None
    if pattern(lexicon["no_point"]).match(said):
        return None
    if pattern(lexicon["manner"]).search(said) or _asks_for_one(lexicon, piece):
        return None
    how = "if" if how == "tell" and AUXILIARY.match(said) else how
    few = len(said.split()) < FEWEST and how in ("whole", "tell")
    return (
        None
        if few or len(said.split()) > MOST_WORDS
        else Point("", said, "tell" if how in ("whole", "loose") else how)
    )


def _common(lexicon: Blocks, said: str) -> str:
    return next((k for k, spoken in lexicon["points"].items() if pattern(f"^(?:{spoken})$").match(said)), "")


def _asks_for_one(lexicon: Blocks, piece: str) -> bool:
    """The request itself is never what it says."""
    return any(pattern(e["pattern"]).search(piece) for e in lexicon["asks"] if not e.get("to")) or bool(
        pattern(lexicon["again"]).search(piece)
    )


def _direct(words: Words, point: Point, register: str) -> str:
    """A point in their words, from what is said to the writer to what is said to the reader."""
    lexicon = words.messages
    text = spelled(words.wishes, point.text)
    if point.asks == READY:
        ends = "" if text[-1:] in ".!?" else "?" if AUXILIARY.search(text) else "."
        return f"{text[:1].upper()}{text[1:]}{ends}"
    of_firm = register == "employer" or (register == "boss" and point.asks in ASKS)
    turns = [*lexicon["to_reader"], *(lexicon["to_employer"] if of_firm else ())]
    for turn in turns if not _third(text) else ():
        text = pattern(turn["pattern"]).sub(turn["to"], text)
    for turn in lexicon["agree"]:
        text = pattern(turn["pattern"]).sub(turn["to"], text)
    if point.asks in ASKS:
        text = _question(lexicon, text)
    elif point.asks in FRAMES:
        text = str(lexicon[FRAMES[point.asks]]).format(rest=text)
    elif pattern(lexicon["subjectless"]).match(text):
        text = f"I {text}"
    text = text[:1].upper() + text[1:]
    return text if text[-1:] in ".!?" else f"{text}."


def _third(text: str) -> bool:
    """Somebody else is named, so that "she" may be that one."""
    return bool(re.search(r"(?<!^)\b(?!I\b)[A-Z][a-z]+\b.*\b(?:he|she|him|her|his)\b", text))


def question(words: Words, text: str) -> str:
    """A reported question to an employer ("what was missing", "if the certificate is the problem") as one to them."""
    asked = pattern(words.messages["asks_if"]).sub("", straight(text).strip(" .!?"))
    return _direct(words, Point("", asked, "if"), "employer")


def _question(lexicon: Blocks, text: str) -> str:
    for turn in lexicon["questions"]:
        if pattern(turn["pattern"]).match(text):
            return pattern(turn["pattern"]).sub(turn["to"], text)
    return str(lexicon["fallback_question"]).format(rest=text)


def _says_again(point: Point, sentence: str, earlier: str) -> bool:
    """Whether a point says what an earlier one said, in other words or more exactly."""
    new, old = telling(sentence), telling(earlier)
    return point.key != "thanks" and bool(new and old) and (new <= old or old <= new)


def _about(text: str, sentence: str) -> bool:
    """Whether a sentence shares the telling words of what is to be left out."""
    wanted = telling(text)
    return bool(wanted) and wanted <= telling(sentence)
