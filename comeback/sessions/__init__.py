"""The session log: the only SQL of the bot. `open_log(url, spool)`, `migrate(url)`, rows in rows.py."""

from comeback.sessions.database import Unavailable
from comeback.sessions.migrate import migrate
from comeback.sessions.rows import (
    Application,
    Disclosure,
    Exercise,
    Feedback,
    Plan,
    Rating,
    Referral,
    Row,
    TurnRow,
    Week,
    Win,
    new_id,
)
from comeback.sessions.store import SessionLog, open_log

__all__ = [
    "Application",
    "Disclosure",
    "Exercise",
    "Feedback",
    "Plan",
    "Rating",
    "Referral",
    "Row",
    "SessionLog",
    "TurnRow",
    "Unavailable",
    "Week",
    "Win",
    "migrate",
    "new_id",
    "open_log",
]
