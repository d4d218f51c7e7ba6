"""What a person wishes for in a draft, from free text; several wishes in one message are all read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from comeback.workbench.words import Blocks, pattern, straight

OPEN = ("add", "remove", "change", "fact", "sign")
"""Wishes that hold the person's own words: what follows belongs to them until the next wish."""
LONGEST = 1_000


@dataclass(frozen=True)
class Wish:
    """`kind` and `value` as in data/lexicons/wishes.yml; `old`, `new` and `text` are the person's words."""

    kind: str
    value: str = ""
    text: str = ""
    new: str = ""
    old: str = ""
    what: str = ""
    said: str = field(default="", compare=False)
    """All of the words that it was read from."""


BESIDE = ("sign", "size", "tone")
"""Wishes that stand beside another one in a message ("it's Mrs Baur. and sign it Ines")."""


def read(lexicon: Blocks, message: str) -> tuple[Wish, ...]:
    """The wishes of a message in order; none when nothing in it is understood. Only LONGEST characters are read."""
    text = straight(message[:LONGEST])
    over, text = _across(lexicon, text)
    found = _read_clause(lexicon, text, whole=True)
    rest = text
    for wish in found:
        rest = rest.replace(wish.said, "; ")
    for clause in _clauses(lexicon, rest):
        more = [w for w in _read_clause(lexicon, clause) if w not in found]
        found += [w for w in more if rest is text or w.kind in BESIDE]
    found = [*over, *(w for w in found if w not in over)]
    settled = [w for w in found if w.kind != "keep"]
    return tuple(settled or found)


def _across(lexicon: Blocks, text: str) -> tuple[list[Wish], str]:
    """The wishes that go over several sentences, and the text without them."""
    found: list[Wish] = []
    for entry in lexicon["wishes"]:
        match = pattern(entry["pattern"]).search(text) if entry.get("across") else None
        if match:
            found.append(_wish(entry, match))
            text = f"{text[: match.start()]}; {text[match.end() :]}"
    return found, text if text.strip(" ;.,!?") else ""


def _wish(entry: Blocks, match: re.Match[str]) -> Wish:
    groups = {k: v.strip(" \"'") for k, v in match.groupdict().items() if v}
    return Wish(
        entry["wish"],
        entry.get("value", ""),
        groups.get("text", ""),
        groups.get("new", ""),
        groups.get("old", ""),
        str(groups.get("what", entry.get("what", ""))).lower(),
        match[0],
    )


def _clauses(lexicon: Blocks, text: str) -> list[str]:
    """The text cut before each new wish; what is none stays with the wish before it."""
    opens = f"(?:{lexicon['joints']})(?={lexicon['starts']}\\b)"
    pieces, begin, joints = [], 0, list(pattern(opens).finditer(text))
    for joint in joints:
        pieces.append((text[begin : joint.start()], text[joint.start() : joint.end()]))
        begin = joint.end()
    pieces.append((text[begin:], ""))
    clauses: list[str] = []
    joint_before = ""
    for piece, joint_after in pieces:
        understood = bool(_read_clause(lexicon, piece))
        if clauses and not understood:
            clauses[-1] += joint_before + piece
        else:
            clauses.append(piece)
        joint_before = joint_after
    return clauses


def _read_clause(lexicon: Blocks, clause: str, whole: bool = False) -> list[Wish]:
    """The wishes of one clause; with `whole`, those that only a whole message can hold."""
    found: list[tuple[int, Wish]] = []
    rest = clause
    for entry in lexicon["wishes"]:
        if entry.get("across") or entry.get("whole", False) != whole:
            continue
        match = pattern(entry["pattern"]).search(rest)
        if not match:
            continue
        wish = _wish(entry, match)
        if not entry.get("always") and _refused(lexicon, rest, match, wish):
            continue
        found.append((match.start(), wish))
        more = pattern(lexicon["more_changes"]).match(rest[match.end() :]) if wish.kind == "change" else None
        if more:
            found.append(
                (match.end(), Wish("change", new=more["new"].strip(" \"'"), old=more["old"].strip(" \"'")))
            )
        if wish.kind in OPEN:
            break
        rest = rest[: match.start()] + re.sub(r"\S", " ", match[0]) + rest[match.end() :]
    return [wish for _, wish in sorted(found, key=lambda f: f[0])]


def _refused(lexicon: Blocks, text: str, match: re.Match[str], wish: Wish) -> bool:
    """Whether the words before it take a wish back ("don't make it shorter"), or a corrected name is none ("it's good")."""
    if wish.kind in ("size", "tone", "form", "lang") and pattern(lexicon["refused"]).search(
        text[: match.start()]
    ):
        return True
    named = wish.kind == "fact" and not wish.what and not wish.old
    return named and bool(pattern(lexicon["no_names"]).search(wish.new))
