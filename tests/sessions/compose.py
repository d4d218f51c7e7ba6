"""What ops/compose.yml says once its variables are filled in, as a container engine reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from sqlalchemy.engine import make_url

from comeback import settings

FILE = settings.ROOT / "ops" / "compose.yml"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?P<kind>:\?|:-)(?P<otherwise>[^}]*)\}")


def load(given: Mapping[str, str]) -> dict[str, Any]:
    """Raises KeyError for a variable that must be given and is not."""

    def fill(match: re.Match[str]) -> str:
        return given[match["name"]] if match["kind"] == ":?" else given.get(match["name"], match["otherwise"])

    filled: dict[str, Any] = yaml.safe_load(VARIABLE.sub(fill, FILE.read_text("utf-8")))
    return filled


def environment(service: str, given: Mapping[str, str]) -> dict[str, str]:
    """The environment of one service."""
    return {name: str(value or "") for name, value in load(given)["services"][service]["environment"].items()}


def reaching(environment: Mapping[str, str], postgres: str, redis: str) -> dict[str, str]:
    """The same environment where `postgres` and `redis` are no hosts: a folder with a socket, and an address."""
    database = make_url(environment["COMEBACK_DATABASE_URL"])
    assert database.host == "postgres" and environment["COMEBACK_REDIS_URL"].startswith("redis://redis:6379")
    return {
        **environment,
        "COMEBACK_DATABASE_URL": database.set(host=None, query={"host": postgres}).render_as_string(False),
        "COMEBACK_REDIS_URL": environment["COMEBACK_REDIS_URL"].replace("redis://redis:6379", redis),
    }
