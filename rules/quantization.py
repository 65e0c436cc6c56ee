"""Layers that stand in a model for what quantization will put there: until then they compute as floats do."""

from __future__ import annotations

from shapecheck.book import Any, External, Tensor, build, call, layer, refuse


class _Stub:
    """The input, as it came."""

    def __init__(self, qconfig: Any = None) -> None:
        pass

    def forward(self, x: Any) -> Any:
        return x


@layer(
    "torch.ao.quantization.QuantStub",
    "torch.quantization.QuantStub",
    "torch.ao.quantization.stubs.QuantStub",
    "torch.quantization.stubs.QuantStub",
    lazy=True,
    refuses_nothing=True,
)
class QuantStub(_Stub):
    """Where the input is to be quantized; until then it passes.

    >>> torch.ao.quantization.QuantStub()(T(2, 3))
    (2, 3) float32
    """


@layer(
    "torch.ao.quantization.DeQuantStub",
    "torch.quantization.DeQuantStub",
    "torch.ao.quantization.stubs.DeQuantStub",
    "torch.quantization.stubs.DeQuantStub",
    lazy=True,
    refuses_nothing=True,
)
class DeQuantStub(_Stub):
    """Where the output is to be floating-point numbers again; until then it passes.

    >>> torch.ao.quantization.DeQuantStub()(T(2, 3))
    (2, 3) float32
    """


@layer("torch.ao.nn.quantized.FloatFunctional", "torch.nn.quantized.FloatFunctional", "torch.ao.nn.quantized.modules.FloatFunctional")
class FloatFunctional:
    """Sums, products and joins as a layer, so that quantization finds them; it is called by its methods.

    >>> torch.ao.nn.quantized.FloatFunctional().add(T(2, 3), T(3))
    (2, 3) float32
    >>> torch.ao.nn.quantized.FloatFunctional().cat([T(2, 3), T(2, 5)], 1)
    (2, 8)
    >>> torch.ao.nn.quantized.FloatFunctional().add(T(8, 64, 56, 56), T(8, 64, 28, 28))
    ! SHP103 The size of tensor a (56) must match the size of tensor b (28) at non-singleton dimension 3
    >>> torch.ao.nn.quantized.FloatFunctional().matmul(T(2, 3), T(4, 5))
    ! SHP102 mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)
    """

    activation_post_process: Any

    def __init__(self) -> None:
        self.activation_post_process = build("torch.nn.Identity")

    def forward(self, x: Any) -> Tensor:
        refuse("SHP121", "FloatFunctional is not intended to use the 'forward'. Please use the underlying operation", error="RuntimeError")

    def add(self, x: Any, y: Any) -> Any:
        return call(External("torch.add"), x, y)

    def add_scalar(self, x: Any, y: Any) -> Any:
        return call(External("torch.add"), x, y)

    def mul(self, x: Any, y: Any) -> Any:
        return call(External("torch.mul"), x, y)

    def mul_scalar(self, x: Any, y: Any) -> Any:
        return call(External("torch.mul"), x, y)

    def add_relu(self, x: Any, y: Any) -> Any:
        return call(External("torch.relu"), call(External("torch.add"), x, y))

    def matmul(self, x: Any, y: Any) -> Any:
        return call(External("torch.matmul"), x, y)

    def cat(self, x: Any, dim: Any = 0) -> Any:
        return call(External("torch.cat"), x, dim)
