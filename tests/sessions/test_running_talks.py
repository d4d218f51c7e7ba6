"""Running talks and their locks, in one process and in several that share a real Redis."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from loops import finish
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.utils.endpoints import EndpointConfig, read_endpoint_config
from redis.exceptions import RedisError
from redis_server import RedisServer

from comeback import settings
from comeback.talks import LocalShelf, RedisShelf, RunningTalks, Shared, TalkLocks

DOMAIN = Domain.from_yaml("slots: {memory: {type: any, mappings: [{type: custom}]}}")
SAID = "i cried in zanzibar"


@pytest.fixture
def shared(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COMEBACK_REDIS_URL", redis_url)
    return redis_url


def in_use(name: str) -> EndpointConfig:
    found = read_endpoint_config(str(settings.ROOT / "endpoints.yml"), name)
    assert found is not None
    return found


def opened(url: str) -> Shared:
    shared = Shared.open(url)
    assert shared is not None
    return shared


async def talked(store: Any, who: str, memory: Any) -> None:
    tracker = await store.get_or_create_tracker(who)
    tracker.update(UserUttered(SAID))
    tracker.update(SlotSet("memory", memory))
    await store.save(tracker)


def test_a_second_process_goes_on_where_the_first_was_and_no_sentence_is_kept(shared: str) -> None:
    async def run() -> None:
        first, second = (TrackerStore.create(in_use("tracker_store"), DOMAIN) for _ in range(2))
        await talked(first, "web-ana", {"version": 1, "turn": 3})
        tracker = await second.retrieve("web-ana")
        assert tracker is not None and tracker.get_slot("memory") == {"version": 1, "turn": 3}
        assert await second.retrieve("web-ben") is None
        redis = opened(shared).redis
        kept = [str(await redis.get(key)) async for key in redis.scan_iter("*")]
        assert kept and SAID not in str(kept)
        inner: RunningTalks = second
        await getattr(inner, "_tracker_store", inner).forget("web-ana")
        assert await first.retrieve("web-ana") is None and list(await first.keys()) == []

    finish(run())


def test_a_quiet_talk_is_dropped(redis_url: str) -> None:
    async def run() -> None:
        now = 0.0
        redis = opened(redis_url)
        local = LocalShelf(0.2, lambda: now)
        for shelf in (local, RedisShelf(redis, 0.2)):
            await shelf.put("web-ana", {"turn": 1})
            assert await shelf.get("web-ana") == (True, {"turn": 1})
        now = 0.3
        await asyncio.sleep(0.3)
        for shelf in (local, RedisShelf(redis, 0.2)):
            assert await shelf.get("web-ana") == (False, None) and await shelf.known() == []

    finish(run())


def locks() -> TalkLocks:
    made = LockStore.create(in_use("lock_store"))
    assert isinstance(made, TalkLocks)
    return made


async def inside(lock: Callable[[], Any], log: list[str], name: str) -> None:
    async with lock():
        log.append(f"{name} in")
        await asyncio.sleep(0.05)
        log.append(f"{name} out")


def test_one_message_of_a_talk_at_a_time_in_all_processes(shared: str) -> None:
    async def run() -> None:
        first, second = locks(), locks()
        log: list[str] = []
        await asyncio.gather(
            *(
                inside(lambda store=store: store.lock("web-ana"), log, f"{n}")  # type: ignore[misc]
                for n, store in enumerate((first, second, first, second))
            )
        )
        assert len(log) == 8
        assert all(log[i].split()[0] == log[i + 1].split()[0] for i in range(0, 8, 2)), log
        async with first.lock("web-ana"):
            await asyncio.wait_for(inside(lambda: second.lock("web-ben"), [], "ben"), 2)

    finish(run())


def test_a_process_that_died_holding_a_lock_does_not_silence_the_talk(shared: str) -> None:
    async def run() -> None:
        await opened(shared).redis.lock("comeback:talk-lock:web-ana", timeout=0.2).acquire()
        await asyncio.wait_for(inside(lambda: locks().lock("web-ana"), [], "alive"), 3)

    finish(run())


def test_talks_go_on_while_redis_is_away_and_move_there_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> None:
        server = RedisServer()
        monkeypatch.setenv("COMEBACK_REDIS_URL", server.url)
        store, other, lock = RunningTalks(DOMAIN), RunningTalks(DOMAIN), locks()
        await talked(store, "web-ana", {"turn": 1})
        server.remove()
        for turn in (2, 3):
            async with lock.lock("web-ana"):
                await talked(store, "web-ana", {"turn": turn})
                tracker = await store.retrieve("web-ana")
                assert tracker is not None and tracker.get_slot("memory") == {"turn": turn}
        with pytest.raises(RedisError):
            await store.forget("web-ana")
        await talked(store, "web-ana", {"turn": 4})
        back = RedisServer(server.port)
        await asyncio.sleep(2.1)
        tracker = await store.retrieve("web-ana")
        assert tracker is not None and tracker.get_slot("memory") == {"turn": 4}
        await talked(store, "web-ana", {"turn": 5})
        tracker = await other.retrieve("web-ana")
        assert tracker is not None and tracker.get_slot("memory") == {"turn": 5}
        back.remove()

    finish(run())
