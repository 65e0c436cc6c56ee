"""The value of a `torch.nn.utils.rnn.PackedSequence`: recurrent layers and packing functions hand it to each other."""

from __future__ import annotations

from typing import Any

from shapecheck.sizes import Size
from shapecheck.values import NamedResult, Tensor


class Packed(NamedResult):
    """The rows of all sequences, how many there are at each step, and how the batch was sorted.

    batch    how many sequences there are.
    """

    batch: Size

    @staticmethod
    def make(data: Tensor, batch_sizes: Any, sorted_indices: Any, unsorted_indices: Any, batch: Size) -> Packed:
        names = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
        packed = Packed(names, (data, batch_sizes, sorted_indices, unsorted_indices))
        packed.batch = batch
        return packed
