"""Every move has words, every word has a move, and the words keep to the voice."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from comeback import content
from comeback.content import WrongContent
from comeback.steering import safety
from comeback.steering.care import ASK, BY_KIND
from comeback.steering.moves import MOVES
from comeback.steering.playbook import PLAYBOOK
from comeback.steering.topics import TOPICS

ROOT = Path(__file__).resolve().parent.parent
CONTENT = content.load(ROOT / "data")
TO_SAY = re.compile(r"(?<!\w)'[^']*\?'|\"[^\"]*\?[^\"]*\"")
"""Questions that they may put to somebody else."""
BANNED = [
    "one step closer",
    "closer to a yes",
    "happens for a reason",
    "one door closes",
    "their loss",
    "at least you",
    "bright side",
    "stay positive",
    "good vibes",
    "know how you feel",
    "know exactly how",
    "understand completely",
    "always here",
    "care about you",
    "missed you",
    "you will definitely",
    "dream job",
    "meant to be",
    "should be grateful",
    "is redirection",
    "committed suicide",
    "worst days",
    "calm down",
    "i feel ",
    "come back soon",
]


def names() -> set[str]:
    """Every response that a move, an exercise or the safety path can ask for."""
    steps = {
        f"utter_{e.stage}_{e.name}_{part}"
        for e in CONTENT.exercises.values()
        for part in (*(s.name for s in e.steps), "end")
    }
    safe = {*safety.OPEN_MOVES.values(), *(name for _, name in safety.CHOICES)}
    for room in ("safety", "worry"):
        safe |= set(re.findall(r'care\("(\w+)"', (ROOT / f"comeback/steering/{room}.py").read_text()))
    kinds = {m.response for m in (ASK, *BY_KIND.values())}
    return (
        {m.response for m in MOVES.values()}
        | steps
        | {f"utter_safety_{name}" for name in safe | {"stay"}}
        | kinds
    )


def test_every_move_has_words_and_every_word_a_move() -> None:
    assert names() == set(CONTENT.responses)


@pytest.mark.parametrize("response", CONTENT.responses.values(), ids=lambda r: r.name)
def test_words_keep_to_the_voice(response: content.Response) -> None:
    for variation in response.variations:
        text = variation.text
        low = text.lower()
        assert not [b for b in BANNED if b in low], text
        assert len(text.split()) <= (90 if "safety" in response.name else 60), text
        assert TO_SAY.sub("", text).count("?") <= (2 if "safety" in response.name else 1), text
        if response.name.split("_")[1] in ("acknowledge", "perspective", "feedback", "safety"):
            assert "!" not in text, text


def test_every_topic_has_a_question_of_its_own_to_choose() -> None:
    asked = [CONTENT.choices[topic] for topic in TOPICS]
    assert len(set(asked)) == len(asked) and max(map(len, asked)) <= 45


PLACES = (
    "data/drafts/*.yml data/*.yml data/safety_plain.txt data/lexicons/feedback.yml data/lexicons/letters.yml "
    "data/lexicons/ways.yml web/*.json web/*.html README.md docs/*.md docs/channels/*.md"
).split()
WRITTEN = sorted({p for place in PLACES for p in ROOT.glob(place)} - {ROOT / "data/choices.yml"})


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_drafts_pages_and_documents_keep_to_the_voice(path: Path) -> None:
    """data/choices.yml is left out, and what stands in bold in the README: both are the person's words."""
    low = re.sub(r"\*\*.+?\*\*", "", path.read_text(encoding="utf-8")).lower()
    assert not [b for b in BANNED if b in low]


def test_every_response_can_be_said_with_nothing_known() -> None:
    """A wording without blanks of memory and without a condition stands behind every particular one."""
    given = {"line", "emergency", "stored", "receipt", "kept", "act", "cue"}
    for response in CONTENT.responses.values():
        steps = {s.name for e in CONTENT.exercises.values() for s in e.steps if e.name in response.name}
        plain = [v for v in response.variations if v.needs <= given | steps and not v.when]
        assert plain, response.name


def test_no_two_wordings_share_a_sentence() -> None:
    """So that no sentence comes twice within twelve turns; safety's own words may repeat what matters."""
    owner: dict[str, str] = {}
    for response in CONTENT.responses.values():
        for variation in response.variations:
            for sentence in re.split(r"(?<=[.?!:])\s+", variation.text):
                per_channel = "channel" in variation.when
                if (
                    not per_channel
                    and len(sentence.split()) >= 5
                    and "{line}" not in sentence
                    and "_safety_" not in response.name
                ):
                    first = owner.setdefault(sentence.lower(), variation.id)
                    assert first == variation.id, (sentence, first, variation.id)


def test_intents_have_lines_rules_and_rows() -> None:
    domain = {next(iter(i)) for i in yaml.safe_load((ROOT / "domain.yml").read_text())["intents"]}
    lines = {
        e["intent"].partition("/")[0]
        for p in (ROOT / "data/nlu").glob("*.yml")
        for e in yaml.safe_load(p.read_text())["nlu"]
    }
    rules = {
        s["intent"]
        for r in yaml.safe_load((ROOT / "data/rules/rules.yml").read_text())["rules"]
        for s in r["steps"]
        if "intent" in s
    }
    assert domain == rules == set(PLAYBOOK) - {"ask_safety"}
    assert lines == domain - {"crisis", "nlu_fallback"}


def test_every_helpline_was_checked_within_180_days() -> None:
    countries = yaml.safe_load((ROOT / "data/helplines.yml").read_text())["countries"]
    for code, country in countries.items():
        for line in country["lines"]:
            assert (date.today() - line["checked"]).days <= 180, (code, line["service"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("i'm in ireland", "IE"),
        ("i live in the uk now", "GB"),
        ("in a bad place", None),
        ("from google", None),
    ],
)
def test_a_country_is_taken_from_what_the_person_says(text: str, code: str | None) -> None:
    assert content.country_named(CONTENT, text) == code


def test_a_wrong_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "responses").mkdir()
    (tmp_path / "responses" / "a.yml").write_text("responses:\n  utter_x: {say: [], shout: [a]}\n")
    with pytest.raises(WrongContent, match="utter_x"):
        content.load(tmp_path)
