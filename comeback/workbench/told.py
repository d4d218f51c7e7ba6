"""What a person told in the answers of an exercise, as facts for a message. Nothing is guessed beyond their words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from comeback.workbench.words import Blocks, pattern, straight

OPENING = re.compile(
    r"^(?:(?:oh|ah|er|um|uh|hm+|well|so|yes|yeah|right|ok|okay|sorry)\b[, ]+)+", re.IGNORECASE
)
NAME_CHARACTERS = 50
REASON_CHARACTERS = 140
REASON_WORDS = 24
POINT_CHARACTERS = 600
QUOTED = re.compile(r'"(?P<said>[^"\n]{8,140})"')
"""What was said to them, word for word."""
NAME_WORDS = 4


def job(lexicon: Blocks, text: str) -> dict[str, str]:
    """Company, role, and whom they met when, as far as they are in one line ("st marys, charge nurse, met Ana monday")."""
    known: Mapping[str, str] = lexicon["answers"]
    found: dict[str, str] = {}
    rest = OPENING.sub("", straight(text))
    if pattern(f"^(?:{known['nothing']})$").search(rest):
        return {}
    met = pattern(known["interviewed"]).search(rest)
    if met:
        who = "company" if rest[met.end() :].strip().lower().startswith("for ") else "person"
        found |= {who: _name_of(lexicon, met["who"]), "met": (met["day"] or "").capitalize()}
        rest = rest[: met.start()] + rest[met.end() :]
    pieces = [_sides(known, _bare(known, p)) for p in pattern(known["job_split"]).split(rest)]
    sides = [tuple(s if _plausible(known, s) else "" for s in pair) for pair in pieces]
    sure = any(pattern(known["roles"]).search(s) for pair in sides for s in pair)
    for role, company in sides:
        named = _named(lexicon, found, role, company, sure)
        found = {**named, **{k: v for k, v in found.items() if v}}
    if "company" in found:
        found["company"] = name(lexicon, found["company"])
    return {k: v for k, v in found.items() if v and len(v) <= NAME_CHARACTERS}


def _named(lexicon: Blocks, found: Mapping[str, str], role: str, company: str, sure: bool) -> dict[str, str]:
    """What one part of the answer names. A name without capitals is only believed beside a role (`sure`), because a
    wrong company in a mail hurts more than a missing one."""
    roles = pattern(lexicon["answers"]["roles"])
    if role and company and not (roles.search(company) and not roles.search(role)):
        return {"role": role, "company": company} if sure or _proper(lexicon, company) else {}
    lone = company or role
    if "role" not in found and roles.search(lone):
        return {"role": lone}
    if lone and "company" not in found:
        return {"company": lone} if sure or _proper(lexicon, lone) else {}
    return {"role": lone} if lone and "role" not in found and not sure else {}


def _proper(lexicon: Blocks, text: str) -> str:
    """The text if it is written as a name is, with capitals; else ""."""
    small, words = lexicon["small_names"], text.split()
    named = all(w[0].isupper() or w[0].isdigit() or not w[0].isalnum() or w in small for w in words)
    loud = text.isupper() and len(words) > 2
    return text if words and named and not loud and text != text.lower() else ""


def _plausible(known: Mapping[str, str], side: str) -> bool:
    """Whether a part of the answer can name a role or a company; what is written with capitals is trusted more."""
    said = re.sub(r"\b[A-Z][\w'&.-]*", "", side)
    return bool(side) and (not re.search(r"\w", said) or not pattern(known["no_job"]).search(said))


def _sides(known: Mapping[str, str], piece: str) -> tuple[str, str]:
    """Role and company of "designer at figma" or "driver for amazon"; the second is empty when there is one side."""
    for between in ("job_between", "job_for"):
        sides = [_bare(known, s) for s in pattern(known[between]).split(piece, maxsplit=1)]
        if len(sides) == 2:
            return (sides[0], sides[1]) if sides[0] else (sides[1], "")
    return piece, ""


INITIALS = 3
"""So many capitals are an office ("VP", "CEO"), not a name."""


def person(lexicon: Blocks, text: str) -> dict[str, str]:
    """To whom, and as what kind of message ("Carol Diaz, linkedin"): person and form, as far as given."""
    known, said = lexicon["answers"], straight(text)
    said = pattern(known["spelling_hint"]).sub(lambda m: m["name"].capitalize(), said)
    form = next((f for f, p in known["forms"].items() if pattern(p).search(said)), "")
    named = ""
    for piece in pattern(known["person_split"]).split(said):
        if pattern(f"^(?:{known['nothing']})$").search(piece.strip()):
            continue
        named = named or _name_of(lexicon, piece) or _bare_name(lexicon, piece)
    return {k: v for k, v in (("form", form), ("person", named)) if v}


def _bare_name(lexicon: Blocks, text: str) -> str:
    """A single word that is the whole answer ("jess", "bev from talent"), though no list of names holds it; else ""."""
    said = re.sub(pattern(lexicon["answers"]["before_name"]), "", text.strip(" .!"))
    word = re.split(r"\s+(?:from|at|in)\s+", said)[0]
    return name(lexicon, word) if re.fullmatch(r"[^\W\d_]{3,}", word) and not _common(lexicon, word) else ""


def _common(lexicon: Blocks, word: str) -> bool:
    """Whether a word of an answer is no name: a plain word, or an office in capitals ("VP")."""
    low, known = word.lower().rstrip("."), lexicon["answers"]
    plain = pattern(known["no_name"]).search(low) or not _plausible(known, low)
    return bool(plain) or (word.isupper() and 1 < len(word) <= INITIALS)


def _name_of(lexicon: Blocks, text: str) -> str:
    """The name of a person in a part of an answer; "" if there is none.

    It begins with a capital, a title or a known first name, and goes on while the words may belong to it.
    """
    run: list[str] = []
    for word in re.findall(r"[^\W\d_][\w.'-]*", text):
        low = word.lower().rstrip(".")
        common = _common(lexicon, word)
        known = low in lexicon["titles"] or (low in lexicon["first_names"] and not common)
        if known or (not common and (word[0].isupper() or run)):
            run.append(word)
        elif run:
            break
    lone_title = len(run) == 1 and run[0].lower().rstrip(".") in lexicon["titles"]
    return name(lexicon, " ".join(run)) if 0 < len(run) <= NAME_WORDS and not lone_title else ""


def reason(lexicon: Blocks, text: str) -> str:
    """What they were told, without the words around it; "" when that is nothing or too long to quote."""
    known = lexicon["answers"]
    quoted = [m["said"].strip(" .,") for m in QUOTED.finditer(straight(text))]
    said = str(known["between"]).join(quoted) if quoted else straight(text).strip(" .\"'")
    said = pattern(known["said"]).sub("", said, count=1).strip(" .\"'")
    none = pattern(f"^(?:{known['nothing']})$").search(said) or pattern(known["no_reason"]).search(said)
    if not said or none or "?" in said or '"' in said:
        return ""
    said = spelled(lexicon, said)
    return said if len(said) <= REASON_CHARACTERS and len(said.split()) <= REASON_WORDS else ""


def addressed(lexicon: Blocks, text: str) -> tuple[str, str]:
    """The name that a dictated message begins with ("Mrs Aldous. I would be glad ..."), and the rest; "" and all of it where
    there is none."""
    said = straight(text[:POINT_CHARACTERS])
    first, rest = (re.split(r"(?<=\w{3})[.:]\s+", said, maxsplit=1) + [""])[:2]
    name = person(lexicon, first).get("person", "") if rest and len(first.split()) < NAME_WORDS else ""
    return (name, rest) if name else ("", said)


def someone(lexicon: Blocks, text: str, relation: str) -> dict[str, str]:
    """Who a text goes to: its form (friend, family, mentor) and how to call them, if they said."""
    known, said = lexicon["answers"], straight(text or relation)
    form = next((f for f, p in known["people"].items() if pattern(p).search(said)), "friend")
    words = re.findall(r"[^\W\d_][\w'-]*", said)
    called = [w for w in words if w.lower() in known["called"]]
    others = " ".join(w for w in words if not pattern(known["no_who"]).search(w))
    who = name(lexicon, called[0]) if called else _name_of(lexicon, others)
    return {"form": form} | ({"who": who} if who else {})


def want(lexicon: Blocks, text: str) -> str:
    """What they want of that person: call, meet, advice or plain."""
    wants: Mapping[str, str] = lexicon["answers"]["wants"]
    return next((w for w, p in wants.items() if pattern(p).search(text)), "plain")


def name(lexicon: Blocks, text: str) -> str:
    """A name as it is written: what is all lower case gets its capitals ("st mary's" -> "St Mary's")."""
    text = straight(text).strip(" .,;:!?\"'")
    whole = lexicon["names"].get(text.lower())
    if whole:
        return str(whole)
    if text != text.lower():
        return " ".join(w.capitalize() if w.rstrip(".") in lexicon["titles"] else w for w in text.split())
    small = lexicon["small_names"]
    words = [
        lexicon["names"].get(w) or (w if i and w in small else w[:1].upper() + w[1:])
        for i, w in enumerate(text.split())
    ]
    return " ".join(words)


def spelled(lexicon: Blocks, text: str) -> str:
    """The text with chat spelling written out ("im" -> "I am"). Quotes must be straight."""
    known = lexicon["spelling"]

    def out(match: re.Match[str]) -> str:
        word = match[0]
        return str(known.get(word.lower(), word))

    return re.sub(r"w/|[\w']+", out, text)


def _bare(known: Mapping[str, str], piece: str) -> str:
    piece = pattern(known["job_noise"]).sub("", piece.strip(" .!?\"'"))
    return pattern(known["job_tail"]).sub("", piece).strip(" .!?\"'")
