"""Filling tensors in place: fill_, zero_, the random fills and the random functions of the same shape."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    Any,
    Free,
    Poly,
    SymFloat,
    Tensor,
    Unsure,
    axis_if_known,
    broadcast,
    c_type_name,
    category,
    expand,
    expect,
    expect_eq,
    facts,
    into,
    new,
    not_implemented,
    op,
    operands,
    refuse,
    spelled,
    to_sizes,
    type_name,
    written,
)

CONTINUOUS = "distribution is a continuous probability distribution. dtype must be a floating point but you specified"


def _random(input: Tensor, kernel: str, refused: tuple[int, ...]) -> Tensor:
    """The tensor itself, filled; the kernel's dtypes are checked after the layout."""
    written(input)
    if input.dtype is not None and category(input.dtype) in refused and _filled(input):
        not_implemented(kernel, input.dtype)
    return input


def _filled(input: Tensor) -> bool:
    """Whether the tensor surely has elements: nothing is checked for one that has none."""
    return all(facts().ge(size, 1).yes for size in input.shape)


def _real(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@op("torch.fill_", "Tensor.fill_")
def fill_(input: Tensor, value: Any) -> Tensor:
    """Every element gets one number.

    >>> T(2, 3).fill_(0.5)
    (2, 3) float32
    >>> T(2, 3).fill_(T(3))
    ! SHP107 fill_ only supports 0-dimension value tensor but got tensor with 1 dimensions.
    """
    (number,) = operands(value) if not isinstance(value, Free) else (value,)
    if isinstance(number, Tensor):
        sentence = f"fill_ only supports 0-dimension value tensor but got tensor with {number.rank} dimensions."
        expect(number.rank == 0, "SHP107", sentence, actual=number.rank)
    input.elements = None
    return input


@op("torch.fill")
def fill(input: Tensor, value: Any) -> Tensor:
    """A new tensor of one number.

    >>> torch.fill(T(2, 3), 0.5)
    (2, 3) float32
    >>> torch.fill(T(2, 3), T(3))
    ! SHP107 fill_ only supports 0-dimension value tensor but got tensor with 1 dimensions.
    """
    (number,) = operands(value) if not isinstance(value, Free) else (value,)
    if isinstance(number, Tensor):
        sentence = f"fill_ only supports 0-dimension value tensor but got tensor with {number.rank} dimensions."
        expect(number.rank == 0, "SHP107", sentence, actual=number.rank)
    return Tensor(input.shape, input.dtype, CONTIGUOUS if input.layout is CONTIGUOUS else None, device=input.device)


@op("Tensor.fill_diagonal_")
def fill_diagonal_(input: Tensor, fill_value: Any, wrap: Any = False) -> Tensor:
    """One number along the diagonal; more than two axes have to be of one size.

    >>> T(3, 4).fill_diagonal_(1)
    (3, 4)
    >>> T(3).fill_diagonal_(1)
    ! SHP107 dimensions must larger than 1
    >>> T(3, 3, 4).fill_diagonal_(1)
    ! SHP103 all dimensions of input must be of equal length
    """
    expect(input.rank >= 2, "SHP107", "dimensions must larger than 1", actual=input.rank)
    if input.rank > 2:
        for size in input.shape[1:]:
            sentence = "all dimensions of input must be of equal length"
            expect_eq(input.shape[0], size, "SHP103", sentence, expected=input.shape[0], actual=size)
    input.elements = None
    return input


@op("torch.renorm", "Tensor.renorm", "Tensor.renorm_")
def renorm(input: Tensor, p: Any, dim: Any, maxnorm: Any, *, out: Any = None) -> Tensor:
    """Slices scaled down to a largest norm.

    >>> torch.renorm(T(3, 4), 2, 0, 1.0)
    (3, 4) float32
    >>> torch.renorm(T(3), 2, 0, 1.0)
    ! SHP107 renorm: input needs at least 2 dimensions, got 1 dimensions
    """
    expect(input.rank >= 2, "SHP107", f"renorm: input needs at least 2 dimensions, got {input.rank} dimensions", actual=input.rank)
    axis_if_known(dim, input.rank)
    if spelled() == "renorm_":
        input.elements = None
        return input
    return into(out, new(input.shape, input) if input.layout is CONTIGUOUS else Tensor(input.shape, input.dtype, None))


@op("torch.zero_", "Tensor.zero_", lazy=True, refuses_nothing=True)
def zero_(input: Tensor) -> Tensor:
    """Every element becomes 0.

    >>> T(2, 3).zero_()
    (2, 3) float32
    """
    input.elements = None
    return input


@op("Tensor.normal_", lazy=True)
def normal_(input: Tensor, mean: Any = 0.0, std: Any = 1.0, *, generator: Any = None) -> Tensor:
    """Numbers of a normal distribution.

    >>> T(2, 3).normal_(0, 0.02)
    (2, 3) float32
    >>> I(3).normal_()
    ! SHP117 "normal_kernel_cpu" not implemented for 'Long'
    >>> T(3).normal_(0, -1)
    ! SHP118 normal expects std >= 0.0, but found std -1
    """
    if _real(std) and std < 0:
        refuse("SHP118", f"normal expects std >= 0.0, but found std {std:g}", actual=std)
    return _random(input, "normal_kernel_cpu", (0, 1))


@op("Tensor.uniform_", lazy=True)
def uniform_(input: Tensor, *bounds: Any, generator: Any = None, to: Any = 1.0) -> Tensor:
    """Numbers between two bounds.

    >>> T(2, 3).uniform_(-1, 1)
    (2, 3) float32
    >>> I(3).uniform_()
    ! SHP117 "check_uniform_bounds" not implemented for 'Long'
    >>> T(3).uniform_(2, 1)
    ! SHP118 uniform_ expects to return a [from, to) range, but found from=2 > to=1
    """
    if input.dtype is not None and category(input.dtype) < 2 and _filled(input):
        not_implemented("check_uniform_bounds", input.dtype)
    if len(bounds) == 2 and _filled(input) and _real(bounds[0]) and _real(bounds[1]) and bounds[0] > bounds[1]:
        sentence = f"uniform_ expects to return a [from, to) range, but found from={bounds[0]:g} > to={bounds[1]:g}"
        refuse("SHP118", sentence, actual=list(bounds))
    return written(input)


@op("Tensor.random_", lazy=True)
def random_(input: Tensor, *bounds: Any, generator: Any = None, to: Any = None) -> Tensor:
    """Integers of a range, in the tensor's own dtype.

    >>> I(2, 3).random_(5)
    (2, 3) int64
    >>> I(3).random_(5, 2)
    ! SHP118 random_ expects 'from' to be less than 'to', but got from=5 >= to=2
    """
    if len(bounds) == 2 and all(isinstance(bound, int) for bound in bounds) and bounds[0] >= bounds[1]:
        sentence = f"random_ expects 'from' to be less than 'to', but got from={bounds[0]} >= to={bounds[1]}"
        refuse("SHP118", sentence, actual=list(bounds))
    return _random(input, "random_kernel_cpu", (3,))


@op("Tensor.bernoulli_", lazy=True)
def bernoulli_(input: Tensor, p: Any = 0.5, *, generator: Any = None) -> Tensor:
    """Zeros and ones, with one probability or a tensor of them.

    >>> T(2, 3).bernoulli_(0.1)
    (2, 3) float32
    >>> T(2, 3).bernoulli_(T(2, 2))
    ! SHP103 The expanded size of the tensor (3) must match the existing size (2) at non-singleton dimension 1.  Target sizes: [2, 3].  Tensor sizes: [2, 2]
    >>> T(3).bernoulli_(1.5)
    ! SHP118 bernoulli_ expects p to be in [0, 1], but got p=1.5
    """  # noqa: E501
    if isinstance(p, Tensor):
        if _filled(input):
            expand(p, input.shape)
        return written(input)
    if _real(p) and not 0 <= p <= 1:
        refuse("SHP118", f"bernoulli_ expects p to be in [0, 1], but got p={p:g}", actual=p)
    return _random(input, "bernoulli_scalar_cpu_", (3,))


@op("Tensor.exponential_", lazy=True)
def exponential_(input: Tensor, lambd: Any = 1, *, generator: Any = None) -> Tensor:
    """Numbers of an exponential distribution.

    >>> T(2, 3).exponential_(2)
    (2, 3) float32
    >>> I(3).exponential_()
    ! SHP117 Exponential distribution is a continuous probability distribution. dtype must be a floating point but you specified Long
    """
    written(input)
    if input.dtype is not None and category(input.dtype) != 2 and _filled(input):
        refuse("SHP117", f"Exponential {CONTINUOUS} {type_name(input.dtype)}", actual=input.dtype)
    return input


@op("Tensor.cauchy_", lazy=True)
def cauchy_(input: Tensor, median: Any = 0, sigma: Any = 1, *, generator: Any = None) -> Tensor:
    """Numbers of a Cauchy distribution.

    >>> T(2, 3).cauchy_()
    (2, 3) float32
    >>> I(3).cauchy_()
    ! SHP117 Cauchy distribution is a continuous probability distribution. dtype must be a floating point but you specified long int
    """
    written(input)
    if input.dtype is not None and category(input.dtype) != 2 and _filled(input):
        refuse("SHP117", f"Cauchy {CONTINUOUS} {c_type_name(input.dtype)}", actual=input.dtype)
    return input


@op("Tensor.geometric_", lazy=True)
def geometric_(input: Tensor, p: Any, *, generator: Any = None) -> Tensor:
    """Numbers of a geometric distribution.

    >>> I(2, 3).geometric_(0.5)
    (2, 3) int64
    >>> M(3).geometric_(0.5)
    ! SHP117 "geometric_cpu" not implemented for 'Bool'
    """
    return _random(input, "geometric_cpu", (0, 3))


@op("Tensor.log_normal_", lazy=True)
def log_normal_(input: Tensor, mean: Any = 1, std: Any = 2, *, generator: Any = None) -> Tensor:
    """Numbers whose logarithms are normal.

    >>> T(3).log_normal_()
    (3,) float32
    >>> I(3).log_normal_()
    ! SHP117 "log_normal_cpu" not implemented for 'Long'
    """
    return _random(input, "log_normal_cpu", (0, 1, 3))


@op("torch.bernoulli", "Tensor.bernoulli", lazy=True)
def bernoulli(input: Tensor, p: Any = None, *, generator: Any = None, out: Any = None) -> Tensor:
    """Draws with the probabilities that the tensor holds.

    >>> torch.bernoulli(T(2, 3))
    (2, 3) float32
    >>> torch.bernoulli(I(2, 3))
    ! SHP117 "bernoulli_tensor_cpu_p_" not implemented for 'Long'
    """
    if p is None and input.dtype is not None and category(input.dtype) < 2 and _filled(input):
        not_implemented("bernoulli_tensor_cpu_p_", input.dtype)
    return into(out, new(input.shape, input))


@op("torch.poisson", lazy=True)
def poisson(input: Tensor, generator: Any = None) -> Tensor:
    """Draws with the rates that the tensor holds.

    >>> torch.poisson(T(2, 3))
    (2, 3) float32
    >>> torch.poisson(I(2, 3))
    ! SHP117 "poisson_cpu" not implemented for 'Long'
    """
    if input.dtype is not None and category(input.dtype) in (0, 1, 3) and _filled(input):
        not_implemented("poisson_cpu", input.dtype)
    return new(input.shape, input)


@op("torch.normal")
def normal(mean: Any, std: Any = 1.0, size: Any = None, *, generator: Any = None, out: Any = None, dtype: Any = None, device: Any = None,
           layout: Any = None, pin_memory: Any = None, requires_grad: Any = None) -> Tensor:  # fmt: skip
    """Of the shape of the means and deviations, or of a given size.

    >>> torch.normal(T(2, 3), T(3))
    (2, 3) float32
    >>> torch.normal(0.0, 1.0, (2, 3))
    (2, 3) float32
    >>> torch.normal(T(2, 3), T(4))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 1
    """
    if size is not None:
        if not isinstance(mean, Tensor) and not isinstance(std, Tensor):
            return into(out, Tensor(to_sizes(size), getattr(dtype, "name", None) if dtype is not None else "float32", CONTIGUOUS))
        raise Unsure("torch.normal of tensors with a size")
    tensors = [value for value in (mean, std) if isinstance(value, Tensor)]
    if not tensors or any(not isinstance(value, (Tensor, int, float, Poly, SymFloat)) for value in (mean, std)):
        raise Unsure("torch.normal of numbers that are not known")
    shape = broadcast(*(tensor.shape for tensor in tensors))
    if tensors[0].dtype is not None and category(tensors[0].dtype) < 2 and all(facts().ge(size, 1).yes for size in shape):
        not_implemented("normal_kernel_cpu", tensors[0].dtype)
    return into(out, new(shape, tensors[0]))
