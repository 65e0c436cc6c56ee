"""Probability distributions: the shapes of their samples and of the log-probabilities of values.

torch/distributions/distribution.py: a sample has sample_shape + batch_shape + event_shape; the batch is what the parameters broadcast to.
"""

from __future__ import annotations

from typing import Any

from shapecheck.book.arithmetic import broadcast
from shapecheck.book.bind import to_sequence, to_sizes, to_tensor
from shapecheck.book.context import current
from shapecheck.book.expect import expect, expect_eq
from shapecheck.book.outcome import Refused, Unsure, refuse
from shapecheck.book.words import parens, torch_size
from shapecheck.sizes import Size
from shapecheck.values import Shape, Tensor


class Distribution:
    """What all distributions have. `_batch_shape` and `_event_shape` are torch's own names."""

    _batch_shape: Shape
    _event_shape: Shape
    validate_args: Any

    def sample(self, sample_shape: Any = ()) -> Tensor:
        return new_sample(self, (*sample_sizes(sample_shape), *self._batch_shape, *self._event_shape))

    def rsample(self, sample_shape: Any = ()) -> Tensor:
        return new_sample(self, (*sample_sizes(sample_shape), *self._batch_shape, *self._event_shape))

    def log_prob(self, value: Any) -> Tensor:
        return new_sample(self, log_prob_shape(self, value), True)

    def entropy(self) -> Tensor:
        return new_sample(self, self._batch_shape, True)


class Continuous(Distribution):
    """Distributions with a distribution function."""

    def cdf(self, value: Any) -> Tensor:
        return new_sample(self, log_prob_shape(self, value))

    def icdf(self, value: Any) -> Tensor:
        value = to_tensor(value)
        return new_sample(self, broadcast(value.shape, self._batch_shape))


def new_sample(self: Any, shape: Any, probability: bool = False) -> Tensor:
    return Tensor(shape, self._floats if probability else self._values, None, None)


def sample_sizes(sample_shape: Any) -> tuple[Size, ...]:
    """The sizes of `sample_shape`, which has to be a sequence."""
    sample_shape = current().pinned(sample_shape)
    if isinstance(sample_shape, int):
        refuse("SHP118", "'int' object is not iterable", message="sample_shape is a tuple of sizes, not a number", error="TypeError")
    if to_sequence(sample_shape) is None:
        raise Unsure("a sample_shape that is not followed")
    return to_sizes(sample_shape)


def log_prob_shape(self: Any, value: Any) -> tuple[Size, ...]:
    """The shape of the log-probability of a value: without the event's axes. The value has to broadcast with a sample."""
    value = current().pinned(value)
    checked = self.validate_args is None or self.validate_args is True
    if isinstance(value, (int, float)) and checked:
        refuse("SHP118", "The value argument to log_prob must be a Tensor", error="ValueError")
    value = to_tensor(value, _ranks(self))
    batch, event = tuple(self._batch_shape), tuple(self._event_shape)
    own = tuple(self._checked_event)
    if checked:
        sentence = f"The right-most size of value must match event_shape: {torch_size(value.shape)} vs {torch_size(own)}."
        expect(value.rank >= len(own), "SHP103", sentence, error="ValueError", expected=own, actual=value.shape, culprit=value)
        for size, other in zip(value.shape[value.rank - len(own) :], own, strict=True):
            expect_eq(size, other, "SHP103", sentence, error="ValueError", expected=other, actual=size, culprit=value)
    if value.rank < len(event):
        raise Unsure("a value with fewer axes than an event")
    try:
        shape = broadcast(value.shape, (*batch, *event))
    except Refused:
        if not checked:
            raise
        wanted = (*batch, *event)
        sentence = f"Value is not broadcastable with batch_shape+event_shape: {torch_size(value.shape)} vs {torch_size(wanted)}."
        words = f"log_prob of {parens(value.shape)}, but a sample has {parens(wanted)}"
        refuse("SHP103", sentence, message=words, error="ValueError", expected=wanted, actual=value.shape, culprit=value)
    return shape[: len(shape) - len(event)]


def _ranks(self: Any) -> tuple[int, ...]:
    rank = len(self._batch_shape) + len(self._event_shape)
    return (rank, rank + 1)


def distribution_tensor(value: Any, name: str) -> Tensor | None:
    """A parameter: a tensor, or None for a number."""
    value = current().pinned(value)
    if isinstance(value, Tensor):
        return value
    if isinstance(value, (int, float)):
        return None
    raise Unsure(f"the parameter {name} of a distribution is not known")


def begin_distribution(
    self: Any, batch: Any, event: Any = (), floats: str | None = None, values: str | None = None, checked: Any = None
) -> None:
    """The attributes that all distributions have. `checked`: the last axes that a value has to have exactly, by default the event."""
    self._checked_event = Shape(event if checked is None else checked)
    self._batch_shape, self._event_shape = Shape(batch), Shape(event)
    self.batch_shape, self.event_shape = self._batch_shape, self._event_shape
    self._floats, self._values = floats, values or floats
    whole = (*batch, *event)
    for name in ("mean", "variance", "stddev"):
        setattr(self, name, Tensor(whole, floats, None, None))


def elementwise_distribution(self: Any, **parameters: Any) -> None:
    """A distribution of numbers: its parameters broadcast, and each becomes a tensor of the batch's shape."""
    tensors = {name: distribution_tensor(value, name) for name, value in parameters.items()}
    given = [tensor for tensor in tensors.values() if tensor is not None]
    batch = broadcast(*(tensor.shape for tensor in given)) if given else ()
    dtypes = {tensor.dtype for tensor in given} if given else {"float32"}
    floats = dtypes.pop() if len(dtypes) == 1 else None
    floats = floats if floats is not None and "float" in floats else None
    for name, tensor in tensors.items():
        setattr(self, name, Tensor(batch, floats if tensor is None else tensor.dtype, None, None))
    begin_distribution(self, batch, (), floats)


def probs_or_logits(probs: Any, logits: Any) -> Any:
    """The one of the two that is given."""
    probs, logits = current().pinned(probs), current().pinned(logits)
    known = all(value is None or isinstance(value, (Tensor, int, float)) for value in (probs, logits))
    if known:
        sentence = "Either `probs` or `logits` must be specified, but not both."
        expect((probs is None) != (logits is None), "SHP202", sentence, error="ValueError")
    return logits if probs is None else probs


def class_weights(self: Any, probs: Any, logits: Any) -> Tensor:
    """The weights of classes on the last axis."""
    given = probs_or_logits(probs, logits)
    name = "probs" if current().pinned(logits) is None else "logits"
    weights = distribution_tensor(given, name)
    if weights is None:
        raise Unsure("a distribution of a number")
    sentence = f"`{name}` parameter must be at least one-dimensional."
    expect(weights.rank > 0, "SHP202", sentence, error="ValueError", actual=weights.rank)
    for attribute in ("probs", "logits"):
        setattr(self, attribute, Tensor(weights.shape, weights.dtype, None, None))
    return weights


def distribution_shapes(distribution: Any) -> tuple[tuple[Size, ...], tuple[Size, ...], str | None, str | None]:
    """Batch, event and dtypes of a distribution that is a value of the program."""
    attributes = getattr(current().pinned(distribution), "attrs", {})
    if "_batch_shape" not in attributes:
        raise Unsure("a distribution that is not followed")
    return (
        tuple(attributes["_batch_shape"]),
        tuple(attributes["_event_shape"]),
        attributes["_floats"],
        attributes["_values"],
    )
