"""Carries a wish out on a draft. What cannot or should not be done leaves the draft as it was and says why by key."""

from __future__ import annotations

import re
from dataclasses import replace

from comeback.workbench import correct, points
from comeback.workbench.compose import ASK, SENTENCE, compose, forms
from comeback.workbench.correct import Edited
from comeback.workbench.draft import Draft, previous
from comeback.workbench.linter import sentence_findings, words_of
from comeback.workbench.told import NAME_CHARACTERS, name, spelled
from comeback.workbench.wishes import Wish
from comeback.workbench.words import Words, pattern

SIZES = ("short", "full", "long")
NEEDED = ("question", "close_it", "news", "wish")
FRAME = ("greeting", "sign")
ADD_WORDS = 30

QUOTED = re.compile(r"(?<!\w)['\"](?P<text>[^'\"]{2,80})")
PHRASE_WORDS = 3
"""So few quoted words are taken out by themselves, and not with their sentence."""


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
        "change": correct.change,
        "fact": correct.fact,
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
    if wish.value == "ask":
        return Edited(draft, note="no_name")
    broken = sentence_findings(words.linter, wish.new)
    if broken or len(wish.new) > NAME_CHARACTERS:
        return Edited(draft, note=broken[0] if broken else "unclear")
    return Edited(replace(draft, name=name(words.wishes, wish.new)), changed="sign")


def _add(words: Words, draft: Draft, wish: Wish) -> Edited:
    if wish.value == "line":
        return Edited(draft, note="no_sentence")
    if wish.value == "ask" and wish.text.endswith("?") and draft.kind == "feedback_request":
        broken = sentence_findings(words.linter, wish.text)
        exact = replace(draft, facts={**draft.facts, ASK: wish.text[:1].upper() + wish.text[1:]})
        return Edited(draft, note=broken[0]) if broken else Edited(exact, changed="ask")
    asks = "?" in wish.text or wish.value == "ask"
    reported = pattern(words.wishes["reported"]).match(wish.text)
    if wish.value == "ask" and reported and draft.kind == "feedback_request":
        question = points.question(words, wish.text)
        broken = sentence_findings(words.linter, question)
        asked = replace(draft, facts={**draft.facts, ASK: question})
        return Edited(draft, note=broken[0]) if broken else Edited(asked, changed="ask")
    if asks and "?" in compose(words, draft).body:
        return Edited(draft, note="two_asks")
    if wish.value == "ask":
        return Edited(draft, note="unclear")
    sentence = _sentence(words, draft, wish)
    personal = compose(words, draft).text
    broken = sentence_findings(words.linter, f"{wish.text}\n{sentence}", personal)
    if broken:
        return Edited(draft, note=broken[0], declined=sentence.rstrip("."))
    if len(sentence.split()) > ADD_WORDS:
        return Edited(draft, note="too_long")
    lang = language(words, sentence, draft.lang)
    added = replace(draft, adds=(*draft.adds, f"{lang} {sentence}"))
    return Edited(added, "" if lang == draft.lang else "other_language", "add")


