"""What logging a turn costs on SQLite, in a log of 10 turns and of 1,000,000.

    python benchmarks/sessions.py [--turns 1000000] [--folder FOLDER]

`record` is what the answer waits for, `stored` the time until the row is in the database, both medians in
milliseconds at one turn after another; `with words` is a turn whose person agreed to keep sentences.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).parents[1]))

from comeback.sessions import SessionLog, TurnRow, migrate, open_log, schema
from comeback.sessions.database import open_engine, writing

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
TURNS_A_SESSION = 20
SESSIONS_A_PERSON = 5


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--turns", type=int, default=1_000_000)
    options.add_argument("--samples", type=int, default=400)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(dir=chosen.folder))
    try:
        small = measure(folder / "small.db", 10, chosen.samples)
        large = measure(folder / "large.db", chosen.turns, chosen.samples)
    finally:
        shutil.rmtree(folder)
    print(f"{'median ms':<20}{'10 turns':>12}{f'{chosen.turns:,} turns':>20}{'ratio':>8}")
    for name, before in small.items():
        print(f"{name:<20}{before:>12.3f}{large[name]:>20.3f}{large[name] / before:>8.2f}")


def measure(path: Path, turns: int, samples: int) -> dict[str, float]:
    url = f"sqlite:///{path}"
    migrate(url)
    fill(url, turns)
    log = open_log(url, path.with_suffix(".spool"))
    log.set_consent("agreed", "words", True, "v1", BEGIN)
    log.flush()
    record, stored = times(log, "refused", samples)
    words, _ = times(log, "agreed", samples)
    log.close()
    return {"record": record, "record with words": words, "stored": stored}


def times(log: SessionLog, conversation: str, samples: int) -> tuple[float, float]:
    """Median milliseconds of record() and of record() and flush(), in a talk with pauses between its turns."""
    recorded, stored = [], []
    for number in range(samples):
        at = BEGIN + timedelta(seconds=number)
        text = "they went with somebody else" if conversation == "agreed" else None
        turn = TurnRow(
            conversation=conversation, at=at, channel="web", stage="acknowledge", feelings=("sad",), text=text
        )
        start = time.perf_counter()
        log.record(turn)
        recorded.append(time.perf_counter() - start)
        log.flush()
        stored.append(time.perf_counter() - start)
    return statistics.median(recorded) * 1000, statistics.median(stored) * 1000


def fill(url: str, turns: int) -> None:
    engine = open_engine(url, 30)
    rows = turn_rows(turns)
    while chunk := [row for _, row in zip(range(50_000), rows, strict=False)]:
        sessions = {row["session_id"]: row for row in chunk}
        people = {row["conversation"]: row for row in chunk}
        writing(engine, lambda connection: store(connection, chunk, sessions, people))  # noqa: B023
    engine.dispose()


def store(connection, turns, sessions, people) -> None:  # type: ignore[no-untyped-def]
    ignore = "OR IGNORE"
    connection.execute(
        schema.person.insert().prefix_with(ignore),
        [{"conversation": c, "channel": "web", "first_seen": BEGIN, "last_seen": BEGIN} for c in people],
    )
    connection.execute(
        schema.session.insert().prefix_with(ignore),
        [
            {
                "id": key,
                "conversation": row["conversation"],
                "channel": "web",
                "started_at": row["at"],
                "ended_at": row["at"],
                "consents": [],
                "stages": [],
            }
            for key, row in sessions.items()
        ],
    )
    connection.execute(schema.turn.insert(), turns)


def turn_rows(count: int) -> Iterator[dict[str, object]]:
    conversation = session = ""
    for number in range(count):
        if number % TURNS_A_SESSION == 0:
            session = str(uuid4())
            if number % (TURNS_A_SESSION * SESSIONS_A_PERSON) == 0:
                conversation = uuid4().hex * 2
        at = BEGIN + timedelta(seconds=number)
        yield {
            "id": str(uuid4()),
            "conversation": conversation,
            "session_id": session,
            "at": at,
            "channel": "web",
            "stage": "acknowledge",
            "feelings": ["sad"],
        }


if __name__ == "__main__":
    main()
