"""Where the readings are held against each other before an intent is believed."""

from __future__ import annotations

import re
from collections.abc import Collection

Ranking = list[tuple[str, float]]

GOOD_NEWS = frozenset({"got_offer", "share_win"})
LOW = frozenset(
    "sadness disappointment grief anger annoyance disapproval remorse shame hopelessness numbness disgust".split()
)
GLAD = frozenset("joy excitement relief pride gratitude optimism".split())
REFUSAL = re.compile(
    r"\b(?:not?|nope|never|nothing|zip|without|unfortunately|regret|reject\w*|declin\w*|ghost\w*|passed on|pass(?:ed)? over|"
    r"went (?:with|to|another)|(?:some|any)(?:one|body) (?:else|with|who)|(?:other|another|stronger|internal|different|cheaper|"
    r"better) (?:candidates?|applicants?|person|people|guy|one|man|woman)|instead|withdr\w*|rescind\w*|pulled|cancel\w*|revok\w*|"
    r"frozen|freeze|fell through|fallen through|took (?:it|the offer|that) (?:back|off)|(?:take|took|taken) \w{0,9} ?back|mistake|"
    r"changed their minds?|runner.?up|second (?:choice|place|again|best)|reserve|close but|so close|top (?:two|three)|filled|"
    r"lost|losing|lose|turned down|unemployed|dumped|silent|killed|over my head|older|nephew|from inside|for my \w+mate|almost|"
    r"nearly|thought i|supposed to|too early|don'?t|won'?t|\w+n'?t)\b|n['’]t\b",
    re.IGNORECASE,
)
"""Words that do not go with good news: beside them good news is believed only from somebody who sounds glad."""
NOT_GETTING = re.compile(
    r"\b(?:not|never|didn['’]?t|won['’]?t|wasn['’]?t|isn['’]?t|did not|will not) (?:\w+ ){0,2}?(?:get|getting|got|selected|hired|chosen|"
    r"picked|successful|offered|joining|joined|made?|moving|mine|starting|want(?:ed)?|the one|enough|me|this time|the job)\b|"
    r"\b(?:a|an|another|the|big|fat|it['’]?s|is|was|said|say|says|told) no\b(?! \w+er\b)|\bno (?:offer|luck|thanks|from|seat|again)\b|"
    r"\brejection\b|\brejected (?:me|again|by)\b|\b(?:got|was|been) rejected\b|\bunfortunately\b|\bsecond choice\b|"
    r"\b(?:offer|job|role|post|position)s?\b[^.!?]{0,25}\b(?:rescinded|withdrawn|revoked|cancell?ed|filled|gone|to someone|to somebody|"
    r"to the|to her|to him|to them|fell through)\b|\bjust not to me\b|\bghosted\b|\boff the table\b|"
    r"\b(?:said|told|swore|thought|promised|called)\b[^.!?]{0,20}\b(?:shoo-?in|in the bag|as good as|a sure thing|a done deal)\b",
    re.IGNORECASE,
)
"""The job was not got, however merrily it is said."""
GOT = re.compile(
    r"\b(?:i|we)(?:['’]?ve| have| just| finally| actually| officially)* (?:got|accepted|signed|landed|have) (?:the|an|a|this|my|that) "
    r"(?:\w+ )?(?:job|offer|position|role|contract|place|gig|part)\b|\b(?:offered|hired|chose|picked) me\b|\bsaid yes\b|"
    r"\bi(?:['’]?m| am| got) (?:hired|in)\b|^(?:so |well |just |finally )*(?:got|landed|accepted|signed) (?:the|a|an|my) "
    r"(?:\w+ )?(?:job|offer|position|role|contract|place)\b|\bi start(?:ing)?\b|\bstarting (?:on|in|next)\b",
    re.IGNORECASE,
)
BELIEVED_TO = re.compile(
    r"\b(?:think|thinks|thought|believ(?:e|es|ed)|assum(?:e|es|ed)|expect(?:s|ed)?|told|tells?|swore|hop(?:e|es|ed)|was (?:meant|going) to|supposed to)\b"
    r"(?:(?!\b(?:but|and)\b)[^.!?,;]){0,40}?\bi(?:['’]?m|['’]?d|['’]?ll)? (?:\w+ )?(?:start\w*|begin\w*|got|have|had|am|was)\b"
    r"(?:(?!\b(?:but|and)\b)[^.!?,;])*",
    re.IGNORECASE,
)
"""What somebody believes or was told ("everyone at home thinks I start on Monday") is no news of an offer."""
OFFER = re.compile(
    r"\b(?:offer\w*|hired|job|accept\w*|contract|position|role|post|sign\w*|start\w*|got (?:it|in)|yes|said yes|want me|"
    r"chose me|picked me|took me|congrat\w*|i'?m in|they want)\b",
    re.IGNORECASE,
)
"""Without one of these nobody was offered a job."""
OTHERS = re.compile(
    r"\b(?:happy|glad|pleased|thrilled|congrat\w*) (?:for|to) (?:the|whoever|him|her|them|whom)\b|\bgot my (?:job|role|place|post)\b|"
    r"\bfor my (?:\w+mate|brother|sister|friend|cousin|colleague)\b|\bfor (?:someone|somebody) else\b|\bexcept (?:for )?me\b|"
    r"\bby (?:candidate|another|some(?:one|body)|the other)\b|"
    r"\bto (?:my|another|the other|some) ?\w* ?(?:\w*mate|colleague|candidate|friend|cousin|person|applicant|guy|girl)\b",
    re.IGNORECASE,
)
"""The good news is another person's."""
BELIEVED, CERTAIN, SAID = 0.55, 0.9, 0.2
"""Good news of a lower probability is asked about; an offer with a low feeling in it is believed only when
certain, one that is told outright ("got the job") already when possible."""
BEYOND = 0.97
"""From this probability an offer is believed beside a refusing word ("I nearly didn't pick up"), though not beside a no."""
SIGNS = frozenset({"affirm", "deny", "unsure"})
"""What a sign alone can say (a thumb, a shrug, a "k")."""
SIGN_SURE = 0.85
UNCLEAR = "nlu_fallback"
PLAIN_NEWS = "tell_rejection"
TYPE_SURE = 0.5
FAMILIES = (
    frozenset(
        "tell_rejection tell_rejection_automatic tell_rejection_screen tell_rejection_final tell_ghosted "
        "tell_rejection_internal tell_offer_withdrawn tell_laid_off".split()
    ),
    frozenset("share_feeling vent criticise_self compare_self ruminate give_up".split()),
)
WORDS = re.compile(r"[^\W\d_]{2,}")
VOWEL = re.compile(r"[aeiouyàáâäãåèéêëìíîïòóôöõùúûü]", re.IGNORECASE)


