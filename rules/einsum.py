"""torch.einsum."""

from __future__ import annotations

from shapecheck.book import Any, Free, Tensor, Unsure, contract, current, expect, op, to_sequence

TOO_FEW = "einsum(): must specify the equation string and at least one operand, or at least one operand and its subscripts list"


@op("torch.einsum", "torch.functional.einsum")
def einsum(*operands: Any) -> Tensor:
    """Sums products over the subscripts that the output does not have. A subscript of size 1 is repeated as far as needed.

    >>> torch.einsum("bhqd,bhkd->bhqk", T(2, 4, 5, 8), T(2, 4, 6, 8))
    (2, 4, 5, 6)
    >>> torch.einsum("...ij,jk", T(2, 3, 4), T(4, 6))
    (2, 3, 6)
    >>> torch.einsum("ij,jk->ik", T(2, 3), T(4, 5))
    ! SHP116 einsum(): subscript j has size 4 for operand 1 which does not broadcast with previously seen size 3
    >>> torch.einsum("ij,jk->ik", T(2, 3, 1), T(3, 5))
    ! SHP116 einsum(): the number of subscripts in the equation (2) does not match the number of dimensions (3) for operand 0 and no ellipsis was given
    """  # noqa: E501
    expect(len(operands) >= 2, "SHP116", TOO_FEW, error="ValueError")
    equation, *rest = (current().pinned(item) for item in operands)
    if not isinstance(equation, str):
        raise Unsure("an einsum whose equation is not known")
    if len(rest) == 1 and not isinstance(rest[0], (Tensor, Free)):
        items = to_sequence(rest[0])
        if items is None:
            raise Unsure("the operands of an einsum are not known")
        rest = [current().pinned(item) for item in items]
    return contract(equation, rest)
