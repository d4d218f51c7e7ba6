"""How much disk an installed environment takes, without what only developers need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from importlib.util import cache_from_source
from pathlib import Path

NAME = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def bytes_needed(environment: Path, runtime: Iterable[Path], develop: Path, built: Iterable[Path]) -> int:
    """Bytes on disk of `environment` and the folders `built`, less packages that are in the lock `develop` alone."""
    needed = {name for lock in runtime for name in _names(lock)}
    files = {file for folder in (environment, *built) for file in folder.rglob("*") if file.is_file()}
    for name in _names(develop) - needed:
        try:
            files -= set(_files(distribution(name)))
        except PackageNotFoundError:
            continue
    sizes = {(state.st_dev, state.st_ino): state.st_blocks * 512 for state in map(Path.stat, files)}
    return sum(sizes.values())


def _names(lock: Path) -> set[str]:
    return {name.lower().replace("_", "-") for name in NAME.findall(lock.read_text("utf-8"))}


def _files(package: Distribution) -> Iterable[Path]:
    for file in package.files or ():
        path = Path(str(package.locate_file(file))).resolve()
        yield path
        if path.suffix == ".py":
            yield Path(cache_from_source(str(path)))
