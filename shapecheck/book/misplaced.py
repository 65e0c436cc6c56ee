"""What torch says of a layer that gets something else where it takes one tensor: the tuple of an LSTM, a list of features, a dict."""

from __future__ import annotations

import re
from typing import Any

from shapecheck.book.outcome import Refused
from shapecheck.book.packed import Packed
from shapecheck.values import DictValue, Instance, ListValue, NamedResult, Repeated, Shape, Tensor

# Layers that ask their input for an attribute before any function of torch sees it.
ASKED = {
    "dim": r"BatchNorm\dd|SyncBatchNorm|InstanceNorm\dd|GroupNorm|LocalResponseNorm|CrossMapLRN2d|LazyConv.*|CircularPad\dd|Dropout\dd|GLU"
    r"|Softmax2d|Upsampl.*|EmbeddingBag|(LSTM|GRU|RNN)(Cell)?|MultiheadAttention|Transformer|TransformerDecoderLayer",
    "size": r"Adaptive(Avg|Max)Pool[23]d|AdaptiveLogSoftmaxWithLoss|MaxUnpool\dd|BCE.*Loss|MSELoss|(Smooth)?L1Loss|HuberLoss"
    r"|GaussianNLLLoss",
    "shape": r"Lazy(BatchNorm|InstanceNorm|Linear).*",
    "dtype": r"TransformerEncoder(Layer)?",
    "is_nested": r"TransformerDecoder",
    "flatten": r"Flatten",
    "unflatten": r"Unflatten",
    "softmax": r"Softmax",
    "log_softmax": r"LogSoftmax",
    "abs": r"Softsign",
    "tanh": r"Tanhshrink",
    "pow": r"LPPool\dd",
}
# Layers whose function torch calls by another name than theirs.
CALLED = {
    "ReLU6": "hardtanh",
    "RMSNorm": "rms_norm",
    "Fold": "col2im",
    "Unfold": "im2col",
    "CrossEntropyLoss": "cross_entropy_loss",
    "NLLLoss": "nll_loss_nd",
    "KLDivLoss": "kl_div",
    "PoissonNLLLoss": "poisson_nll_loss",
}
SILENT = r"FractionalMaxPool\dd|CTCLoss|TripletMarginWithDistanceLoss|Softmin|LinearCrossEntropyLoss|Multi.*Loss|MarginRankingLoss"
WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def misplaced(value: Any, name: str, parameter: str, handle: Any, alone: bool, takes_packed: bool = False) -> Refused | None:
    """The refusal of a layer's first argument; None for what may be a tensor, and where torch's words are not known.

    alone: there are no other arguments.
    """
    kind = kind_of(value)
    if kind is None or (takes_packed and isinstance(value, Packed)) or re.fullmatch(SILENT, name):
        return None
    for attribute, layers in ASKED.items():
        if re.fullmatch(layers, name) or (attribute == "dim" and not alone and name.startswith("ConvTranspose")):
            return _refusal(name, kind, f"'{kind}' object has no attribute '{attribute}'", "AttributeError")
    if re.fullmatch(r"Conv\dd", name) and handle.padding_mode == "zeros":
        bias = "Parameter" if isinstance(handle.bias, Tensor) else "NoneType"
        padding = "str" if isinstance(handle.padding, str) else "tuple"
        got = f"got ({kind}, Parameter, {bias}, tuple, {padding}, tuple, int), but expected one of:"
        return _refusal(name, kind, f"{name.lower()}() received an invalid combination of arguments - {got}", "TypeError")
    function, place = function_name(name, handle), 1
    if name == "Embedding":
        parameter, place = "indices", 2
    elif parameter in ("x", "log_input"):
        parameter = "input"
    return _refusal(name, kind, f"{function}(): argument '{parameter}' (position {place}) must be Tensor, not {kind}", "TypeError")


def _refusal(name: str, kind: str, sentence: str, error: str) -> Refused:
    return Refused("SHP121", sentence, error=error, message=f"{name} gets a {kind} where it takes one tensor")


def kind_of(value: Any) -> str | None:
    """The name of the type of a value that is no tensor for certain, or None."""
    if isinstance(value, Packed):
        return "PackedSequence"
    if isinstance(value, NamedResult):
        maker = value[0].made if value and isinstance(value[0], Tensor) else None
        return f"torch.return_types.{str(maker.label).rpartition('.')[2]}" if maker is not None else None
    if isinstance(value, Shape):
        return "torch.Size"
    if isinstance(value, tuple):
        return "tuple"
    if isinstance(value, ListValue):
        return None if isinstance(value.items, Repeated) else "list"
    if isinstance(value, DictValue):
        return "dict"
    if isinstance(value, Instance) and value.cls.open is None and not any(map(value.cls.find, ("__torch_function__", "__getattr__"))):
        return str(value.cls.name)
    return None


def function_name(name: str, handle: Any) -> str:
    """The function that a layer calls, as torch's messages have it: MaxPool2d -> max_pool2d."""
    if re.fullmatch(r"\w*Pad\dd", name) or (re.fullmatch(r"Conv\dd", name)):
        return "pad"
    if name in CALLED:
        plain = CALLED[name]
    else:
        for short in ("ReLU", "GELU", "SiLU", "SELU", "CELU", "ELU", "GLU"):
            name = name.replace(short, short.capitalize())
        plain = WORDS.sub("_", name).lower()
    return plain + ("_with_indices" if _is_set(handle, "return_indices") else "") + ("_" if _is_set(handle, "inplace") else "")


def _is_set(handle: Any, name: str) -> bool:
    return handle.instance.attrs.get(name) is True
