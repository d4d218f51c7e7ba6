"""Reads a rejection e-mail: what of it is boilerplate, what is a real signal, what it leaves open. Nothing is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comeback.vocabulary import Made
from comeback.workbench.asking import Advice, should_ask
from comeback.workbench.words import QUOTES, Blocks, pattern

LONGEST = 8_000
QUOTE_CHARACTERS = 160
OWN = ("specific", "close", "reason", "met", "interviewer")
"""Signals whose sentence is about this person."""


@dataclass(frozen=True)
class Signal:
    """Something in the letter with its reading. `id` is one of data/lexicons/letters.yml."""

    id: str
    quote: str
    """The sentence it stands in, at most QUOTE_CHARACTERS long."""
    reading: str
    short: str = ""
    """The signal as a part of a sentence."""
    weight: str = "real"
    """real, polite (everyone gets it) or form (a machine wrote it)."""


@dataclass(frozen=True)
class Letter:
    boilerplate: float
    """Share of its words, 0 to 1, in sentences that hold nothing but what everyone gets."""
    signals: tuple[Signal, ...]
    names: tuple[str, ...]
    """People named as having met the applicant or having signed."""
    window: str
    """When one may apply again, in the letter's words ("6 months"); "" if it does not say."""
    ask: Advice


def read(lexicon: Blocks, text: str, news: str | None = None, stage: str | None = None) -> Letter:
    """The reading of a pasted letter; only the first LONGEST characters count. `news` and `stage` are what is known besides."""
    text = text[:LONGEST].translate(QUOTES)
    sentences = [" ".join(s.split()) for s in pattern(lexicon["sentence_end"]).split(text)]
    sentences = [s for s in sentences if s and not pattern(lexicon["frame"]).match(s)]
    found: list[Signal] = []
    names: list[str] = []
    plain = total = 0
    for sentence in sentences:
        size = len(sentence.split())
        signals = _signals(lexicon, sentence, names)
        real = any(s.weight == "real" and s.id != "feedback_refused" for s in signals)
        common = any(pattern(p).search(sentence) for p in lexicon["boilerplate"])
        total += size
        plain += size if common and not real else 0
        found += [s for s in signals if s.id not in {f.id for f in found}]
    signed = pattern(lexicon["signed"]).search(text)
    if signed and signed["name"] not in names:
        names.append(signed["name"])
    human = _human(lexicon, found, text)
    return Letter(
        plain / total if total else 0.0,
        tuple(found),
        tuple(dict.fromkeys(names)),
        _window(lexicon, sentences),
        _ask(found, news, stage, human),
    )


def letter(lexicon: Blocks, text: str, news: str | None = None, stage: str | None = None) -> Made:
    """The reading as blanks for a response, only those that are known.

    `share` (a clause on how much is boilerplate), `signals` (the real ones as a list), `readings` (how to read them, as sentences),
    `polite` (how to read the usual phrases), `quote` (the sentence most about them), `names`, `window`, `ask` (yes, no, maybe) and `ask_text`.
    """
    found = read(lexicon, text, news, stage)
    real = [s for s in found.signals if s.weight == "real"]
    own = sorted((s for s in real if s.id in OWN), key=lambda s: OWN.index(s.id))
    blanks = {
        "share": _share(lexicon, found.boilerplate) if found.boilerplate or real else "",
        "signals": str(lexicon["between"]).join(s.short for s in real),
        "readings": " ".join(s.reading for s in real),
        "polite": " ".join(s.reading for s in found.signals if s.weight != "real"),
        "quote": own[0].quote if own else "",
        "names": ", ".join(found.names),
        "window": found.window,
        "ask": found.ask.answer,
        "ask_text": lexicon["ask"][found.ask.reason],
    }
    return Made({k: v for k, v in blanks.items() if v})


def _signals(lexicon: Blocks, sentence: str, names: list[str]) -> list[Signal]:
    found = []
    for entry in lexicon["signals"]:
        match = pattern(entry["pattern"]).search(sentence)
        if match:
            names += [v for k, v in match.groupdict().items() if k.startswith("name") and v]
            weight = entry.get("weight", "real")
            short = entry.get("short", "")
            found.append(Signal(entry["id"], sentence[:QUOTE_CHARACTERS], entry["reading"], short, weight))
    return found


def _human(lexicon: Blocks, found: list[Signal], text: str) -> bool | None:
    """Whether a person stands behind the letter; None if it does not tell."""
    human = {entry["id"] for entry in lexicon["signals"] if entry.get("human")}
    if any(s.id in human for s in found) or pattern(lexicon["met_words"]).search(text):
        return True
    return False if any(s.weight == "form" for s in found) else None


def _ask(found: list[Signal], news: str | None, stage: str | None, human: bool | None) -> Advice:
    ids = {s.id for s in found}
    if "feedback_offered" in ids:
        return Advice("yes", "offered")
    if "feedback_refused" in ids and "interviewer" not in ids:
        return Advice("no", "refused")
    if "close" in ids:
        return Advice("yes", "finalist")
    if human is None and news in (None, "rejection", "automatic") and not stage:
        return should_ask("automatic", stage, human)
    return should_ask("internal" if "internal" in ids and not stage else news, stage, human)


def _window(lexicon: Blocks, sentences: list[str]) -> str:
    for sentence in sentences:
        if pattern(lexicon["window_near"]).search(sentence):
            for spoken in lexicon["window"]:
                match = pattern(spoken).search(sentence)
                if match:
                    return re.sub(r"[- ]+", " ", match["span"])
    return ""


def _share(lexicon: Blocks, share: float) -> str:
    tenths = round(share * 10)
    key = "all" if tenths >= 9 else "most" if tenths >= 6 else "some" if tenths >= 2 else "none"
    return str(lexicon["share"][key].format(tenths=tenths))