def judge(text: str, ranking: Ranking, feelings: Collection[str]) -> Ranking:
    """The ranking that may be acted on; `nlu_fallback` comes first when none may.

    A rejection is never congratulated: doubtful good news gives way to the likeliest news of a rejection when
    there is one, else it is asked about.
    """
    if unreadable(text) and not (wordless(text) and ranking[0][0] in SIGNS and ranking[0][1] >= SIGN_SURE):
        return [(UNCLEAR, 1.0), *ranking]
    if ranking[0][0] == "got_offer" and not OFFER.search(text):
        ranking = [*ranking[1:], ranking[0]]
    if said_outright(text, ranking):
        rest = [pair for pair in ranking if pair[0] != "got_offer"]
        ranking = [("got_offer", max(CERTAIN, dict(ranking)["got_offer"])), *rest]
    best, sureness = ranking[0]
    enough = CERTAIN if best == "got_offer" and LOW & set(feelings) else BELIEVED
    if best in GOOD_NEWS and (sureness < enough or doubtful(text, best, feelings, sureness)):
        bad = next(
            ((n, p) for n, p in ranking[:4] if n.startswith(("tell_", "share_feeling")) and p >= 0.08), None
        )
        first = bad or (UNCLEAR, min(ranking[0][1], 0.99))
        return [first, *(pair for pair in ranking if pair[0] != first[0])]
    return together(ranking)


def together(ranking: Ranking) -> Ranking:
    """The ranking, where intents of one family that share the chance speak with one voice.

    News of a rejection whose type is unsure is `tell_rejection`; among kinds of hurt the likeliest one stands.
    """
    name, chance = ranking[0]
    family = next((f for f in FAMILIES if name in f), frozenset())
    whole = sum(p for n, p in ranking if n in family)
    if chance >= TYPE_SURE or whole < TYPE_SURE:
        return ranking
    first = PLAIN_NEWS if PLAIN_NEWS in family else name
    return [(first, whole), *(pair for pair in ranking if pair[0] != first)]


def said_outright(text: str, ranking: Ranking) -> bool:
    """Whether they tell in so many words that they got it, and the classifier thinks it possible."""
    possible = dict(ranking[:3]).get("got_offer", 0.0) >= SAID
    return possible and bool(GOT.search(BELIEVED_TO.sub(" ", text))) and not REFUSAL.search(text)


def doubtful(text: str, intent: str, feelings: Collection[str], sureness: float = 0.0) -> bool:
    """Whether good news may be none: its words refuse, or its feelings do and the classifier is not certain."""
    glad, low = bool(GLAD & set(feelings)), bool(LOW & set(feelings))
    only_believed = BELIEVED_TO.search(text) and not GOT.search(BELIEVED_TO.sub(" ", text))
    if OTHERS.search(text) or (only_believed and intent == "got_offer"):
        return True
    if NOT_GETTING.search(text):
        return not (GOT.search(text) and glad and not low)
    if REFUSAL.search(text):
        return not (glad and not low) and sureness < BEYOND if intent == "got_offer" else low
    return intent == "got_offer" and (low or not glad) and sureness < CERTAIN and not GOT.search(text)


def wordless(text: str) -> bool:
    """A sign, an emoji or a letter, and no word."""
    return not WORDS.search(text)


def unreadable(text: str) -> bool:
    """True for what holds no word: emoji, punctuation, keyboard noise."""
    if wordless(text):
        return not any(c.isdigit() for c in text)
    words = WORDS.findall(text)
    if text.isascii() and max(map(len, words)) > 8:
        longest = max(words, key=len)
        return len(set(words)) <= 2 and len(VOWEL.findall(longest)) < 0.22 * len(longest)
    return False
