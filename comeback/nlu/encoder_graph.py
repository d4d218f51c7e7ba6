"""The encoder's ONNX graph, written out from the published weights. Only set-up imports this (and onnx)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from comeback.nlu.encoder import DIMENSIONS

LAYERS, HEADS, EPSILON = 6, 12, 1e-12
QKV = tuple(f"attention.self.{part}" for part in ("query", "key", "value"))
PARTS = {"out": "attention.output.dense", "wide": "intermediate.dense", "narrow": "output.dense"}

Weights = Mapping[str, npt.NDArray[np.float32]]


def adapted(weights: Weights, adapter: Weights) -> dict[str, npt.NDArray[np.float32]]:
    """The weights with each low-rank change added: W + up·down.

    `adapter` names them "<layer>.<part>.up" [out, rank] and ".down" [rank, in]; the part qkv is query, key and value.
    """
    merged = dict(weights)
    for i in range(LAYERS):
        at = f"encoder.layer.{i}"
        for part in ("qkv", *PARTS):
            up, down = (adapter[f"{i}.{part}.{side}"].astype(np.float32) for side in ("up", "down"))
            keys = QKV if part == "qkv" else (PARTS[part],)
            for key, change in zip(keys, np.split(up @ down, len(keys)), strict=True):
                merged[f"{at}.{key}.weight"] = weights[f"{at}.{key}.weight"] + change
    return merged


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
        three = [weights[f"{key}.{part}.weight"] for part in QKV]
        biases = [weights[f"{key}.{part}.bias"] for part in QKV]
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
