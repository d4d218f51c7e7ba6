"""An encrypted session log: the same log, in files that say nothing without their key."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOW

from comeback import settings
from comeback.sessions import SessionLog, TurnRow, Unavailable, migrate, open_log, privacy

KEY = "x%27" + "5e" * 32 + "%27"
SAID = "i cried in zanzibar"


def url(folder: Path, key: str = KEY) -> str:
    return f"sqlite+pysqlcipher://:{key}@/{folder / 'log.db'}"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SessionLog]:
    migrate(url(tmp_path))
    opened = open_log(url(tmp_path), tmp_path / "spool.db")
    opened.set_consent("ana", "words", True, "v1", NOW)
    assert opened.record(TurnRow(conversation="ana", at=NOW, channel="web", text=SAID))
    assert opened.flush(10)
    yield opened
    opened.close()


def test_rows_are_kept_shown_and_erased(log: SessionLog) -> None:
    assert [row.text for row in log.all(TurnRow, "ana")] == [SAID]
    assert privacy.export(log, "ana")["tables"]["turn"][0]["text"] == SAID
    assert privacy.forget(log, "ana", NOW).counts["turn"] == 1
    assert not any(privacy.remaining(log, "ana").values())


def test_no_file_can_be_read_without_the_key(log: SessionLog, tmp_path: Path) -> None:
    with log.outbox.halted(5):
        log.record(TurnRow(conversation="ana", at=NOW, channel="web", text=SAID + " on its way"))
        contents = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert {"log.db", "log.db-wal", "spool.db", "spool.db-wal"} <= contents.keys()
    assert not [name for name, content in contents.items() if b"zanzibar" in content or b"CREATE" in content]
    for name in ("log.db", "spool.db"):
        with pytest.raises(sqlite3.DatabaseError, match="not a database"):
            sqlite3.connect(tmp_path / name).execute("SELECT * FROM sqlite_master").fetchall()


def test_a_wrong_key_opens_nothing_and_the_right_one_still_does(log: SessionLog, tmp_path: Path) -> None:
    wrong = open_log(url(tmp_path, KEY.replace("5e", "6f")), tmp_path / "spool.db")
    with pytest.raises(Unavailable):
        privacy.export(wrong, "ana")
    assert wrong.record(TurnRow(conversation="ana", at=NOW, channel="web")) is False
    wrong.close()
    assert [row.text for row in log.all(TurnRow, "ana")] == [SAID]


@pytest.mark.parametrize("key", ["", "short", "quotes%22%3BDROP0123456789"])
def test_a_key_that_is_none_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(settings.WrongSetting, match="16 letters"):
        settings.load({"COMEBACK_DATABASE_URL": url(tmp_path, key)})
    assert settings.load({"COMEBACK_DATABASE_URL": url(tmp_path)}).database_url == url(tmp_path)
