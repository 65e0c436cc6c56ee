"""Recurrent layers over whole sequences (RNN, LSTM, GRU), padded or packed."""

from __future__ import annotations

from shapecheck.book import (
    CONTIGUOUS,
    FLOATS,
    Any,
    Free,
    ListValue,
    Packed,
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
    expect_le,
    facts,
    layer,
    multiplied,
    parens,
    refuse,
    times,
    to_sequence,
    to_tensor,
    true_product,
    word,
)

GATES = {"LSTM": 4, "GRU": 3, "RNN_TANH": 1, "RNN_RELU": 1}
DROPOUT = "dropout should be a number in range [0, 1] representing the probability of an element being zeroed"


def _is_size(value: Any) -> bool:
    return isinstance(value, (int, Poly)) and not isinstance(value, bool)


def _build(self: Any, mode: str, dtype: Any) -> None:
    """The checks and the parameters of RNNBase.__init__, in its order."""
    self.mode = mode
    if isinstance(self.dropout, (bool, int, float)):
        expect(not isinstance(self.dropout, bool) and 0 <= self.dropout <= 1, "SHP202", DROPOUT, error="ValueError", blame="dropout")
        self.dropout = float(self.dropout)
    for name in ("bias", "batch_first"):
        value = getattr(self, name)
        if isinstance(value, (int, float, str, Poly)) and not isinstance(value, bool):
            kind = "int" if isinstance(value, Poly) else type(value).__name__
            refuse("SHP202", f"{name} should be of type bool, got: {kind}", error="TypeError", blame=name)
    for name in ("input_size", "hidden_size"):
        value = getattr(self, name)
        expect(not isinstance(value, float), "SHP202", f"{name} should be of type int, got: float", error="TypeError", blame=name)
        if _is_size(value):
            expect_ge(value, 1, "SHP202", f"{name} must be greater than zero", error="ValueError", blame=name, actual=value)
    if _is_size(self.num_layers):
        text = "num_layers must be greater than zero"
        expect_ge(self.num_layers, 1, "SHP202", text, error="ValueError", blame="num_layers", actual=self.num_layers)
    if _is_size(self.proj_size):
        text = "proj_size should be a positive integer or zero to disable projections"
        expect_ge(self.proj_size, 0, "SHP202", text, error="ValueError", blame="proj_size")
        if _is_size(self.hidden_size):
            text = "proj_size has to be smaller than hidden_size"
            expect_le(self.proj_size + 1, self.hidden_size, "SHP202", text, error="ValueError", blame="proj_size")
    _parameters(self, GATES[mode], dtype_argument(dtype, "float32"))


def _parameters(self: Any, gates: int, dtype: str | None) -> None:
    """weight_ih_l0, weight_hh_l0, bias_ih_l0 … for each layer and direction, where their number is known."""
    sizes = (self.input_size, self.hidden_size, self.proj_size)
    if not (all(map(_is_size, sizes)) and isinstance(self.bidirectional, (bool, int))):
        return
    projected = facts().gt(self.proj_size, 0)
    if projected.maybe or not isinstance(self.num_layers, int):
        return
    rows = gates * self.hidden_size
    width = self.proj_size if projected.yes else self.hidden_size
    directions = 2 if self.bidirectional else 1

    def parameter(*shape: Size) -> Tensor:
        return Tensor(shape, dtype, role="parameter")

    for level in range(self.num_layers):
        for suffix in (f"l{level}", f"l{level}_reverse")[:directions]:
            setattr(self, f"weight_ih_{suffix}", parameter(rows, self.input_size if level == 0 else width * directions))
            setattr(self, f"weight_hh_{suffix}", parameter(rows, width))
            if self.bias:
                setattr(self, f"bias_ih_{suffix}", parameter(rows))
                setattr(self, f"bias_hh_{suffix}", parameter(rows))
            if projected.yes:
                setattr(self, f"weight_hr_{suffix}", parameter(self.proj_size, self.hidden_size))


