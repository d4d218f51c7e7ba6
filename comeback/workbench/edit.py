"""Carries a wish out on a draft. What cannot or should not be done leaves the draft as it was and says why by key."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from comeback.workbench.compose import SENTENCE, compose, forms
from comeback.workbench.draft import Draft, previous
from comeback.workbench.linter import sentence_findings, words_of
from comeback.workbench.told import NAME_CHARACTERS, name, spelled
from comeback.workbench.wishes import Wish
from comeback.workbench.words import Words, pattern

SIZES = ("short", "full", "long")
NEEDED = ("question", "close_it", "news", "wish")
FRAME = ("greeting", "sign")
ALIKE = 0.6
ADD_WORDS = 30
LITTLE = frozenset("the a an that this my i to of and in on about with part bit line is was it for me we they".split())


@dataclass(frozen=True)
class Edited:
    draft: Draft
    note: str = ""
    """A key of `notes` in data/drafts/words.yml: why the wish was not followed."""
    changed: str = ""
    """A key of `changed`."""


def apply(words: Words, draft: Draft, wish: Wish) -> Edited:
    """The draft after one wish."""
    return {
        "size": _size,
        "tone": _tone,
        "form": _form,
        "lang": _lang,
        "sign": _sign,
        "add": _add,
        "remove": _remove,
        "change": _change,
        "fact": _fact,
        "undo": _undo,
        "reset": _reset,
    }.get(wish.kind, _nothing)(words, draft, wish)


def _nothing(words: Words, draft: Draft, wish: Wish) -> Edited:
    return Edited(draft)


def _size(words: Words, draft: Draft, wish: Wish) -> Edited:
    at = SIZES.index(draft.size) + (1 if wish.value == "longer" else -1)
    size = SIZES[min(max(at, 0), 2)]
    return Edited(replace(draft, size=size), changed=size)


def _tone(words: Words, draft: Draft, wish: Wish) -> Edited:
    return Edited(replace(draft, tone=wish.value), changed=wish.value)


def _form(words: Words, draft: Draft, wish: Wish) -> Edited:
    if wish.value not in forms(words, draft.kind):
        return Edited(draft, note="unclear")
    return Edited(replace(draft, form=wish.value), changed=wish.value)


def _lang(words: Words, draft: Draft, wish: Wish) -> Edited:
    if wish.value not in ("en", "es"):
        return Edited(draft, note="language")
    note = "other_language" if any(a[:2] != wish.value for a in draft.adds) else ""
    return Edited(replace(draft, lang=wish.value), note, wish.value)


def _sign(words: Words, draft: Draft, wish: Wish) -> Edited:
    broken = sentence_findings(words.linter, wish.new)
    if broken or len(wish.new) > NAME_CHARACTERS:
        return Edited(draft, note=broken[0] if broken else "unclear")
    return Edited(replace(draft, name=name(words.wishes, wish.new)), changed="sign")


def _add(words: Words, draft: Draft, wish: Wish) -> Edited:
    if wish.value == "line":
        return Edited(draft, note="no_sentence")
    asks = "?" in wish.text or wish.value == "ask"
    if asks and "?" in compose(words, draft).body:
        return Edited(draft, note="two_asks")
    if wish.value == "ask":
        return Edited(draft, note="unclear")
    broken = sentence_findings(words.linter, wish.text)
    if broken:
        return Edited(draft, note=broken[0])
    sentence = _sentence(words, draft, wish)
    if len(sentence.split()) > ADD_WORDS:
        return Edited(draft, note="too_long")
    lang = language(words, sentence, draft.lang)
    added = replace(draft, adds=(*draft.adds, f"{lang} {sentence}"))
    return Edited(added, "" if lang == draft.lang else "other_language", "add")


def _sentence(words: Words, draft: Draft, wish: Wish) -> str:
    """Their words as a sentence to the reader: chat spelling written out, "they" as "you"."""
    lexicon = words.wishes
    text = re.sub(r"[\s,]*(?:please|pls|lol|haha|thanks|too|also|ok|though)?[\s\"'.!]*$", "", wish.text, flags=re.I)
    text = re.sub(r",? and that\b", " and", spelled(lexicon, text.strip(" \"'")))
    if wish.value == "noun":
        text = words.say["mention"][draft.lang].format(what=re.sub(r"^about ", "", text))
    elif draft.kind != "text_to_someone":
        for they, you in lexicon["to_them"].items():
            text = pattern(rf"\b{they}\b").sub(you, text)
        for wrong, right in lexicon["to_them_verbs"].items():
            text = pattern(rf"\b{wrong}\b").sub(right, text)
    text = re.sub(r"[!.\s]+$", "", text[:1].upper() + text[1:])
    return text if text.endswith("?") else f"{text}."


def language(words: Words, text: str, otherwise: str) -> str:
    """en or es, by the little words of a text; `otherwise` when they do not tell."""
    said = words_of(text)
    counts = {lang: len(said & set(known)) for lang, known in words.linter["languages"].items()}
    if counts["en"] == counts["es"]:
        return otherwise
    return max(counts, key=lambda lang: counts[lang])


def _remove(words: Words, draft: Draft, wish: Wish) -> Edited:
    done = "remove"
    if draft.name and re.search(r"\bmy name\b|\bsignature\b|^name$", wish.text, re.I):
        return Edited(replace(draft, name=""), changed=done)
    message = compose(words, draft)
    inner = [(p, s) for p, text in message.parts if p not in FRAME for s in SENTENCE.split(text)]
    at = words.wishes["order"].get(wish.what)
    if at is not None:
        inside = -len(inner) <= at < len(inner)
        return _without(draft, *inner[at]) if inside else Edited(draft, note="absent")
    wanted = words_of(wish.text) - LITTLE
    told = [k for k in ("topic", "reason", "met", "rounds") if wanted & words_of(draft.facts.get(k, ""))]
    told += ["met"] if wanted & {"date", "day"} and "met" in draft.facts else []
    told += ["reason", "topic"] if wanted & {"reason", "quote"} else []
    if told:
        facts = {k: v for k, v in draft.facts.items() if k not in (*told, *(["topic_es"] if "topic" in told else []))}
        return Edited(replace(draft, facts=facts), changed=done if facts != draft.facts else "", note="" if facts != draft.facts else "absent")
    scored = [(len(wanted & words_of(s)), -i) for i, (_, s) in enumerate(inner)]
    best = max(scored, default=(0, 0))
    named = next((p for p, spoken in words.wishes["parts"].items() if wish.text and pattern(rf"\b(?:{spoken})").search(wish.text)), "")
    present = [i for i, (p, _) in enumerate(inner) if p == named]
    if present:
        return Edited(draft, note="needed") if named in NEEDED else Edited(replace(draft, without=(*draft.without, named)), changed=done)
    if best[0] and best[0] * 2 >= len(wanted):
        return _without(draft, *inner[-best[1]])
    return Edited(draft, note="needed" if named in FRAME else "absent")


def _without(draft: Draft, part: str, sentence: str) -> Edited:
    """The draft without one sentence of a part."""
    if part == "add":
        return Edited(replace(draft, adds=tuple(a for a in draft.adds if a[3:] not in sentence and sentence not in a)), changed="remove")
    if part in NEEDED and ("?" in sentence or part != "question"):
        return Edited(draft, note="needed")
    return Edited(replace(draft, without=(*draft.without, f"{part}~{sentence.rstrip('.')}")), changed="remove")


def _change(words: Words, draft: Draft, wish: Wish) -> Edited:
    quoted = wish.old.strip("\"'")
    literal = re.sub(r"^(?:the (?:word|name|company|line|sentence|part) |the |my |that |her |his )", "", quoted, flags=re.I)
    if (broken := sentence_findings(words.linter, wish.new)) or not wish.new:
        return Edited(draft, note=broken[0] if broken else "unclear")
    key = _fact_with(draft, literal) or _fact_called(words, draft, quoted)
    if key:
        return _set(words, draft, key, literal, wish.new)
    message = compose(words, draft)
    if literal and pattern(rf"(?<!\w){re.escape(literal)}(?!\w)").search(f"{message.subject}\n{message.body}"):
        return Edited(replace(draft, swaps=(*draft.swaps, (literal, wish.new.strip("\"'")))), changed="change")
    return Edited(draft, note="absent")


def _fact(words: Words, draft: Draft, wish: Wish) -> Edited:
    if broken := sentence_findings(words.linter, wish.new):
        return Edited(draft, note=broken[0])
    key = (_fact_with(draft, wish.old) if wish.old else "") or _fact_called(words, draft, wish.what)
    if not key and not wish.what:
        key = next((k for k, v in _named(draft).items() if _closest(v, wish.new)), "")
    if not key:
        return Edited(draft, note="absent" if wish.old else "unclear")
    old = wish.old or _closest(draft.facts.get(key, ""), wish.new)
    return _set(words, draft, key, old, wish.new)


def _named(draft: Draft) -> dict[str, str]:
    return {k: draft.facts[k] for k in ("person", "who", "company", "role") if k in draft.facts}


def _fact_with(draft: Draft, old: str) -> str:
    """The fact that holds the words of `old`."""
    spoken = words_of(old)
    return next((k for k, v in _named(draft).items() if spoken and spoken <= words_of(v)), "")


def _fact_called(words: Words, draft: Draft, what: str) -> str:
    key = next((k for k, spoken in words.wishes["called"].items() if what and pattern(rf"\b(?:{spoken})\b").search(what)), "")
    return "who" if key == "person" and draft.kind == "text_to_someone" else key


def _closest(value: str, new: str) -> str:
    """The word of a fact that `new` is another spelling of; "" when there is none."""
    for word in value.split():
        for other in new.split():
            if SequenceMatcher(None, word.lower(), other.lower()).ratio() >= ALIKE:
                return word
    return ""


def _set(words: Words, draft: Draft, key: str, old: str, new: str) -> Edited:
    """The draft with a fact corrected: one misspelt word of it, or all of it."""
    was = draft.facts.get(key, "")
    new = re.sub(r"(?:,| with (?:an?|one|two) \w+| please| instead| lol)+$", "", new.strip(" \"'.,"), flags=re.I)
    new = name(words.wishes, new) if key != "role" else new
    if not new or len(new) > NAME_CHARACTERS:
        return Edited(draft, note="unclear")
    one = len(old.split()) == 1 == len(new.split()) and len(was.split()) > 1
    if one and _closest(old, new):
        new = " ".join(new if w.lower() == old.lower() else w for w in was.split())
    return Edited(replace(draft, facts={**draft.facts, key: new}), changed="change")


def _undo(words: Words, draft: Draft, wish: Wish) -> Edited:
    earlier = previous(draft)
    return Edited(earlier, changed="undo") if earlier else Edited(draft, note="oldest")


def _reset(words: Words, draft: Draft, wish: Wish) -> Edited:
    first = Draft(draft.kind, forms(words, draft.kind)[0], name=draft.name, facts=draft.facts)
    return Edited(replace(first, form=draft.form if draft.kind == "text_to_someone" else first.form), changed="reset")
