"""Train the encoder's adapter and the heads that live on its token vectors; needs torch.

    python -m training.adapter published   feelings alone, on GoEmotions, from the published weights
    python -m training.adapter joint       feelings, intents and risk together, from where this step ended before,
                                           else from the first step, else from what models/ has

Writes models/adapter.safetensors, and under build/adapter the heads, which training.emotion and training.crisis
fit to the int8 encoder. training/README.md has the whole order.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import random
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from training import emotion_data
from training.emotion_data import Lines
from training.encoder import DIMENSIONS, Encoder, Head, WordPieces, padded, sentence
from training.lines import LOADED, Line, among, fillers, intents, risks, split, varied
from training.settings import Paths, paths

FEELINGS, INTENTS, RISKS = 40, 64, 64
"""Lines of each task in a step."""
KEEP_ALONE, KEEP_JOINT = 10.0, 1.0
"""Weight of the loss that holds the sentence vector to the published encoder's."""
HELD_TO = 4
"""That loss is taken on one line in so many."""
OWN_REPEATED = 3
"""Own lines of feelings are seen so often in an epoch: they are few, and they are what the product reads."""
QUIET = 0.3
"""Weight of `holds no risk` for lines that were written for another task."""
BESIDE = 0.15
"""Share of risk lines that are read among other sentences."""
SMOOTHING = 0.05
CORES = 2
RISK_WIDTH = 128


@dataclass
class Tasks:
    """The lines of a training; `intents` and `risks` are empty in the first step."""

    feelings: Lines
    intents: list[Line] = field(default_factory=list)
    risks: list[Line] = field(default_factory=list)