class _Call:
    """One call of a recurrent layer: what its options make of the input, and the shapes of outputs and states."""

    def __init__(self, layer: Any, input: Any) -> None:
        self.layer = layer
        for name in ("batch_first", "bidirectional"):
            if not isinstance(getattr(layer, name), (bool, int)):
                raise Unsure(f"{name} is not known")
        projected = facts().gt(layer.proj_size, 0)
        if projected.maybe:
            raise Unsure("whether there is a projection is not known")
        self.projected = projected.yes
        self.width: Size = layer.proj_size if projected.yes else layer.hidden_size
        self.directions = 2 if layer.bidirectional else 1
        self.packed = input if isinstance(input, Packed) else None
        self.input = self.packed[0] if self.packed is not None else to_tensor(input, (3, 2))
        self.batched = self.packed is not None or self.input.rank == 3

    def check_rank(self, name: str, sentence: str) -> None:
        if self.packed is None:
            rank = self.input.rank
            text = f"{name}: Expected input to be 2D or 3D, got {rank}D{sentence} instead"
            expect(rank in (2, 3), "SHP107", text, error="ValueError", message=f"{name} wants 2 or 3 axes, gets {rank}", actual=rank)

    @property
    def batch(self) -> Size:
        if self.packed is not None:
            return self.packed.batch
        return 1 if not self.batched else self.input.shape[0 if self.layer.batch_first else 1]

    @property
    def steps(self) -> Size:
        return self.input.shape[0] if not self.batched else self.input.shape[1 if self.layer.batch_first else 0]

    def check_input(self) -> None:
        layer, input = self.layer, self.input
        if input.dtype is not None and input.dtype not in FLOATS:  # whether `.half()` or autocast has changed the weights is not known here
            refuse(
                "SHP117",
                f"RNN input dtype (torch.{input.dtype}) does not match weight dtype (torch.float32). "
                f"Convert input: input.to(torch.float32), or convert model: model.to(torch.{input.dtype})",
                error="ValueError",
                message=f"a recurrent layer wants floats, gets {input.dtype}",
                expected="float32",
                actual=input.dtype,
            )
        details = {"expected": layer.input_size, "actual": input.shape[-1], "axis": input.rank - 1, "blame": "input_size"}
        details["message"] = lambda: f"{layer.mode.partition('_')[0]} wants {word(layer.input_size)} features, gets {word(input.shape[-1])}"
        if self.packed is not None:
            if input.rank != 2:
                raise Unsure("packed sequences of more or fewer than 2 axes")
            if layer.mode == "LSTM":  # nothing is checked beforehand
                rows = GATES[layer.mode] * layer.hidden_size
                text = f"mat1 and mat2 shapes cannot be multiplied ({times(input.shape)} and {times((layer.input_size, rows))})"
                expect_eq(input.shape[-1], layer.input_size, "SHP101", text, **details)
                return
        expect_eq(
            input.shape[-1],
            layer.input_size,
            "SHP101",
            lambda: f"input.size(-1) must be equal to input_size. Expected {word(layer.input_size)}, got {word(input.shape[-1])}",
            **details,
        )

    def check_steps(self) -> None:
        if self.packed is None:
            expect_ge(self.steps, 1, "SHP118", "Expected sequence length to be larger than 0 in RNN", actual=0)

    def multiply(self) -> None:
        """The products with the weights of every level and direction, and with its projection."""
        layer, levels = self.layer, self.layer.num_layers
        rows = true_product(self.input.shape[:-1])
        gates = GATES[layer.mode] * layer.hidden_size * self.directions
        multiplied(rows, layer.input_size, gates)
        multiplied(rows, levels - 1, self.width * self.directions, gates)
        multiplied(rows, levels, self.width, gates)
        if self.projected:
            multiplied(rows, levels, layer.hidden_size, self.width, self.directions)

    def state_shape(self, width: Size) -> tuple[Size, ...]:
        return (self.layer.num_layers * self.directions, self.batch, width)

    def check_state(self, state: Tensor, width: Size, label: str) -> None:
        """(layers * directions, N, width), or without N for an unbatched input."""
        wanted = self.state_shape(width)
        given = state.shape if self.batched else (state.shape[0], 1, state.shape[1])

        def sentence() -> str:
            return f"Expected {label} size {parens(wanted)}, got {brackets(given)}"

        layers = "num_layers" if self.directions == 1 else "2*num_layers"
        names = (layers, "N", "proj_size" if self.projected and label != "hidden[1]" else "hidden_size")
        for axis, (size, want) in enumerate(zip(given, wanted, strict=True)):
            message = f"{label} of ({', '.join(names)}) wants {names[axis]} = {word(want)}, gets {word(size)}"
            details = {"expected": list(wanted), "actual": list(given), "axis": axis, "culprit": state, "blame": "hidden_size"}
            details["message"] = message
            expect_eq(size, want, "SHP114", sentence, **details)

    def state(self, width: Size) -> Tensor:
        shape = self.state_shape(width)
        return Tensor(shape if self.batched else (shape[0], shape[2]), self.input.dtype, device=self.input.device)

    def output(self) -> Any:
        self.multiply()
        width = self.width * self.directions
        if self.packed is not None:
            _, batch_sizes, order, back = self.packed
            data = Tensor((self.input.shape[0], width), self.input.dtype)
            return Packed.make(data, batch_sizes, order, back, self.packed.batch)
        layout: Any = CONTIGUOUS
        shape: tuple[Size, ...] = (self.steps, width)
        if self.batched:
            shape = (self.steps, self.batch, width)
            if self.layer.batch_first:  # computed with the steps in front, then seen through a transposition
                shape, layout = (self.batch, self.steps, width), (width, width * self.batch, 1)
        return Tensor(shape, self.input.dtype, layout=layout, device=self.input.device)


