"""Sampling at points: F.grid_sample and F.affine_grid (aten/src/ATen/native/GridSamplerUtils.h, torch/nn/functional.py)."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Tensor,
    Unsure,
    as_written,
    brackets,
    category,
    current,
    expect,
    expect_eq,
    expect_ge,
    known_items,
    new,
    op,
    refuse,
    to_size,
    torch_size,
)

MODES = {"mode": ("bilinear", "nearest", "bicubic"), "padding_mode": ("zeros", "border", "reflection")}


def _sample(input: Tensor, grid: Tensor, bicubic: bool) -> Tensor:
    """check_grid_sampler_common, and the result (N, C, *grid's axes)."""

    def batches() -> str:
        return (
            f"grid_sampler(): expected grid and input to have same batch size, but got input with sizes {brackets(input.shape)} "
            f"and grid with sizes {brackets(grid.shape)}"
        )

    if input.rank < 1 or grid.rank < 1:
        raise Unsure("grid_sample of a scalar")
    expect_eq(grid.shape[0], input.shape[0], "SHP103", batches, expected=input.shape[0], actual=grid.shape[0], axis=0)
    axes = input.rank - 2
    expect_eq(
        grid.shape[-1],
        axes,
        "SHP101",
        lambda: f"grid_sampler(): expected grid to have size {axes} in last dimension, but got grid with sizes {brackets(grid.shape)}",
        message=f"grid_sample wants points of {axes} coordinates",
        expected=axes,
        actual=grid.shape[-1],
        axis=grid.rank - 1,
        culprit=grid,
    )
    for place, size in enumerate(input.shape[2:], 2):
        expect_ge(
            size,
            1,
            "SHP110",
            f"grid_sampler(): expected input to have non-empty spatial dimensions, but input has sizes {brackets(input.shape)} "
            f"with dimension {place} being empty",
        )
    expect(
        input.rank in (4, 5) and grid.rank == input.rank,
        "SHP107",
        lambda: (
            f"grid_sampler(): expected {4 if input.rank == 4 else 5}D input and grid with same number of dimensions, "
            f"but got input with sizes {brackets(input.shape)} and grid with sizes {brackets(grid.shape)}"
        ),
        message=f"grid_sample wants an input and a grid of 4 or 5 axes, gets {input.rank} and {grid.rank}",
        actual=[input.rank, grid.rank],
    )
    expect(not bicubic or input.rank == 4, "SHP118", "grid_sampler(): bicubic interpolation only supports 4D input")
    return new((*input.shape[:2], *grid.shape[1:-1]), like=input)


@op("F.grid_sample", ranks={"input": (4, 5), "grid": (4, 5)})
def grid_sample(input: Tensor, grid: Tensor, mode: Any = "bilinear", padding_mode: Any = "zeros", align_corners: Any = None) -> Tensor:
    """input (N, C, H, W), grid (N, H_out, W_out, 2) -> (N, C, H_out, W_out); and the same with a depth.

    >>> F.grid_sample(T(2, 3, 8, 9), T(2, 4, 5, 2))
    (2, 3, 4, 5)
    >>> F.grid_sample(T(2, 3, 6, 8, 9), T(2, 3, 4, 5, 3))
    (2, 3, 3, 4, 5)
    >>> F.grid_sample(T(2, 3, 8, 9), T(2, 4, 5, 3))
    ! SHP101 grid_sampler(): expected grid to have size 2 in last dimension, but got grid with sizes [2, 4, 5, 3]
    >>> F.grid_sample(T(2, 3, 8, 9), T(2, 4, 5, 2), mode="linear")
    ! SHP118 nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: 'linear'
    """
    for name, given in (("mode", mode), ("padding_mode", padding_mode)):
        first, second, third = MODES[name]
        comma = "" if name == "mode" else ","
        expect(
            not isinstance(given, str) or given in MODES[name],
            "SHP118",
            f"nn.functional.grid_sample(): expected {name} to be '{first}', '{second}'{comma} or '{third}', but got: '{given}'",
            error="ValueError",
        )
    return _sample(input, grid, mode == "bicubic")


@op("torch.grid_sampler", ranks={"input": (4, 5), "grid": (4, 5)})
def grid_sampler(input: Tensor, grid: Tensor, interpolation_mode: Any, padding_mode: Any, align_corners: Any) -> Tensor:
    """F.grid_sample by its inner name.

    >>> torch.grid_sampler(T(2, 3, 8, 9), T(2, 4, 5, 2), 0, 0, False)
    (2, 3, 4, 5)
    >>> torch.grid_sampler(T(2, 3, 8, 9, 7), T(2, 4, 5, 6, 3), 2, 0, False)
    ! SHP118 grid_sampler(): bicubic interpolation only supports 4D input
    """
    return _sample(input, grid, interpolation_mode == 2)


@op("F.affine_grid", ranks={"theta": (3,)})
def affine_grid(theta: Tensor, size: Any, align_corners: Any = None) -> Tensor:
    """theta (N, 2, 3), size (N, C, H, W) -> (N, H, W, 2); theta (N, 3, 4), size (N, C, D, H, W) -> (N, D, H, W, 3).

    >>> F.affine_grid(T(2, 2, 3), (2, 3, 8, 9))
    (2, 8, 9, 2)
    >>> F.affine_grid(T(2, 3, 3), (2, 3, 8, 9))
    ! SHP101 Expected a batch of 2D affine matrices of shape Nx2x3 for size (2, 3, 8, 9). Got torch.Size([2, 3, 3]).
    """
    if theta.dtype is not None and category(theta.dtype) < 2:
        sentence = f"Expected theta to have floating point type, but got torch.{theta.dtype}"
        refuse("SHP117", sentence, error="ValueError", actual=theta.dtype)
    sizes = tuple(to_size(current().pinned(item)) for item in known_items(size, "the size of an affine grid"))
    asked = as_written(size, sizes)
    expect(
        len(sizes) in (4, 5),
        "SHP118",
        f"affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size {asked}.",
        error="NotImplementedError",
        actual=len(sizes),
    )
    axes = len(sizes) - 2

    def sentence_of_matrix() -> str:
        return f"Expected a batch of {axes}D affine matrices of shape Nx{axes}x{axes + 1} for size {asked}. Got {torch_size(theta.shape)}."

    details: dict[str, Any] = {"error": "ValueError", "expected": ["N", axes, axes + 1], "actual": list(theta.shape)}
    expect(theta.rank == 3, "SHP107", sentence_of_matrix, **details)
    for place, wanted in ((1, axes), (2, axes + 1)):
        expect_eq(theta.shape[place], wanted, "SHP101", sentence_of_matrix, **details)
    for one in sizes:
        expect_ge(one, 1, "SHP118", f"Expected non-zero, positive output size. Got {asked}", error="ValueError", actual=one)
    expect_eq(
        theta.shape[0],
        sizes[0],
        "SHP102",
        lambda: (
            f"Expected size for first two dimensions of batch2 tensor to be: {brackets((sizes[0], axes + 1))} "
            f"but got: {brackets((theta.shape[0], axes + 1))}."
        ),
        message="the matrices and the size differ in the batch",
        expected=sizes[0],
        actual=theta.shape[0],
        axis=0,
    )
    return new((sizes[0], *sizes[2:], axes), like=theta)
