"""Starts the servers of one bot on free ports, waits for its first answer, weighs them and ends them by process id."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import psutil

from benchmarks.load import Bot, Failed, over_rest, over_web
from benchmarks.peers import Peer
from comeback import settings

PATIENCE = 600
"""Seconds until the first answer."""


@dataclass(frozen=True)
class Served:
    bot: Bot
    pid: int
    cold_start: float
    """Seconds from the command to its first answer."""

    def resident(self) -> int:
        """Bytes resident in all its processes, shared pages counted in each."""
        return sum(process.memory_info().rss for process in _tree(self.pid))

    def processor_seconds(self) -> float:
        """Used by all its processes so far."""
        return sum(sum(process.cpu_times()[:2]) for process in _tree(self.pid))


@contextmanager
def ours(folder: Path) -> Iterator[Served]:
    """`comeback run` as it is, with its state in `folder`."""
    port, actions = free_port(), free_port()
    changes = {
        "COMEBACK_STATE": str(folder / "state"),
        "COMEBACK_PORT": str(port),
        "COMEBACK_ACTIONS_PORT": str(actions),
    }
    command = [sys.executable, "-m", "comeback", "run"]
    with _running(command, settings.ROOT, changes, folder / "ours.log", over_web("Comeback", port)) as served:
        yield served


@contextmanager
def peer(given: Peer) -> Iterator[Served]:
    port = free_port()
    bot = over_rest(given.name, port)
    with _running(given.command(port), given.folder, {}, given.folder / "server.log", bot) as served:
        yield served


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], cwd: Path, changes: dict[str, str], log: Path, bot: Bot) -> Iterator[Served]:
    environment = settings.child_environment({"TF_CPP_MIN_LOG_LEVEL": "3", **changes})
    with log.open("w") as output:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=output, stderr=output)
        try:
            asyncio.run(_first_answer(bot, process, log))
            yield Served(bot, process.pid, time.perf_counter() - began)
        finally:
            _end(process.pid)
            process.wait()


async def _first_answer(bot: Bot, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    async with aiohttp.ClientSession() as client:
        while True:
            try:
                await bot.say(client, await bot.begin(client), "hello there")
                return
            except (aiohttp.ClientError, Failed) as error:
                if process.poll() is not None or time.monotonic() > end:
                    raise Failed(
                        f"{bot.name} does not answer ({error}): {log.read_text()[-2000:]}"
                    ) from error
                await asyncio.sleep(0.1)


def _tree(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _end(pid: int) -> None:
    processes = _tree(pid)
    for process in processes:
        _ask(process.terminate)
    _, alive = psutil.wait_procs(processes, timeout=12)
    for process in alive:
        _ask(process.kill)


def _ask(stop) -> None:  # type: ignore[no-untyped-def]
    try:
        stop()
    except psutil.NoSuchProcess:
        pass