class _Recurrent:
    """RNN and GRU: one hidden state."""

    def flatten_parameters(self) -> None:
        return None


def _one_state(self: Any, input: Any, hx: Any, name: str, rank_words: str) -> tuple[Any, Tensor]:
    call = _Call(self, current().pinned(input))
    call.check_rank(name, rank_words)
    hx = current().pinned(hx)
    hidden = None
    if hx is not None:
        if isinstance(hx, (tuple, ListValue)):
            kind = "tuple" if isinstance(hx, tuple) else "list"
            text = f"'{kind}' object has no attribute 'dim'"
            refuse("SHP114", text, error="AttributeError", message=f"{name} takes one hidden state, gets a {kind}")
        wanted = 3 if call.batched else 2
        hidden = to_tensor(hx, (wanted,))
        if call.packed is not None:
            if hidden.rank != 3:
                raise Unsure("a hidden state of another rank for a packed sequence")
        else:
            expect(
                hidden.rank == wanted,
                "SHP114",
                f"For {'' if call.batched else 'un'}batched {wanted}-D input, hx should also be {wanted}-D but got {hidden.rank}-D tensor",
                expected=wanted,
                actual=hidden.rank,
                culprit=hidden,
            )
    call.check_input()
    if hidden is not None:
        call.check_state(hidden, call.width, "hidden")
    call.check_steps()
    return call.output(), call.state(call.width)


