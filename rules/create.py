"""New tensors of a given shape: zeros, ones, empty, rand, randn, full, randint, eye, and Tensor.new_*."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Size,
    Sizes,
    Tensor,
    axis,
    category,
    device_argument,
    dtype_argument,
    expect,
    expect_ge,
    expect_gradient,
    expect_le,
    expect_number,
    expect_range,
    expect_sizes,
    format_layout,
    layout_of,
    number_dtype,
    op,
    python_type,
    refuse,
    sizes_argument,
    spelled,
    to_sequence,
    to_size,
    type_name,
    word,
)


@op("torch.zeros", "torch.ones", "torch.empty", "torch.rand", "torch.randn")
def new_of_size(
    *size: Any,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
    generator: Any = None,
    memory_format: Any = None,
    names: Any = None,
) -> Tensor:
    """Sizes one by one or in a tuple; float32 where no dtype is given.

    >>> torch.zeros(2, 3)
    (2, 3) float32
    >>> torch.ones((2, 3), dtype=torch.int64)
    (2, 3) int64
    >>> torch.randn(())
    ()
    >>> torch.rand(2, -3)
    ! SHP118 Trying to create tensor with negative dimension -3: [2, -3]
    >>> torch.zeros(2, 3.0)
    ! SHP118 zeros(): argument 'size' failed to unpack the object at pos 2 with error "type must be tuple of ints,but got float"
    >>> torch.rand(2, dtype=torch.int64)
    ! SHP117 "check_uniform_bounds" not implemented for 'Long'
    """
    function = spelled()
    random = function in ("rand", "randn")
    if not size:
        none = f'{function}() missing 1 required positional arguments: "size"'
        many = f"{function}() received an invalid combination of arguments - got (), but expected one of:"
        refuse("SHP121", many if random else none, message=f"{function} without sizes", error="TypeError")
    shape = sizes_argument(size, function, "size", overloads="many" if random else "")
    expect_sizes(shape, function)
    name = dtype_argument(dtype, "float32")
    expect_gradient(name, requires_grad)
    if random and name is not None and category(name) < 2:
        kernel = "check_uniform_bounds" if function == "rand" else "normal_kernel_cpu"
        refuse("SHP117", f"\"{kernel}\" not implemented for '{type_name(name)}'", error="NotImplementedError", actual=name)
    return Tensor(shape, name, format_layout(shape, memory_format), device=device_argument(device))


@op("torch.full")
def full(
    size: Any,
    fill_value: Any,
    *,
    out: Any = None,
    names: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """One number everywhere; the dtype is the number's.

    >>> torch.full((2, 3), 7)
    (2, 3) int64
    >>> torch.full((2,), 0.5)
    (2,) float32
    >>> torch.full(2, 0.5)
    ! SHP118 full(): argument 'size' (position 1) must be tuple of ints, not int
    """
    if to_sequence(size) is None and python_type(size) in ("int", "float"):
        wrong = f"full(): argument 'size' (position 1) must be tuple of ints, not {python_type(size)}"
        refuse("SHP118", wrong, message="full wants a tuple of sizes", error="TypeError")
    shape = sizes_argument((size,), "full", "size")
    expect_number(fill_value, "full")
    expect_sizes(shape, "full")
    name = dtype_argument(dtype, number_dtype(fill_value))
    expect_gradient(name, requires_grad)
    return Tensor(shape, name, device=device_argument(device))


@op("torch.randint")
def randint(
    *args: Any,
    low: Any = None,
    high: Any = None,
    size: Any = None,
    generator: Any = None,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """randint(high, size) or randint(low, high, size).

    >>> torch.randint(10, (2, 3))
    (2, 3) int64
    >>> torch.randint(0, 10, size=(4,))
    (4,)
    >>> torch.randint(5, 5, (2,))
    ! SHP118 random_ expects 'from' to be less than 'to', but got from=5 >= to=5
    >>> torch.randint(10, 2)
    ! SHP118 randint(): argument 'size' (position 2) must be tuple of ints, not int
    """
    given = list(args)
    if size is None:
        expect(
            len(given) > 0,
            "SHP121",
            "randint() received an invalid combination of arguments - got (), but expected one of:",
            error="TypeError",
        )
        size = given.pop()
    if high is None and given:
        high = given.pop()
    if low is None:
        low = given.pop() if given else 0
    if to_sequence(size) is None and python_type(size) in ("int", "float"):
        where = "" if not args else f" (position {len(args)})"
        wrong = f"randint(): argument 'size'{where} must be tuple of ints, not {python_type(size)}"
        if len(args) == 3:
            kinds = ", ".join(python_type(value) or "int" for value in args)
            wrong = f"randint() received an invalid combination of arguments - got ({kinds}), but expected one of:"
        refuse("SHP118", wrong, message="randint wants a tuple of sizes", error="TypeError")
    shape = sizes_argument((size,), "randint", "size", position=max(len(args), 1))
    expect_sizes(shape, "randint")
    expect_range(low, high)
    name = dtype_argument(dtype, "int64")
    expect_gradient(name, requires_grad)
    made = Tensor(shape, name, device=device_argument(device))
    if isinstance(low, int) and isinstance(high, int) and low < high:
        made.within = (low, high - 1)
    return made


@op("torch.randperm")
def randperm(
    n: Size,
    *,
    generator: Any = None,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """The numbers below n in random order.

    >>> torch.randperm(5)
    (5,) int64
    >>> torch.randperm(-5)
    ! SHP118 Trying to create tensor with negative dimension -5: [-5]
    """
    expect_sizes((n,), "randperm")
    return Tensor((n,), dtype_argument(dtype, "int64"), device=device_argument(device))


@op("torch.eye")
def eye(
    n: Size,
    m: Size | None = None,
    *,
    out: Any = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: Any = None,
    requires_grad: Any = False,
) -> Tensor:
    """Ones on the diagonal of a matrix.

    >>> torch.eye(3)
    (3, 3)
    >>> torch.eye(3, 4)
    (3, 4)
    >>> torch.eye(-3)
    ! SHP118 n must be greater or equal to 0, got -3
    """
    columns = n if m is None else m
    expect_ge(n, 0, "SHP118", lambda: f"n must be greater or equal to 0, got {word(n)}", actual=n)
    expect_ge(columns, 0, "SHP118", lambda: f"m must be greater or equal to 0, got {word(columns)}", actual=columns)
    name = dtype_argument(dtype, "float32")
    expect_gradient(name, requires_grad)
    return Tensor((n, columns), name, device=device_argument(device))


@op("torch.empty_strided")
def empty_strided(
    size: Sizes,
    stride: Sizes,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: Any = False,
    pin_memory: Any = None,
) -> Tensor:
    """New memory with the given strides.

    >>> torch.empty_strided((2, 3), (1, 2))
    (2, 3) strides (1, 2)
    >>> torch.empty_strided((2, 3), (1,))
    ! SHP118 dimensionality of sizes (2) must match dimensionality of strides (1)
    """
    wrong = f"dimensionality of sizes ({len(size)}) must match dimensionality of strides ({len(stride)})"
    expect(len(size) == len(stride), "SHP118", wrong)
    expect_sizes(size, "empty_strided")
    return Tensor(size, dtype_argument(dtype, "float32"), layout_of(size, stride), device=device_argument(device))


@op("torch.empty_permuted")
def empty_permuted(
    size: Sizes,
    physical_layout: Any,
    *,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    requires_grad: Any = False,
    pin_memory: Any = None,
) -> Tensor:
    """New memory in which the axes lie in the given order, slowest first.

    >>> torch.empty_permuted((2, 3, 4), (2, 0, 1))
    (2, 3, 4) strides (3, 1, 6)
    >>> torch.empty_permuted((2, 3), (0, 0))
    ! SHP118 Duplicate dim not allowed
    """
    order = [to_size(place) for place in to_sequence(physical_layout) or ()]
    wrong = (
        f"Number of dimensions in size does not match the length of the physical_layout; i.e. len(size) = {len(size)} "
        f"is not equal to len(physical_layout) = {len(order)}"
    )
    expect(len(order) == len(size), "SHP118", wrong)
    places = [axis(place, len(size)) for place in order if isinstance(place, int)]
    expect(len(set(places)) == len(places), "SHP118", "Duplicate dim not allowed")
    strides: list[Size] = [1] * len(size)
    step: Size = 1
    for place in reversed(places):
        strides[place] = step
        step = step * size[place]
    return Tensor(size, dtype_argument(dtype, "float32"), layout_of(size, tuple(strides)), device=device_argument(device))


@op("torch.multinomial", "Tensor.multinomial", ranks=(2, 1))
def multinomial(input: Tensor, num_samples: Size, replacement: Any = False, *, generator: Any = None, out: Any = None) -> Tensor:
    """Indices drawn with the probabilities that a vector or each row holds.

    >>> torch.multinomial(T(2, 5), 3)
    (2, 3) int64
    >>> torch.multinomial(T(2, 5), 6)
    ! SHP118 cannot sample n_sample > prob_dist.size(-1) samples without replacement
    >>> torch.multinomial(T(2, 3, 5), 1)
    ! SHP107 prob_dist must be 1 or 2 dim
    """
    expect(input.rank in (1, 2), "SHP107", "prob_dist must be 1 or 2 dim", actual=input.rank)
    fits = input.dtype is None or category(input.dtype) == 2
    wrong = f"multinomial only supports floating-point dtypes for input, got: {type_name(input.dtype or '')}"
    expect(fits, "SHP117", wrong, actual=input.dtype)
    expect_ge(num_samples, 1, "SHP118", "cannot sample n_sample <= 0 samples", actual=num_samples)
    if replacement is False:
        many = "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        expect_le(num_samples, input.shape[-1], "SHP118", many, expected=input.shape[-1], actual=num_samples)
    return Tensor((*input.shape[:-1], num_samples), "int64", device=input.device)