def _sentence(words: Words, draft: Draft, wish: Wish) -> str:
    """Their words as a sentence to the reader: chat spelling written out, "they" as "you"."""
    lexicon = words.wishes
    text = pattern(lexicon["after_sentence"]).sub("", wish.text, count=1)
    text = spelled(lexicon, text.strip(" \"'"))
    text = pattern(lexicon["joined"]["pattern"]).sub(lexicon["joined"]["by"], text)
    if wish.value in ("noun", "thanks"):
        text = words.say["mention" if wish.value == "noun" else "thanks_for"][draft.lang].format(what=text)
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
    if draft.name and pattern(words.wishes["own_name"]).search(wish.text):
        return Edited(replace(draft, name=""), changed=done)
    message = compose(words, draft)
    if wish.what == "subject":
        bare = replace(draft, without=(*draft.without, "subject"))
        return (
            Edited(bare, changed="subject") if compose(words, bare).subject else Edited(draft, note="absent")
        )
    if wish.value == "instruction":
        kept = tuple(a for a in draft.adds if not words_of(wish.text) <= words_of(a))
        return Edited(replace(draft, adds=kept), changed=done if kept != draft.adds else "")
    if quoted := QUOTED.search(wish.said):
        phrase = rf" ?(?<!\w){re.escape(quoted['text'].strip(' .'))}(?!\w)"
        inside = pattern(phrase).search(message.body)
        if inside and len(quoted["text"].split()) <= PHRASE_WORDS:
            swaps = (*draft.swaps, (inside[0], ""))
            return Edited(replace(draft, swaps=swaps), changed=done)
    first, *others = pattern(words.wishes["two_removed"]).split(wish.text)
    if others:
        return _each(words, draft, wish, [first, *others])
    inner = [(p, s) for p, text in message.parts if p not in FRAME for s in SENTENCE.split(text)]
    at = words.wishes["order"].get(wish.what)
    if at is not None:
        inside = -len(inner) <= at < len(inner)
        return _without(draft, *inner[at]) if inside else Edited(draft, note="absent")
    if twice := pattern(words.wishes["one_of_two"]).match(wish.text):
        spoken = words_of(wish.text[twice.end() :])
        found = [(p, s) for p, s in inner if spoken and spoken <= words_of(s)]
        if found:
            return _without(draft, *found[1]) if len(found) > 1 else Edited(draft)
    wanted = words_of(wish.text) - set(words.wishes["little"].split())
    told = [k for k in ("topic", "reason", "met", "rounds") if wanted & words_of(draft.facts.get(k, ""))]
    told += [k for k, called in words.wishes["dropped"].items() if pattern(called).search(wish.text)]
    if told:
        facts = {
            k: v
            for k, v in draft.facts.items()
            if k not in (*told, *(["topic_es"] if "topic" in told else []))
        }
        return Edited(
            replace(draft, facts=facts),
            changed=done if facts != draft.facts else "",
            note="" if facts != draft.facts else "absent",
        )
    scored = [(len(wanted & words_of(s)), -i) for i, (_, s) in enumerate(inner)]
    best = max(scored, default=(0, 0))
    named = next(
        (
            p
            for p, spoken in words.wishes["parts"].items()
            if wish.text and pattern(rf"\b(?:{spoken})").search(wish.text)
        ),
        "",
    )
    present = [i for i, (p, _) in enumerate(inner) if p == named]
    if present:
        return (
            Edited(draft, note="needed")
            if named in NEEDED
            else Edited(replace(draft, without=(*draft.without, named)), changed=done)
        )
    if best[0] and best[0] * 2 >= len(wanted):
        return _without(draft, *inner[-best[1]])
    return Edited(draft, note="needed" if named in FRAME else "absent")


def _each(words: Words, draft: Draft, wish: Wish, texts: list[str]) -> Edited:
    """The draft without several things; it is called done when one of them could be taken out."""
    changed = ""
    for text in texts:
        step = _remove(words, draft, replace(wish, text=text))
        draft, changed = step.draft, changed or step.changed
    return Edited(draft, "" if changed else "absent", changed)


def _without(draft: Draft, part: str, sentence: str) -> Edited:
    """The draft without one sentence of a part."""
    if part == "add":
        return Edited(
            replace(draft, adds=tuple(a for a in draft.adds if a[3:] not in sentence and sentence not in a)),
            changed="remove",
        )
    if part in NEEDED and ("?" in sentence or part != "question"):
        return Edited(draft, note="needed")
    return Edited(
        replace(draft, without=(*draft.without, f"{part}~{sentence.rstrip('.')}")), changed="remove"
    )


def _undo(words: Words, draft: Draft, wish: Wish) -> Edited:
    earlier = previous(draft)
    return Edited(earlier, changed="undo") if earlier else Edited(draft, note="oldest")


def _reset(words: Words, draft: Draft, wish: Wish) -> Edited:
    first = Draft(draft.kind, forms(words, draft.kind)[0], name=draft.name, facts=draft.facts)
    return Edited(
        replace(first, form=draft.form if draft.kind == "text_to_someone" else first.form), changed="reset"
    )
