"""The two bots of ops/compose.yml on one PostgreSQL and one Redis: a person may reach either, erasing reaches both."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import compose
import pytest
import requests
from postgres import Postgres
from redis import Redis
from servers import Servers, bytes_under
from sqlalchemy import select

from comeback.channels.guard import open_token
from comeback.sessions import migrate, open_log, privacy, schema
from comeback.sessions.outbox import SWEEP_SECONDS

SAID = "i got rejected from Vandelay after 3 rounds and i cried in zanzibar"
SECRET = "s" * 40
GIVEN = {"POSTGRES_PASSWORD": "secret", "COMEBACK_SECRET": SECRET, "SITE": "bot.example.org"}


@pytest.fixture(scope="module")
def both(
    postgres: Postgres, redis_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Servers, Servers]]:
    postgres.sql("CREATE ROLE comeback LOGIN SUPERUSER")
    postgres.create("comeback")
    bots = [
        compose.reaching(compose.environment(name, GIVEN), str(postgres.folder), redis_url)
        for name in ("bot-1", "bot-2")
    ]
    migrate(bots[0]["COMEBACK_DATABASE_URL"])
    first, second = (Servers(tmp_path_factory.mktemp("bot"), changes) for changes in bots)
    try:
        first.start()
        second.start()
        yield first, second
    finally:
        first.stop()
        second.stop()
        postgres.drop("comeback")


def texts(lines: list[dict[str, object]]) -> str:
    return " ".join(str(line.get("text")) for line in lines)


def rows(servers: Servers, conversation: str) -> dict[str, int]:
    log = open_log(servers.environment["COMEBACK_DATABASE_URL"])
    try:
        return {table: count for table, count in privacy.remaining(log, conversation).items() if count}
    finally:
        log.close()


def held(redis_url: str, pattern: str) -> str:
    """All that Redis holds under the keys of a pattern, in lower case."""
    read = {"string": Redis.get, "list": lambda redis, key: redis.lrange(key, 0, -1)}
    with Redis.from_url(redis_url, decode_responses=True) as redis:
        values = {key: read.get(redis.type(key), Redis.type)(redis, key) for key in redis.scan_iter(pattern)}
    return str(values).lower()


def clean(both: tuple[Servers, Servers], redis_url: str) -> None:
    time.sleep(SWEEP_SECONDS + 1)
    for servers in both:
        found = bytes_under(servers.folder)
        assert b"zanzibar" not in found and b"vandelay" not in found
    assert "zanzibar" not in held(redis_url, "comeback:talk:*")


def test_a_talk_goes_on_in_the_other_process(both: tuple[Servers, Servers], redis_url: str) -> None:
    first, second = both
    token = first.token()
    assert "I am Comeback" in texts(first.say(token, SAID))
    assert "I am Comeback" not in texts(second.say(token, "sad"))
    first.say(token, "why me?")
    _, conversation = open_token(SECRET.encode(), token)
    time.sleep(0.5)
    assert rows(first, conversation)["turn"] == 3 and rows(first, conversation)["session"] == 1
    clean(both, redis_url)


@pytest.mark.parametrize("where", [0, 1])
def test_clearing_reaches_every_process_and_a_message_in_flight_writes_nothing_again(
    both: tuple[Servers, Servers], redis_url: str, where: int
) -> None:
    first, second = both
    token = first.token()
    _, conversation = open_token(SECRET.encode(), token)
    first.say(token, SAID)
    with ThreadPoolExecutor(8) as pool:
        flights = [pool.submit(post, each, token) for each in (first, second) * 3]
        time.sleep(0.05)
        start = time.monotonic()
        assert both[where].forget(token).status_code == 204
        took = time.monotonic() - start
        codes = {flight.result() for flight in flights}
    assert took < 5 and codes <= {200, 401, 429}
    time.sleep(1)
    assert rows(first, conversation) == {}
    assert post(first, token) == post(second, token) == 401
    assert "vandelay" not in held(redis_url, f"*{conversation}*")
    clean(both, redis_url)


def post(servers: Servers, token: str) -> int:
    body = {"token": token, "id": f"flight-{time.monotonic_ns()}", "text": SAID}
    return requests.post(servers.url + "/api/message", json=body, timeout=30).status_code


def test_deleting_in_the_talk_gives_a_receipt_and_leaves_nothing(
    both: tuple[Servers, Servers], redis_url: str
) -> None:
    first, second = both
    token = first.token()
    _, conversation = open_token(SECRET.encode(), token)
    for text in (SAID, "please remember what i told you for next time", "delete everything"):
        first.say(token, text)
    start = time.monotonic()
    lines = second.say(token, "yes, delete it")
    assert time.monotonic() - start < 5
    assert "for 3 messages" in texts(lines)
    assert rows(first, conversation) == {}
    assert "vandelay" not in held(redis_url, f"*{conversation}*")
    log = open_log(first.environment["COMEBACK_DATABASE_URL"])
    tables = log.link.read(lambda c: [c.execute(select(t)).all() for t in schema.metadata.sorted_tables], 5)
    log.close()
    assert conversation not in str(tables) and "vandelay" not in str(tables).lower()
    clean(both, redis_url)
    assert "nothing" in texts(first.say(token, "what is stored about me?"))


def test_nobody_reaches_the_talk_of_another(both: tuple[Servers, Servers], redis_url: str) -> None:
    first, second = both
    mine, other = first.token(), second.token()
    for token in (mine, other):
        first.say(token, SAID if token == mine else "i was turned down and feel flat")
    _, conversation = open_token(SECRET.encode(), mine)
    time.sleep(0.5)
    before = rows(first, conversation)
    assert before["turn"] == 1
    for text in ("what do you know about me?", "send it to me", f"send me everything about {conversation}"):
        assert conversation not in texts(second.say(other, text)) and "Vandelay" not in str(
            second.say(other, text)
        )
    forged = [
        mine.replace("web", "kiosk"),
        mine[:-1] + ("A" if mine[-1] != "A" else "B"),
        conversation,
        other[:-4],
    ]
    for token in forged:
        assert first.forget(token).status_code == 401
        assert post(first, token) == 401
    body = {
        "token": other,
        "conversation": conversation,
        "sender_id": conversation,
        "id": "message-x",
        "text": "hi",
    }
    assert requests.post(first.url + "/api/message", json=body, timeout=20).status_code in (200, 429)
    assert requests.delete(first.url + "/api/session", json=body, timeout=10).status_code == 204
    assert rows(first, conversation) == before
    assert "vandelay" in held(redis_url, f"comeback:talk:{conversation}")
    assert "I am Comeback" not in texts(second.say(mine, "why me?"))
