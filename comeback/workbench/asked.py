"""What a message says of a message that is to be written: whether one is asked for, who gets it, what it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from comeback.vocabulary import Asked
from comeback.workbench import points, told, whole, wishes
from comeback.workbench.words import Blocks, Words, pattern, straight

LONGEST = 2_000
BEFORE_NAME, AFTER_NAME = 3, 60
REGISTERS = ("boss", "employer", "close")


@dataclass(frozen=True)
class Reader:
    """Who gets a message. `register`: boss, employer, close, or "" where nothing tells."""

    name: str = ""
    called: str = ""
    """As what they were named ("boss", "my friend"); the name when that is all there is."""
    register: str = ""


def read(words: Words, text: str) -> Asked:
    """The message that a turn asks for or tells about. Only the first LONGEST characters are read."""
    lexicon, text = words.messages, straight(text[:LONGEST])
    reader, meant = recipient(words, text), answer(words, text)
    aloud = _any(lexicon["to_say"], text) and not _any(lexicon["no_ask"], text)
    given = bool(whole.read(words, text).text)
    anew = _any(lexicon["anew"], text)
    said = points.sentences(text)
    again = any(_any(lexicon["again"], sentence) for sentence in said)
    outright = any(_asks(words, sentence) for sentence in said) or (again and bool(reader.called))
    return Asked(
        wanted=outright or aloud or any(_asks(words, sentence, bare=True) for sentence in said),
        outright=outright,
        again=again,
        shows=_any(lexicon["shows"], text),
        wrong=_any(lexicon["wrong"], text),
        edits=any(wish.kind != "keep" for wish in wishes.read(words.wishes, text)),
        over=_any(lexicon["over"], text),
        told_already=_any(lexicon["told_already"], text),
        to=reader.name or reader.called,
        register=reader.register,
        purpose=purpose(words, text, reader.register),
        meant=meant.name or meant.called,
        meant_register=meant.register,
        points=given or anew or any(p.key or not p.out for p in points.read(words, text)),
        dictates=given or any(_any(mark["pattern"], text) for mark in lexicon["opens"]),
        theirs=_any(lexicon["theirs"], text),
        aloud=aloud,
        myself=_any(lexicon["myself"], text),
        own_news=_any(lexicon["got_it"], text) or _any(lexicon["lost_it"], text),
    )


def recipient(words: Words, text: str) -> Reader:
    """Who a message goes to, by what stands after "to", "for", "text" and the like, and by what is said beside it."""
    lexicon = words.messages
    said = pattern(lexicon["not_reader"]).sub(" ", straight(text))
    found = Reader()
    for place in pattern(lexicon["before_reader"]).finditer(said):
        found = _named(words, said[place.end() : place.end() + AFTER_NAME])
        if found.called:
            break
    if found.called and not found.register:
        found = Reader(found.name, found.called, _register(lexicon, said))
    return found


def answer(words: Words, text: str) -> Reader:
    """Who is meant by an answer to "who is it for?" ("Mick. my boss", "a friend")."""
    said = straight(text)
    named = told.person(words.wishes, said).get("person", "")
    found = recipient(words, said)
    called = _named(words, said)
    best = found if found.called else called
    return Reader(
        best.name or ("" if best.called else named),
        best.called or named,
        best.register or _register(words.messages, said),
    )


def purpose(words: Words, text: str, register: str = "") -> str:
    """What a message is for, as far as a text says it: a name of `purposes` in data/lexicons/messages.yml, else ""."""
    text = ". ".join(s for s in points.sentences(text) if not points.to_us(words.messages, s))
    for entry in words.messages["purposes"]:
        fits = entry.get("for") in (None, register or "employer")
        denied = entry.get("not") and _any(entry["not"], text)
        if fits and not denied and _any(entry["pattern"], text):
            return str(entry["name"])
    return ""


def news(words: Words, text: str) -> str:
    """Whose news a text tells: offer_news, no_news, comfort (the reader was rejected), offer_rival (both), or ""."""
    lexicon = words.messages
    theirs = _any(lexicon["theirs"], text)
    if _any(lexicon["got_it"], text):
        return "offer_rival" if theirs else "offer_news"
    if _any(lexicon["lost_it"], text):
        return "no_news"
    return "comfort" if theirs else ""


def _asks(words: Words, sentence: str, bare: bool = False) -> bool:
    """Whether a sentence asks for a message; a `bare` one ("text my boss") could be what they mean to do themselves."""
    lexicon = words.messages
    if _any(lexicon["no_ask"], sentence):
        return False
    for entry in lexicon["asks"]:
        match = pattern(entry["pattern"]).search(sentence)
        if not match or entry.get("bare", False) is not bare:
            continue
        rest = sentence[match.end() :].strip()
        if not entry.get("to") or _named(words, rest).called or _any(f"^{lexicon['words']['they']}\\b", rest):
            return True
    return False


def _named(words: Words, rest: str) -> Reader:
    """The reader that a text begins with: "my boss Mick", "Dana Whitlow, recruiter at Corvane", "elsie"."""
    lexicon = words.messages
    rest = pattern(f"^(?:to |for )?(?:{lexicon['words']['own']} )*").sub("", rest.strip(), count=1)
    if pattern(lexicon["no_reader"]).search(rest):
        return Reader()
    for register in REGISTERS:
        match = pattern(f"^(?:{lexicon['readers'][register]})\\b").match(rest)
        if match:
            name = _name(words, rest[match.end() :].lstrip(" ,("), capital=True)
            who = match[0].lower() if match[0].isupper() else match[0]
            mum = told.someone(words.wishes, who, "").get("who", "") if register == "close" else ""
            if name and match[0][0].isupper() and _any(lexicon["title_readers"], match[0]):
                name = f"{match[0]} {name}"
            return Reader(name or mum, match[0].lower(), register)
    name = _name(words, rest)
    after = rest[len(name) :]
    beside = {r: pattern(f"^{lexicon['named_as']}{p}").match(after) for r, p in lexicon["readers"].items()}
    return Reader(name, name, next((r for r in REGISTERS if name and beside[r]), ""))


def _name(words: Words, rest: str, capital: bool = False) -> str:
    """The name that a text begins with: words with capitals, a title, or a first name that is known."""
    found: list[str] = []
    for word in re.findall(r"^[^\W\d_][\w'-]*\.?|(?<= )[^\W\d_][\w'-]*\.?", rest)[: BEFORE_NAME + 1]:
        bare = word.strip(".'").removesuffix("'s")
        titled = bare.lower() in words.wishes["titles"]
        known = bare.lower() in words.all_names and not capital and not found
        if bare.isupper() and len(bare) > 2 and not known and not titled:
            break
        proper = word[0].isupper() and not pattern(words.wishes["answers"]["no_name"]).search(bare)
        if not (titled or proper or known) or not rest.startswith(" ".join([*found, word])):
            break
        found.append(bare if not titled else word)
        if word.endswith(".") and not titled:
            break
    return told.name(words.wishes, " ".join(found[:BEFORE_NAME]))


def _register(lexicon: Blocks, text: str) -> str:
    near = [
        (match.start(), register)
        for register, spoken in lexicon["readers"].items()
        for match in pattern(f"\\b(?:{lexicon['words']['own']} |')?(?:{spoken})\\b").finditer(text)
        if not _any(lexicon["impersonal"], match[0])
    ]
    return min(near)[1] if near else ""


def _any(spoken: str, text: str) -> bool:
    return bool(pattern(spoken).search(text))
