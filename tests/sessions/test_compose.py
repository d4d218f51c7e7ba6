"""ops/compose.yml without a container engine. test_several_processes.py starts servers with the environment it sets.

compose-spec.json is the schema of the Compose Specification (Apache-2.0), as check-jsonschema 0.39.0 carries it.
"""

from __future__ import annotations

import json
from pathlib import Path

import compose
import pytest
from jsonschema.validators import validator_for

from comeback import settings

GIVEN = {"POSTGRES_PASSWORD": "secret", "COMEBACK_SECRET": "s" * 40, "SITE": "bot.example.org"}
SCHEMA = json.loads((Path(__file__).parent / "compose-spec.json").read_text("utf-8"))


def test_it_keeps_to_the_compose_specification() -> None:
    validator = validator_for(SCHEMA)(SCHEMA)
    assert [error.message for error in validator.iter_errors(compose.load(GIVEN))] == []
    assert list(validator.iter_errors({"services": {"bot": {"enviroment": {}}}}))


@pytest.mark.parametrize("secret", GIVEN)
def test_it_does_not_start_without_its_secrets(secret: str) -> None:
    with pytest.raises(KeyError, match=secret):
        compose.load({name: value for name, value in GIVEN.items() if name != secret})


def test_both_bots_share_everything_but_their_state() -> None:
    services = compose.load(GIVEN)["services"]
    first, second = services["bot-1"], services["bot-2"]
    assert first.pop("volumes") != second.pop("volumes") and first == second
    known = {line.split("=")[0] for line in (settings.ROOT / ".env.example").read_text("utf-8").splitlines()}
    assert first["environment"].keys() <= known
    chosen = settings.load(compose.environment("bot-1", GIVEN))
    assert chosen.database_url == "postgresql+psycopg2://comeback:secret@postgres/comeback"
    assert (chosen.redis_url, chosen.secret) == ("redis://redis:6379/0", "s" * 40)


def test_whatever_is_named_is_there() -> None:
    whole = compose.load(GIVEN)
    services = whole["services"]
    mounted = [volume.split(":") for service in services.values() for volume in service.get("volumes", ())]
    assert {name for name, _ in mounted} == whole["volumes"].keys()
    assert all(
        needed in services for service in services.values() for needed in service.get("depends_on", ())
    )
    assert (compose.FILE.parent / services["bot-1"]["build"]["context"]).resolve() == settings.ROOT
    recipe = (settings.ROOT / services["bot-1"]["build"]["dockerfile"]).read_text("utf-8")
    copied = [word for line in recipe.splitlines() if line.startswith("COPY") for word in line.split()[2:-1]]
    assert copied and all((settings.ROOT / name).exists() for name in copied)
    assert f"VOLUME {dict(mounted)['state-1']}" in recipe
    port = f":{settings.load({}).port}"
    assert all(f"{name}{port}" in services["proxy"]["command"] for name in ("bot-1", "bot-2"))
