"""The only reader of environment variables. Every setting has a default that suits one person at home."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Our matrices are small: threads that wait for each other only cost time. Read by numpy when it is imported."""


class WrongSetting(ValueError):
    """A setting cannot be used; the message says which and what it may be."""


@dataclass(frozen=True)
class Settings:
    state: Path
    """Folder of everything that is written while running: database, keys, spool."""
    cache: Path
    """Folder of what can be made again: the encoder's graph."""
    database_url: str
    """SQLAlchemy URL of the session log."""
    spool: Path
    """File of rows on their way to the database; all processes of one machine share it."""
    redis_url: str | None
    """Redis for locks, running talks and channel state; None keeps them in the one process."""
    host: str
    port: int
    actions_port: int
    """The action server listens on loopback only."""
    secret: str | None
    """Key of conversation ids and session tokens; None makes one and keeps it under `state`."""
    country: str | None
    """ISO 3166 code used for helplines until the person says where they are."""
    embed_origins: tuple[str, ...]
    """Origins that may show the chat in a frame."""
    retention_days: int
    staff_token: str | None
    """Opens /staff; None: there is no such page."""
    bell_url: str | None
    """Webhook that rings the staff bell of a kiosk."""
    idle_minutes: int
    """A talk without a message for so long has ended; its unconsented memory is dropped."""
    slack_token: str | None
    """The bot token (xoxb-...); None leaves Slack off, else the two below are needed."""
    slack_signing_secret: str | None
    slack_team: str | None
    """The one workspace that is served (T...)."""
    telegram_token: str | None
    """The token from BotFather; None leaves Telegram off."""


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read settings from `environ` (default: the process's). Raises WrongSetting."""
    env = os.environ if environ is None else environ
    state = Path(env.get("COMEBACK_STATE") or ROOT / ".state")
    return Settings(
        state=state,
        cache=Path(env.get("COMEBACK_CACHE") or ROOT / ".cache"),
        database_url=_database_url(env, state),
        spool=state / "spool.db",
        redis_url=env.get("COMEBACK_REDIS_URL") or None,
        host=env.get("COMEBACK_HOST") or "127.0.0.1",
        port=_number(env, "COMEBACK_PORT", 5005, 1, 65535),
        actions_port=_number(env, "COMEBACK_ACTIONS_PORT", 5055, 1, 65535),
        secret=env.get("COMEBACK_SECRET") or None,
        country=_country(env),
        embed_origins=tuple((env.get("COMEBACK_EMBED_ORIGINS") or "").split()),
        retention_days=_number(env, "COMEBACK_RETENTION_DAYS", 30, 0, 3650),
        staff_token=_staff_token(env),
        bell_url=env.get("COMEBACK_BELL_URL") or None,
        idle_minutes=_number(env, "COMEBACK_IDLE_MINUTES", 30, 1, 1440),
        **_slack(env),
        telegram_token=_telegram(env),
    )


def child_environment(changes: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that we start, without Rasa's telemetry."""
    return {
        "LOG_LEVEL": "WARNING",
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        **ONE_THREAD,
        **changes,
    }


def quiet() -> None:
    """Keep TensorFlow from greeting on standard error, and Rasa from calling home; before either is imported."""
    os.environ.update(
        TF_CPP_MIN_LOG_LEVEL="3",
        RASA_TELEMETRY_ENABLED="false",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
        **ONE_THREAD,
    )


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name) or str(default)
    if not raw.isdigit() or not low <= int(raw) <= high:
        raise WrongSetting(f"{name} is {raw!r}; it must be a whole number from {low} to {high}.")
    return int(raw)


def _database_url(env: Mapping[str, str], state: Path) -> str:
    url = env.get("COMEBACK_DATABASE_URL") or f"sqlite:///{state / 'comeback.db'}"
    if not url.startswith("sqlite+pysqlcipher:"):
        return url
    if find_spec("sqlcipher3") is None:
        raise WrongSetting(
            "COMEBACK_DATABASE_URL asks for SQLCipher, which is not installed; see docs/operate.md."
        )
    if not re.match(r"sqlite\+pysqlcipher://:(?:[A-Za-z0-9]|%27){16,}@/", url):
        raise WrongSetting(
            "COMEBACK_DATABASE_URL needs a key of 16 letters and digits or more; see docs/operate.md."
        )
    return url


def _staff_token(env: Mapping[str, str]) -> str | None:
    raw = env.get("COMEBACK_STAFF_TOKEN") or None
    if raw is not None and len(raw) < 16:
        raise WrongSetting("COMEBACK_STAFF_TOKEN must have 16 characters or more.")
    return raw


def _slack(env: Mapping[str, str]) -> dict[str, str | None]:
    names = ("slack_token", "slack_signing_secret", "slack_team")
    found = {name: (env.get("COMEBACK_" + name.upper()) or "").strip() or None for name in names}
    missing = ["COMEBACK_" + name.upper() for name, value in found.items() if value is None]
    if 0 < len(missing) < len(names):
        raise WrongSetting(f"Slack also needs {' and '.join(missing)}; see docs/channels/slack.md.")
    return found


def _telegram(env: Mapping[str, str]) -> str | None:
    raw = (env.get("COMEBACK_TELEGRAM_TOKEN") or "").strip()
    if raw and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", raw):
        raise WrongSetting(
            "COMEBACK_TELEGRAM_TOKEN must be the token that BotFather gave, such as 123456:ABC."
        )
    return raw or None


def _country(env: Mapping[str, str]) -> str | None:
    raw = (env.get("COMEBACK_COUNTRY") or "").strip().upper()
    if raw and not (len(raw) == 2 and raw.isalpha()):
        raise WrongSetting(
            f"COMEBACK_COUNTRY is {raw!r}; it must be a two-letter country code such as US or IE."
        )
    return raw or None
