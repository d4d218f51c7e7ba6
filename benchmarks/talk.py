"""Times whole turns through running servers, beside Rasa's floor and Rasa's default on the same training lines.

    python -m benchmarks.talk [--quick] [--lines N] [--epochs 100] [--turns 300] [--out docs/benchmarks.md]

The full run trains Rasa's default pipeline (two hours or more on two cores) and waits ten minutes for talks of 300
turns, because our web channel lets one person speak only so fast. --quick caps lines, epochs and turns and writes no file.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from benchmarks import environment, load, peers, servers, talk_report
from benchmarks.talk_report import Figures
from comeback import settings
from comeback.nlu.encoder import folder_in

PARALLEL = (1, 8, 32)
SILENT = ("privacy.yml",)
"""Its lines end or empty a talk; they are not spoken here."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    lines: int | None
    epochs: int
    talks: int
    seconds: float
    turns: int
    long_talks: int


FULL = Size(lines=None, epochs=100, talks=20, seconds=10, turns=300, long_talks=4)
QUICK = Size(lines=8, epochs=2, talks=3, seconds=3, turns=30, long_talks=2)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--lines", type=int, help="of each entry of the training data; default all, quick 8")
    options.add_argument("--turns", type=int, help="of a long talk; default 300, quick 30")
    options.add_argument("--epochs", type=int, help="of DIET, TED and UnexpecTED; default 100, quick 2")
    options.add_argument("--out", type=Path, help="default docs/benchmarks.md; quick: none")
    options.add_argument("--folder", type=Path, help="where the temporary folder is made")
    chosen = options.parse_args()
    size = QUICK if chosen.quick else FULL
    size = replace(
        size,
        lines=chosen.lines or size.lines,
        epochs=chosen.epochs or size.epochs,
        turns=chosen.turns or size.turns,
    )
    folder = Path(tempfile.mkdtemp(prefix="comeback-bench-", dir=chosen.folder))
    try:
        report = measure(folder, size)
    finally:
        shutil.rmtree(folder)
    print(report)
    out = chosen.out or (None if chosen.quick else settings.ROOT / "docs" / "benchmarks.md")
    if out:
        out.write_text(report, encoding="utf-8")


def measure(folder: Path, size: Size) -> str:
    busy = os.getloadavg()[0]
    lines = peers.training_lines(settings.ROOT / "data" / "nlu", size.lines)
    floor = peers.floor(folder / "floor", lines)
    default = peers.default(folder / "default", lines, size.epochs)
    subprocess.run([sys.executable, "-m", "comeback", "setup"], check=True, cwd=settings.ROOT)
    (folder / "ours").mkdir()
    seconds = {
        "Comeback": timed("Comeback", lambda: train_ours(folder / "ours", default.folder / "data")),
        floor.name: timed(floor.name, lambda: peers.train(floor)),
        default.name: timed(f"{default.name}, {size.epochs} epochs", lambda: peers.train(default)),
    }
    with ExitStack() as stack:
        say("starting the servers, one after another")
        running = [
            stack.enter_context(servers.ours(folder)),
            stack.enter_context(servers.peer(floor)),
            stack.enter_context(servers.peer(default)),
        ]
        figures = talk(running, messages(), size)
    for name, spent in seconds.items():
        figures[name] = replace(figures[name], training=spent)
    about = talk_report.About(
        cores=os.cpu_count() or 1,
        memory=psutil.virtual_memory().total,
        busy=busy,
        lines=len(lines),
        keywords=floor.lines,
        epochs=size.epochs,
        turns=size.turns,
        environment=environment_bytes(),
        capped=size.lines is not None or size.epochs < FULL.epochs,
    )
    return talk_report.write(figures, about)


def talk(running: Sequence[servers.Served], texts: Sequence[str], size: Size) -> dict[str, Figures]:
    bots = [served.bot for served in running]
    say("single messages")
    before = {served.bot.name: served.processor_seconds() for served in running}
    times = asyncio.run(load.one_after_another(bots, texts, size.talks))
    used = {served.bot.name: served.processor_seconds() - before[served.bot.name] for served in running}
    figures = {}
    for served in running:
        bot = served.bot
        say(f"{bot.name}: {', '.join(map(str, PARALLEL))} conversations at once")
        throughput = {n: asyncio.run(load.together(bot, texts, n, size.seconds)) for n in PARALLEL}
        say(f"{bot.name}: talks of {size.turns} turns")
        long = asyncio.run(load.long_talks(bot, texts, size.turns, size.long_talks if bot.pace else 1))
        figures[bot.name] = Figures(
            times=times[bot.name],
            processor=used[bot.name] / (load.TURNS * (size.talks + 1)),
            throughput=throughput,
            early=statistics.median(t for one in long for t in one[5:15]),
            late=statistics.median(t for one in long for t in one[-10:]),
            resident=served.resident(),
            cold_start=served.cold_start,
        )
    return figures


def messages() -> list[str]:
    """Lines that people say, in an order that is the same for each bot and each run."""
    found: list[str] = []
    for path in sorted((settings.ROOT / "data" / "nlu").glob("*.yml")):
        if path.name not in SILENT:
            found += [text for _, text in peers.training_lines(path) if not text.startswith("/")]
    random.Random(0).shuffle(found)
    return found


def train_ours(folder: Path, data: Path) -> None:
    """Our own model on the lines in `data`, without Rasa's cache of earlier trainings."""
    command = [*(sys.executable, "-m", "rasa", "train", "--quiet", "--force"), "--out", str(folder)]
    changes = {"RASA_CACHE_DIRECTORY": str(folder / "cache"), "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run(
        [*command, "--data", str(data / "nlu.yml"), "data/rules"],
        check=True,
        cwd=settings.ROOT,
        env=settings.child_environment(changes),
        capture_output=True,
    )


def environment_bytes() -> int:
    root = settings.ROOT
    runtime = (root / "requirements.lock", root / "requirements-encoder.lock")
    built = [folder_in(settings.load().cache)]
    return environment.bytes_needed(
        Path(sys.prefix).resolve(), runtime, root / "requirements-dev.lock", built
    )


def timed(what: str, work: Callable[[], None]) -> float:
    say(f"training {what}")
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def say(line: str) -> None:
    print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