@layer("nn.RNN", ranks={"input": (3, 2)})
class RNN(_Recurrent):
    """(L, N, input_size) -> (L, N, directions*hidden_size) and the last state (layers*directions, N, hidden_size).

    >>> nn.RNN(10, 20, 2)(T(5, 3, 10))
    [(5, 3, 20), (2, 3, 20)]
    >>> nn.RNN(10, 20)(T(5, 3, 10), T(3, 20))
    ! SHP114 For batched 3-D input, hx should also be 3-D but got 2-D tensor
    >>> nn.RNN(10, 20, nonlinearity="sigmoid")
    ! SHP202 Unknown nonlinearity 'sigmoid'. Select from 'tanh' or 'relu'.
    """

    def __init__(
        self,
        input_size: Size,
        hidden_size: Size,
        num_layers: Size = 1,
        nonlinearity: Any = "tanh",
        bias: Any = True,
        batch_first: Any = False,
        dropout: Any = 0.0,
        bidirectional: Any = False,
        proj_size: Any = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        _no_projection(proj_size)
        if isinstance(nonlinearity, str):
            text = f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'."
            expect(nonlinearity in ("tanh", "relu"), "SHP202", text, error="ValueError", blame="nonlinearity")
        _build(self, "RNN_RELU" if nonlinearity == "relu" else "RNN_TANH", dtype)

    def forward(self, input: Any, hx: Any = None) -> Any:
        return _one_state(self, input, hx, "RNN", " tensor")


def _no_projection(proj_size: Any) -> None:
    text = "proj_size argument is only supported for LSTM, not RNN or GRU"
    expect(not _is_size(proj_size) or proj_size == 0, "SHP202", text, error="ValueError", blame="proj_size")


@layer("nn.GRU", ranks={"input": (3, 2)})
class GRU(_Recurrent):
    """(L, N, input_size) -> (L, N, directions*hidden_size) and the last state (layers*directions, N, hidden_size).

    >>> nn.GRU(10, 20, batch_first=True, bidirectional=True)(T(5, 3, 10))
    [(5, 3, 40), (2, 5, 20)]
    >>> nn.GRU(10, 20)(T(5, 3, 11))
    ! SHP101 input.size(-1) must be equal to input_size. Expected 10, got 11
    >>> nn.GRU(10, 20)(T(5, 3, 10), T(1, 4, 20))
    ! SHP114 Expected hidden size (1, 3, 20), got [1, 4, 20]
    """

    def __init__(
        self,
        input_size: Size,
        hidden_size: Size,
        num_layers: Size = 1,
        bias: Any = True,
        batch_first: Any = False,
        dropout: Any = 0.0,
        bidirectional: Any = False,
        proj_size: Any = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        _no_projection(proj_size)
        _build(self, "GRU", dtype)

    def forward(self, input: Any, hx: Any = None) -> Any:
        return _one_state(self, input, hx, "GRU", "")


@layer("nn.LSTM", ranks={"input": (3, 2)})
class LSTM(_Recurrent):
    """(L, N, input_size) -> (L, N, directions*width), and the last hidden and cell states; width is proj_size or hidden_size.

    >>> nn.LSTM(10, 20, 2, batch_first=True)(T(3, 5, 10))
    [(3, 5, 20), [(2, 3, 20), (2, 3, 20)]]
    >>> nn.LSTM(10, 20, proj_size=4)(T(5, 10))
    [(5, 4), [(1, 4), (1, 20)]]
    >>> nn.LSTM(10, 20, 2, bidirectional=True).weight_ih_l1_reverse
    (80, 40)
    >>> nn.LSTM(10, 20)(T(5, 3, 10), (T(1, 4, 20), T(1, 4, 20)))
    ! SHP114 Expected hidden[0] size (1, 3, 20), got [1, 4, 20]
    >>> nn.LSTM(10, 20)(T(5, 3, 10), (T(1, 3, 20), T(1, 3, 20), T(1, 3, 20)))
    ! SHP114 lstm expects two hidden states
    >>> nn.LSTM(10, 20)(T(5, 3, 10, 1))
    ! SHP107 LSTM: Expected input to be 2D or 3D, got 4D instead
    >>> nn.LSTM(10, 0)
    ! SHP202 hidden_size must be greater than zero
    """

    def __init__(
        self,
        input_size: Size,
        hidden_size: Size,
        num_layers: Size = 1,
        bias: Any = True,
        batch_first: Any = False,
        dropout: Any = 0.0,
        bidirectional: Any = False,
        proj_size: Size = 0,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        _build(self, "LSTM", dtype)

    def forward(self, input: Any, hx: Any = None) -> Any:
        call = _Call(self, current().pinned(input))
        call.check_rank("LSTM", "")
        states = _pair(current().pinned(hx), call)
        cell_width: Size = self.hidden_size  # type: ignore[attr-defined]
        call.check_input()
        if states is not None and call.packed is None:
            call.check_state(states[0], call.width, "hidden[0]")
            call.check_state(states[1], cell_width, "hidden[1]")
        call.check_steps()
        given = to_sequence(current().pinned(hx)) if states is not None and not isinstance(hx, Tensor) else None
        expect(given is None or len(given) == 2, "SHP114", "lstm expects two hidden states", expected=2, actual=len(given or ()))
        return call.output(), (call.state(call.width), call.state(cell_width))


def _pair(hx: Any, call: _Call) -> tuple[Tensor, Tensor] | None:
    """The hidden and the cell state that were handed over."""
    if hx is None:
        return None
    wanted = 3 if call.batched else 2
    if isinstance(hx, Free):
        hx = tuple(Free(f"{hx.name}[{place}]", hx.kind, (hx, f"[{place}]")) for place in range(2))
    if isinstance(hx, Tensor) and hx.rank >= 1:
        if facts().eq(hx.shape[0], 1).yes:
            text = "index 1 is out of bounds for dimension 0 with size 1"
            refuse("SHP114", text, error="IndexError", message="LSTM takes a pair (hidden, cell), gets one tensor", culprit=hx)
        ranks = (hx.rank - 1, hx.rank - 1)
        items: tuple[Any, ...] = ()
    else:
        items = (to_sequence(hx) or ())[:2]
        if len(items) != 2:
            raise Unsure("a hidden state that is not a pair")
        items = tuple(to_tensor(current().pinned(item), (wanted,)) for item in items)
        ranks = (items[0].rank, items[1].rank)
    if call.packed is None:
        expect(
            ranks == (wanted, wanted),
            "SHP114",
            f"For {'' if call.batched else 'un'}batched {wanted}-D input, hx and cx should also be {wanted}-D "
            f"but got ({ranks[0]}-D, {ranks[1]}-D) tensors",
            expected=wanted,
            actual=list(ranks),
        )
    if not items or ranks != (wanted, wanted):
        raise Unsure("a hidden state that is not a pair")
    return items[0], items[1]
