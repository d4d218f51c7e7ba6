"""`comeback sessions` as an operator types it, on both databases."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Place
from lives import agree, live
from servers import free_port

from comeback import settings
from comeback.sessions import Referral, SessionLog, TurnRow

LONG_AGO = datetime.now(UTC) - timedelta(days=40)
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(place: Place) -> Command:
    state = place.folder / "state"

    def run(*arguments: str, url: str = place.url) -> subprocess.CompletedProcess[str]:
        changes = {
            "COMEBACK_STATE": str(state),
            "COMEBACK_DATABASE_URL": url,
            "COMEBACK_PORT": str(free_port()),
        }
        line = [sys.executable, "-m", "comeback", "sessions", *arguments]
        environment = settings.child_environment(changes)
        return subprocess.run(line, cwd=settings.ROOT, env=environment, capture_output=True, text=True)

    state.mkdir()
    return run


def test_one_person_is_exported_and_forgotten_and_the_other_stays(log: SessionLog, command: Command) -> None:
    for person in ("web-ana", "web-ben"):
        agree(log, person, LONG_AGO)
        live(log, person, LONG_AGO, f"the words of {person}")
    assert log.flush(60)
    exported = command("export", "web-ana")
    assert exported.returncode == 0 and json.loads(exported.stdout)["tables"]["win"][0]["text"]
    assert "the words of web-ana" in exported.stdout and "ben" not in exported.stdout
    assert "win\t1\ttext\tthe words of web-ana" in command("export", "web-ana", "--readable").stdout
    receipt = json.loads(command("forget", "web-ana").stdout)
    assert receipt["erased"]["turn"] == 1 and receipt["left"] == 0 and receipt["running_talk"] == "no server"
    assert receipt["seconds"] < 5
    again = command("export", "web-ana")
    assert again.returncode == 0 and "nothing is stored" in again.stderr
    assert "the words of web-ben" in command("export", "web-ben").stdout


def test_idle_people_are_purged_and_figures_stay(log: SessionLog, command: Command) -> None:
    for n in range(30):
        log.record(TurnRow(conversation=f"web-{n}", at=LONG_AGO, channel="web", language="en"))
        log.add(Referral(conversation=f"web-{n}", at=LONG_AGO, category="crisis line"))
    assert log.flush(60)
    assert json.loads(command("purge", "--days", "50").stdout)["people"] == 0
    assert json.loads(command("purge").stdout)["people"] == 30
    assert "channel,web,30" in command("figures").stdout
    year = str(LONG_AGO.year)
    assert command("figures", "--referrals", year).stdout.splitlines()[1] == f"{year},crisis line,30"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("forget",), "conversation"),
        (("erase",), "invalid choice"),
        (("purge", "--days", "-1"), "0 or more"),
        (("figures", "--weeks", "0"), "from 1 to 520"),
    ],
)
@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_wrong_command_is_explained(command: Command, arguments: tuple[str, ...], says: str) -> None:
    done = command(*arguments)
    assert done.returncode != 0 and says in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize("what", [("export", "web-ana"), ("forget", "web-ana"), ("purge",), ("figures",)])
def test_a_database_that_is_away_is_explained_without_its_password(
    command: Command, tmp_path: Path, what: tuple[str, ...]
) -> None:
    done = command(*what, url=f"postgresql+psycopg2://me:hidden@/none?host={tmp_path}")
    assert done.returncode != 0 and "cannot be used" in done.stderr
    assert "hidden" not in done.stderr and "Traceback" not in done.stderr
