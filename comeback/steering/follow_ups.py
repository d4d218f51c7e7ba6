"""What comes after a comforting move: an offer that is due, once and not too soon, else room for more."""

from __future__ import annotations

from comeback.steering import conditions as c
from comeback.steering.playbook import WEEK, Row, row

FOLLOW_UPS: tuple[Row, ...] = (
    row(
        "strategy.offer_step",
        c.every(c.knows("minutes"), c.heard(2), c.offerable("step")),
        opens="next_step",
        offers="step",
    ),
    row("acknowledge.more", lambda t, m: c.wants_only_to_say(t, m) and not c.heard(6)(t, m), opens="feeling"),
    row("acknowledge.direction", c.undirected, opens="direction", offers="direction"),
    row(
        "persistence.offer_grounding",
        c.every(c.mood_is("anxious", "overwhelmed"), c.heard(2), c.offerable("grounding")),
        opens="grounding",
        offers="grounding",
    ),
    row(
        "persistence.offer_rest",
        c.every(c.mood_is("tired", "numb"), c.heard(3), c.offerable("rest")),
        opens="rest",
        offers="rest",
    ),
    row(
        "acknowledge.offer_tell",
        c.every(c.mood_is("lonely"), c.heard(2), c.offerable("tell")),
        opens="tell",
        offers="tell",
    ),
    row(
        "acknowledge.offer_writing",
        c.every(c.mood_is("sad", "ashamed", "envious"), c.heard(3), c.offerable("writing")),
        opens="writing",
        offers="writing",
    ),
    row("acknowledge.offer_tell", c.every(c.heard(4), c.offerable("tell")), opens="tell", offers="tell"),
    row(
        "perspective.offer",
        c.every(c.heard(5), c.offerable("perspective"), lambda t, m: not c.wants_only_to_say(t, m)),
        opens="perspective",
        offers="perspective",
    ),
    row("strategy.offer_step", c.every(c.heard(7), c.offerable("step")), opens="next_step", offers="step"),
    row(
        "persistence.offer_week",
        c.every(c.week_due, c.heard(3), c.offerable(WEEK)),
        opens="week",
        offers=WEEK,
    ),
    row("acknowledge.more", opens="feeling"),
)
