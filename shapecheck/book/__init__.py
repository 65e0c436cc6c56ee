"""What a rule file imports: the only door between rules/ and the rest of shapecheck."""

from collections.abc import Sequence
from typing import Any

from shapecheck.book.activations import activate, attribute_or_none
from shapecheck.book.adaptive import adaptive_average, adaptive_maximum
from shapecheck.book.arguments import device_argument, dtype_argument, known_items, likely_ranks, pinned_ranks, python_type, sizes_argument
from shapecheck.book.arithmetic import (
    axes,
    axis,
    broadcast,
    broadcast_size,
    concrete,
    expand_to,
    expect_same_shape,
    window,
)
from shapecheck.book.attention import AttentionWeights, attend, attention_inputs, canonical_mask
from shapecheck.book.bind import to_float, to_int, to_ints, to_sequence, to_size, to_sizes, to_tensor, to_tensors
from shapecheck.book.context import build, call, current, facts, fresh, inplace, multiplied, spelled
from shapecheck.book.contraction import contract
from shapecheck.book.convolution import kernel, set_up
from shapecheck.book.convolve import convolve, forward_convolution
from shapecheck.book.convolve_back import convolve_back, expect_zeros, forward_transposed
from shapecheck.book.creation import expect_gradient, expect_number, expect_range, expect_sizes, format_layout, number_dtype
from shapecheck.book.distributions import (
    Continuous,
    Distribution,
    begin_distribution,
    class_weights,
    distribution_shapes,
    distribution_tensor,
    elementwise_distribution,
    probs_or_logits,
)
from shapecheck.book.dtypes import BOOL, COMPLEX, FLOATS, INTS, WIDTHS, category, floating, is_float, promote, promote_two
from shapecheck.book.element_count import expect_as_many, inferred_shape, learn_positive, quotient
from shapecheck.book.elementwise import (
    c_type_name,
    elementwise,
    elementwise_layout,
    expect_cast,
    into,
    is_dense,
    mapped,
    not_implemented,
    type_name,
    written,
)
from shapecheck.book.expansion import at_least, expand, expect_expands
from shapecheck.book.expect import expect, expect_divides, expect_eq, expect_ge, expect_le, expect_rank, known, same
from shapecheck.book.indexing import Picked, expect_inside, pick
from shapecheck.book.losses import buffered, expect_reduction, layer_weight, legacy_reduction, losses, met, reduced_loss
from shapecheck.book.matrices import (
    complex_dtype,
    expect_inexact,
    expect_matrices,
    expect_square,
    matrices,
    real_dtype,
    solved_shape,
)
from shapecheck.book.normalization import expect_numel, set_up_norm
from shapecheck.book.operands import NUMBER, NUMBERS, differ_in_kind, number_name, operands, promoted, shared_dtype
from shapecheck.book.outcome import Refused, Unsure, refuse
from shapecheck.book.packed import Packed
from shapecheck.book.padding import padded
from shapecheck.book.pairs import combine, joined_shape, pair
from shapecheck.book.patterns import PatternError, PatternSide, apply_recipe, name_problem, pattern_recipe, pattern_sides
from shapecheck.book.pooling import avg_pool, lp_pool, max_pool
from shapecheck.book.reckon import reckoned, whole
from shapecheck.book.reduction import asked_dtype, axis_if_known, kind_of, name_of, real_part, reduced, reduced_axes
from shapecheck.book.rule import layer, op
from shapecheck.book.scaling import as_written, scaled
from shapecheck.book.slicing import clamped, span
from shapecheck.book.spatial import attribute, each, expect_bias_dtype, follow, kept, settled, weights
from shapecheck.book.strides import (
    NoView,
    as_spelled,
    channels_last_strides,
    is_channels_last,
    is_contiguous,
    layout_of,
    preserved_layout,
    suggests_channels_last,
    view_strides,
)
from shapecheck.book.words import brackets, commas, parens, times, torch_size, word
from shapecheck.sizes import (
    Facts,
    Poly,
    Size,
    Truth,
    ceildiv,
    exact_div,
    floordiv,
    maximum,
    minimum,
    mod,
    true_product,
)
from shapecheck.values import (
    CONTIGUOUS,
    Choice,
    DictValue,
    DType,
    External,
    Free,
    Instance,
    ListValue,
    NamedResult,
    Near,
    Repeated,
    Shape,
    SymFloat,
    Tensor,
    Unknown,
    contiguous_strides,
)

# The vocabulary of annotations that `bind.py` converts to.
Sizes = tuple[Size, ...]
Single = tuple[Size]
Pair = tuple[Size, Size]
Triple = tuple[Size, Size, Size]
Tensors = Sequence[Tensor]
Ints = tuple[int, ...]
Int = int
Bool = bool
Float = float
Str = str
Number = float


def new(shape: "Sequence[Size]", like: "Tensor | None" = None, dtype: "str | None" = None) -> Tensor:
    """A new row-major tensor, with the dtype and device of `like` where none is given."""
    return Tensor(shape, dtype or (like.dtype if like else None), device=like.device if like else None)


def parameter(*shape: "Size") -> Tensor:
    """A new float32 parameter of a layer."""
    return Tensor(shape, "float32", role="parameter")


def buffer(*shape: "Size", dtype: str = "float32") -> Tensor:
    """A new buffer of a layer."""
    return Tensor(shape, dtype, role="buffer")


__all__ = [name for name in dir() if not name.startswith("_") and name not in ("Sequence",)]
