"""One step of a recurrent network: RNNCell, LSTMCell, GRUCell."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Bool,
    Free,
    Poly,
    Size,
    Tensor,
    Unsure,
    brackets,
    current,
    dtype_argument,
    expect,
    expect_eq,
    expect_ge,
    layer,
    multiplied,
    new,
    refuse,
    to_sequence,
    to_tensor,
    word,
)


def _build(self: Any, gates: int, bias: Any, dtype: Any) -> None:
    """weight_ih (gates*hidden, input), weight_hh (gates*hidden, hidden), bias_ih and bias_hh (gates*hidden)."""
    rows, columns = gates * self.hidden_size, self.input_size
    for size, shown, blame in ((rows, (rows, columns), "hidden_size"), (columns, (rows, columns), "input_size")):
        if isinstance(size, (int, Poly)):
            text = f"Trying to create tensor with negative dimension {word(size)}: {brackets(shown)}"
            expect_ge(size, 0, "SHP202", text, blame=blame, actual=size)
    name = dtype_argument(dtype, "float32")
    for part, shape in (
        ("weight_ih", (rows, columns)),
        ("weight_hh", (rows, self.hidden_size)),
        ("bias_ih", (rows,)),
        ("bias_hh", (rows,)),
    ):
        setattr(self, part, None if part.startswith("bias") and bias is False else Tensor(shape, name, role="parameter"))


def _expect_few_axes(tensor: Tensor, what: str, code: str) -> None:
    text = f"{what} to be 1D or 2D, got {tensor.rank}D instead"
    expect(tensor.rank in (1, 2), code, text, error="ValueError", expected=[1, 2], actual=tensor.rank, culprit=tensor)


def _step(self: Any, name: str, input: Tensor, states: tuple[Tensor, ...]) -> Tensor:
    """(N, input_size) or (input_size), and states (N, hidden_size) -> (N, hidden_size); checks in the order of torch._VF."""
    batched = input.rank == 2
    width = self.hidden_size
    expect_eq(
        input.shape[-1],
        self.input_size,
        "SHP101",
        lambda: f"input has inconsistent input_size: got {word(input.shape[-1])} expected {word(self.input_size)}",
        message=lambda: f"{name} wants {word(self.input_size)} features, gets {word(input.shape[-1])}",
        expected=self.input_size,
        actual=input.shape[-1],
        axis=input.rank - 1,
        blame="input_size",
    )
    batch = input.shape[0] if batched else 1
    for place, state in enumerate(states):
        given = state.shape if batched else (1, *state.shape)

        def sizes(given: Any = given, place: int = place) -> str:
            return f"Input batch size {word(batch)} doesn't match hidden{place} batch size {word(given[0])}"

        def widths(given: Any = given, place: int = place) -> str:
            return f"hidden{place} has inconsistent hidden_size: got {word(given[1])}, expected {word(width)}"

        expect_eq(given[0], batch, "SHP114", sizes, expected=batch, actual=given[0], axis=0, culprit=state)
        if len(given) != 2:
            raise Unsure("a hidden state of another rank")
        expect_eq(given[1], width, "SHP114", widths, expected=width, actual=given[1], axis=1, culprit=state, blame="hidden_size")
    multiplied(batch, self.input_size + width, self.weight_ih.shape[0])
    return new((batch, width) if batched else (width,), like=input)


def _one_state(self: Any, name: str, input: Tensor, hx: Tensor | None) -> Tensor:
    _expect_few_axes(input, f"{name}: Expected input", "SHP107")
    if hx is None:
        return _step(self, name, input, ())
    _expect_few_axes(hx, f"{name}: Expected hidden", "SHP114")
    return _step(self, name, input, (hx,))


@layer("nn.RNNCell", ranks={"input": (2, 1), "hx": (2, 1)})
class RNNCell:
    """(N, input_size), (N, hidden_size) -> (N, hidden_size)

    >>> nn.RNNCell(10, 20)(T(3, 10))
    (3, 20)
    >>> nn.RNNCell(10, 20)(T(3, 11))
    ! SHP101 input has inconsistent input_size: got 11 expected 10
    """

    def __init__(
        self, input_size: Size, hidden_size: Size, bias: Bool = True, nonlinearity: Any = "tanh", device: Any = None, dtype: Any = None
    ) -> None:
        _build(self, 1, bias, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        result = _one_state(self, "RNNCell", input, hx)
        kind: Any = self.nonlinearity  # type: ignore[attr-defined]
        if isinstance(kind, str):
            expect(kind in ("tanh", "relu"), "SHP202", f"Unknown nonlinearity: {kind}", blame="nonlinearity")
        return result


@layer("nn.GRUCell", ranks={"input": (2, 1), "hx": (2, 1)})
class GRUCell:
    """(N, input_size), (N, hidden_size) -> (N, hidden_size)

    >>> nn.GRUCell(10, 20)(T(3, 10), T(3, 20))
    (3, 20)
    >>> nn.GRUCell(10, 20)(T(3, 10), T(4, 20))
    ! SHP114 Input batch size 3 doesn't match hidden0 batch size 4
    """

    def __init__(self, input_size: Size, hidden_size: Size, bias: Bool = True, device: Any = None, dtype: Any = None) -> None:
        _build(self, 3, bias, dtype)

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        return _one_state(self, "GRUCell", input, hx)


@layer("nn.LSTMCell", ranks={"input": (2, 1)})
class LSTMCell:
    """(N, input_size), two states (N, hidden_size) -> two states (N, hidden_size)

    >>> nn.LSTMCell(10, 20)(T(3, 10))
    [(3, 20), (3, 20)]
    >>> nn.LSTMCell(10, 20)(T(3, 10), (T(3, 20), T(3, 21)))
    ! SHP114 hidden1 has inconsistent hidden_size: got 21, expected 20
    >>> nn.LSTMCell(10, 20)(T(3, 10), T(3, 20))
    ! SHP114 lstm_cell(): argument 'hx' (position 2) must be tuple of Tensors, not Tensor
    """

    def __init__(self, input_size: Size, hidden_size: Size, bias: Bool = True, device: Any = None, dtype: Any = None) -> None:
        _build(self, 4, bias, dtype)

    def forward(self, input: Tensor, hx: Any = None) -> Any:
        _expect_few_axes(input, "LSTMCell: Expected input", "SHP107")
        hx = current().pinned(hx)
        states: tuple[Tensor, ...] = ()
        if isinstance(hx, Free):
            hx = tuple(Free(f"{hx.name}[{place}]", hx.kind, (hx, f"[{place}]")) for place in range(2))
        if isinstance(hx, Tensor):
            if hx.rank == 2 and input.rank == 2:
                text = "lstm_cell(): argument 'hx' (position 2) must be tuple of Tensors, not Tensor"
                refuse("SHP114", text, error="TypeError", message="LSTMCell takes a pair (hidden, cell), gets one tensor", culprit=hx)
            raise Unsure("a hidden state that is one tensor")
        if hx is not None:
            items = to_sequence(hx)
            if items is None:
                raise Unsure("a hidden state that is not a pair")
            states = tuple(to_tensor(current().pinned(item), (2, 1)) for item in items)
            for place, state in enumerate(states):
                _expect_few_axes(state, f"LSTMCell: Expected hx[{place}]", "SHP114")
            if len(states) < 2 and input.rank == 1:
                raise Unsure("a hidden state that is not a pair")
            if input.rank == 2:
                expect(len(states) == 2, "SHP114", "lstm_cell expects two hidden states", actual=len(states))
        result = _step(self, "LSTMCell", input, states[:2])
        return result, new(result.shape, like=result)
