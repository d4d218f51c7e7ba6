"""Makes what running needs and is not there yet: the encoder's graph, the trained model, the database's tables."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from comeback import settings

TRAINED_FROM = (
    "config.yml",
    "domain.yml",
    "data/nlu",
    "data/rules",
    "data/situations",
    "comeback/nlu",
    "models/adapter.safetensors",
)


class NotBuilt(RuntimeError):
    """A step of the set-up failed; the message says where its output is."""


def build() -> None:
    """Bring encoder, model and database up to date, saying what is done. Raises NotBuilt."""
    from comeback.nlu import encoder_build
    from comeback.sessions import migrate

    chosen = settings.load()
    for folder in (chosen.state, chosen.cache):
        folder.mkdir(parents=True, exist_ok=True)
    _say("encoder: checking the weights and building the graph (about 20 s the first time)")
    encoder_build.build(chosen.cache)
    model = model_file()
    if model.exists():
        _say(f"model: {model.name} is up to date")
    else:
        _say("model: training (about a minute)")
        train(model, chosen.cache / "training.log")
    _say("database: migrating")
    migrate(chosen.database_url)
    _say("ready")


def model_file() -> Path:
    """The archive's name holds the hash of all that it is trained from."""
    digest = hashlib.sha256()
    for path in _files(TRAINED_FROM):
        digest.update(path.relative_to(settings.ROOT).as_posix().encode() + path.read_bytes())
    return settings.ROOT / "models" / f"comeback-{digest.hexdigest()[:12]}.tar.gz"


def train(model: Path, log: Path) -> None:
    """Train into `model`; Rasa's own output goes to `log`. Older archives are removed afterwards."""
    lines = log.with_name("nlu.yml")
    _join(sorted((settings.ROOT / "data" / "nlu").glob("*.yml")), lines)
    command = [
        sys.executable,
        "-m",
        "rasa",
        "train",
        "--quiet",
        "--force",
        "--skip-validation",
        "--data",
        str(lines),
        "data/rules",
    ]
    command += ["--out", "models", "--fixed-model-name", model.stem.removesuffix(".tar")]
    with log.open("w") as output:
        done = subprocess.run(
            command, cwd=settings.ROOT, stdout=output, stderr=output, env=settings.child_environment({})
        )
    lines.unlink()
    if done.returncode or not model.exists():
        raise NotBuilt(f"Training failed; its output is in {log}.")
    for old in model.parent.glob("comeback-*.tar.gz"):
        if old != model:
            old.unlink()


def _join(files: Iterable[Path], into: Path) -> None:
    """Several files of training lines as one: Rasa copies all lines that it has once more for every further file."""
    import yaml

    read = [yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) for file in files]
    together = {"version": read[0]["version"], "nlu": [entry for one in read for entry in one["nlu"]]}
    into.write_text(yaml.dump(together, Dumper=yaml.CSafeDumper, allow_unicode=True), encoding="utf-8")


def _files(names: Iterable[str]) -> list[Path]:
    found: list[Path] = []
    for name in names:
        path = settings.ROOT / name
        found += (
            sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".py")) if path.is_dir() else [path]
        )
    return [path for path in found if path.is_file()]


def _say(line: str) -> None:
    print(f"  {line}", flush=True)