class Model(nn.Module):
    def __init__(self, source: Path, feelings: int, intents: Sequence[str], risks: Sequence[str]) -> None:
        super().__init__()
        self.encoder = Encoder(source / "model.safetensors")
        self.feelings = Head(feelings)
        self.risk = Head(max(len(risks), 1), RISK_WIDTH, dropout=0.2, bias=0.0)
        self.intent = nn.Linear(DIMENSIONS, max(len(intents), 1))
        self.intent_names, self.risk_names = list(intents), list(risks)

    def tokens(self, ids: Tensor, mask: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            vectors: Tensor = self.encoder(ids, mask)
        return vectors.float()

    def quiet_loss(self, x: Tensor, mask: Tensor, sure: Tensor) -> Tensor:
        logits = self.risk(x, mask)
        none = of_level(self.risk_names, "none")
        odds = logits[:, none].logsumexp(1) - logits[:, ~none].logsumexp(1)
        return QUIET * (F.softplus(-odds) * sure).mean()


def risk_loss(head: Head, names: Sequence[str], x: Tensor, mask: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy of the label, and of the two questions that thresholds are put to."""
    logits = head(x, _thinned(mask))
    loss = F.cross_entropy(logits, wanted, label_smoothing=SMOOTHING)
    for level in ("crisis", "none"):
        group = of_level(names, level)
        odds = logits[:, group].logsumexp(1) - logits[:, ~group].logsumexp(1)
        loss = loss + F.binary_cross_entropy_with_logits(odds, group[wanted].float()) / 2
    return loss


def of_level(names: Sequence[str], level: str) -> Tensor:
    return torch.tensor([name.startswith(f"{level}:") for name in names])


def _thinned(mask: Tensor) -> Tensor:
    """A tenth of the word pieces is not looked at; the first always is."""
    kept = torch.rand(mask.shape) > 0.1
    kept[:, 0] = True
    return mask * kept


class Average:
    """An exponential moving average of parameters, which generalises better than the last step's."""

    def __init__(self, parameters: Sequence[nn.Parameter], decay: float = 0.997) -> None:
        self.parameters, self.decay, self.step = parameters, decay, 0
        self.values = [p.detach().clone() for p in parameters]

    def update(self) -> None:
        self.step += 1
        keep = min(self.decay, self.step / (self.step + 10))
        torch._foreach_lerp_(self.values, [p.detach() for p in self.parameters], 1 - keep)

    def install(self) -> None:
        for p, value in zip(self.parameters, self.values, strict=True):
            p.data.copy_(value)


def batches(lengths: Sequence[int], size: int, rng: random.Random) -> list[list[int]]:
    """Rows of about one length together, in random order, so that little is padded."""
    rows = list(range(len(lengths)))
    rng.shuffle(rows)
    made = []
    for start in range(0, len(rows), size * 50):
        chunk = sorted(rows[start : start + size * 50], key=lengths.__getitem__)
        made += [chunk[i : i + size] for i in range(0, len(chunk), size)]
    rng.shuffle(made)
    return made


def endless(lines: Sequence[Line], size: int, rng: random.Random) -> Iterator[list[Line]]:
    lengths = [len(line.text) for line in lines]
    while True:
        for rows in batches(lengths, size, rng):
            yield [lines[i] for i in rows]


@dataclass(frozen=True)
class Plan:
    """`rate` is the adapter's learning rate; `keep` weighs the sentence vector's cosine loss.

    The training ends after `epochs` of the feelings' lines or, when it is not 0, after `minutes`.
    """

    epochs: int
    rate: float
    keep: float
    minutes: float = 0

    def done(self, step: int, steps: int, seconds: float) -> float:
        """The share of the training that is over."""
        return seconds / 60 / self.minutes if self.minutes else step / (steps * self.epochs)


def train(model: Model, tasks: Tasks, source: Path, plan: Plan, seed: int) -> None:
    """Train on from what `model` holds; an interrupt ends the training and keeps what was learned."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    pieces, longer = WordPieces(source, 64), WordPieces(source, 126)
    ids = pieces.ids(tasks.feelings.texts)
    truth, weight = torch.tensor(tasks.feelings.truth), torch.tensor(tasks.feelings.weight)
    sure = torch.tensor([not LOADED.search(text) for text in tasks.feelings.texts]).float()
    wanted, risky = endless(tasks.intents, INTENTS, rng), endless(tasks.risks, RISKS, rng)
    others = fillers(tasks.intents)
    with torch.no_grad():
        published = Encoder(source / "model.safetensors")

    parameters = [p for p in model.parameters() if p.requires_grad]
    adapter = list(model.encoder.parameters())
    rest = [p for p in parameters if all(p is not q for q in adapter)]
    optimiser = torch.optim.AdamW(
        [{"params": adapter, "lr": plan.rate, "weight_decay": 0.0}, {"params": rest}], lr=1e-3
    )
    steps = -(-len(ids) // FEELINGS)
    average, began = Average(parameters), time.monotonic()

    def feelings_loss(rows: list[int]) -> Tensor:
        block, mask = padded([ids[i] for i in rows])
        x = model.tokens(block, mask)
        logits = model.feelings(x, mask)
        loss = (
            F.binary_cross_entropy_with_logits(logits, truth[rows], weight[rows], reduction="none")
            .sum(1)
            .mean()
        )
        some = slice(None, None, HELD_TO)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            before = sentence(published(block[some], mask[some]).float(), mask[some])
        loss = loss + plan.keep * (1 - (sentence(x[some], mask[some]) * before).sum(-1).mean())
        return loss + model.quiet_loss(x, mask, sure[rows]) if tasks.risks else loss

    def intents_loss(lines: list[Line]) -> Tensor:
        block, mask = pieces.block([varied(line.text, rng) for line in lines])
        x = model.tokens(block, mask)
        goal = torch.tensor([model.intent_names.index(line.label) for line in lines])
        loss = F.cross_entropy(model.intent(20 * sentence(x, mask)), goal, label_smoothing=SMOOTHING)
        harmless = torch.tensor([not LOADED.search(line.text) for line in lines]).float()
        return loss + model.quiet_loss(x, mask, harmless)

    def risks_loss(lines: list[Line]) -> Tensor:
        texts = [varied(line.text, rng) for line in lines]
        texts = [among(text, others, rng) if rng.random() < BESIDE else text for text in texts]
        block, mask = longer.block(texts)
        goal = torch.tensor([model.risk_names.index(line.label) for line in lines])
        return risk_loss(model.risk, model.risk_names, model.tokens(block, mask), mask, goal)

    def learn(job: Callable[[], Tensor]) -> float:
        loss = job()
        loss.backward()
        return loss.item()

    def one_step(rows: list[int]) -> list[float]:
        jobs = [lambda: feelings_loss(rows)]
        if tasks.intents:
            asked, risk = next(wanted), next(risky)
            jobs += [lambda: intents_loss(asked), lambda: risks_loss(risk)]
        # Each task on a thread of its own: threads inside every operation wait for each other far more often.
        losses = list(threads.map(learn, reversed(jobs)))[::-1]
        nn.utils.clip_grad_norm_(parameters, 3.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        average.update()
        return losses

    model.train()
    highest = [group["lr"] for group in optimiser.param_groups]
    seen: list[list[float]] = []
    with contextlib.suppress(KeyboardInterrupt), ThreadPoolExecutor(CORES) as threads:
        for step, rows in enumerate(feelings_batches(ids, rng)):
            if (done := plan.done(step, steps, time.monotonic() - began)) >= 1:
                break
            for group, rate in zip(optimiser.param_groups, highest, strict=True):
                group["lr"] = rate * pace(step, done)
            seen.append(one_step(rows))
            if len(seen) == 50:
                shown = ", ".join(f"{sum(column) / 50:.3f}" for column in zip(*seen, strict=True))
                print(
                    f"step {step + 1}, {done:.0%}: losses {shown}; {time.monotonic() - began:.0f} s",
                    flush=True,
                )
                seen = []
    average.install()


def feelings_batches(ids: Sequence[Tensor], rng: random.Random) -> Iterator[list[int]]:
    while True:
        yield from batches([len(i) for i in ids], FEELINGS, rng)


def pace(step: int, done: float) -> float:
    """The learning rate's share: a short rise, then half a cosine."""
    return min(1.0, (step + 1) / 50) * (0.03 + 0.485 * (1 + math.cos(math.pi * min(1.0, done))))


def published(given: Paths) -> Model:
    names = emotion_data.labels(given.goemotions)
    torch.manual_seed(0)
    model = Model(given.weights, len(names), [], [])
    lines = emotion_data.published(given.goemotions / "train.tsv", names)
    train(model, Tasks(lines), given.weights, Plan(4, 1e-3, KEEP_ALONE), seed=0)
    return model


def joint(given: Paths, plan: Plan) -> Model:
    names = emotion_data.labels(given.goemotions)
    feelings = emotion_data.published(given.goemotions / "train.tsv", names)
    own = emotion_data.own_split(given.data / "feelings", names)
    for _ in range(OWN_REPEATED):
        feelings += own.training
    asked, risky = split(intents(given.data / "nlu"))[0], split(risks(given.data / "risk"))[0]
    torch.manual_seed(1)
    model = Model(
        given.weights, len(names), sorted({a.label for a in asked}), sorted({a.label for a in risky})
    )
    start(model, given)
    train(model, Tasks(feelings, asked, risky), given.weights, plan, seed=1)
    return model


def start(model: Model, given: Paths) -> None:
    """Whatever the joint step left before, else the first step's or the product's adapter and feelings' head."""
    folders = (given.work / "joint", given.work / "published", given.models)
    folder = next(f for f in folders if (f / given.adapter.name).is_file())
    parameters = dict(model.encoder.layers.named_parameters())
    with torch.no_grad():
        for name, value in load_file(folder / given.adapter.name).items():
            # An adapter of a lower rank fills the first rows or columns; what is new adds nothing yet.
            parameters[name][: value.shape[0], : value.shape[1]] = value.float()
    model.feelings.load_state_dict(unpacked(load_file(folder / "emotion.safetensors")))
    if folder == folders[0]:
        model.risk.load_state_dict(unpacked(load_file(folder / "crisis.safetensors")))
        model.intent.load_state_dict(load_file(folder / "intent.safetensors"))


def unpacked(head: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        "project.weight": head["project"].T.contiguous().float(),
        "project.bias": head["project_bias"].float(),
        **{name: head[name].float() for name in ("query", "out", "bias")},
    }


def packed(head: Head) -> dict[str, Tensor]:
    """As comeback.nlu.attention reads it."""
    state = {name: value.detach() for name, value in head.state_dict().items()}
    return {
        "project": state["project.weight"].T.half().contiguous(),
        "project_bias": state["project.bias"].half(),
        "query": state["query"].half(),
        "out": state["out"].half(),
        "bias": state["bias"],
    }


def save(model: Model, given: Paths, step: str) -> None:
    folder = given.work / step
    folder.mkdir(parents=True, exist_ok=True)
    adapter = {n: p.detach().half().contiguous() for n, p in model.encoder.layers.named_parameters()}
    save_file(adapter, folder / given.adapter.name)
    save_file(packed(model.feelings), folder / "emotion.safetensors")
    if step == "joint":
        save_file(packed(model.risk), folder / "crisis.safetensors", {"labels": json.dumps(model.risk_names)})
        save_file(model.intent.state_dict(), folder / "intent.safetensors")
        shutil.copyfile(folder / given.adapter.name, given.adapter)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=["published", "joint"])
    parser.add_argument("--minutes", type=float, default=0, help="end the joint step after so long")
    parser.add_argument(
        "--rate", type=float, default=7e-4, help="the adapter's learning rate in the joint step"
    )
    given, chosen = paths(parser)
    torch.set_num_threads(1)
    plan = Plan(1, chosen.rate, KEEP_JOINT, chosen.minutes)
    model = published(given) if chosen.step == "published" else joint(given, plan)
    save(model, given, chosen.step)


if __name__ == "__main__":
    main()
