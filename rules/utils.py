"""torch.nn.utils: clipping gradients, parameters as one vector, and what wraps the weights of a layer and returns the layer."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    External,
    Instance,
    Size,
    Tensor,
    Unsure,
    call,
    current,
    expect,
    facts,
    op,
    refuse,
    spelled,
    to_sequence,
    to_tensor,
    word,
)

UTILS = "torch.nn.utils."
PRUNE = UTILS + "prune."
PARAMETRIZE = UTILS + "parametrize."
PARAMETRIZATIONS = UTILS + "parametrizations."


@op(
    UTILS + "weight_norm",
    UTILS + "remove_weight_norm",
    UTILS + "spectral_norm",
    UTILS + "remove_spectral_norm",
    UTILS + "convert_conv2d_weight_memory_format",
    UTILS + "convert_conv3d_weight_memory_format",
    PARAMETRIZATIONS + "weight_norm",
    PARAMETRIZATIONS + "spectral_norm",
    PARAMETRIZATIONS + "orthogonal",
    PARAMETRIZE + "register_parametrization",
    PARAMETRIZE + "remove_parametrizations",
    PRUNE + "identity",
    PRUNE + "remove",
    PRUNE + "custom_from_mask",
    PRUNE + "l1_unstructured",
    PRUNE + "ln_structured",
    PRUNE + "random_structured",
    PRUNE + "random_unstructured",
    refuses_nothing=True,
)
def wraps_layer(module: Any, *args: Any, **kwargs: Any) -> Any:
    """Computes a weight of the layer from other parameters, of the same shape; returns the layer.

    >>> nn.utils.weight_norm(nn.Linear(20, 30))(T(128, 20))
    (128, 30)
    >>> nn.utils.parametrizations.spectral_norm(nn.Linear(20, 30), n_power_iterations=2)(T(128, 20))
    (128, 30)
    """
    return module


@op(
    UTILS + "clip_grad_norm_",
    UTILS + "clip_grad_norm",
    UTILS + "clip_grad_value_",
    UTILS + "clip_grads_with_norm_",
    refuses_nothing=True,
)
def clip_grad(parameters: Any, *args: Any, **kwargs: Any) -> Tensor | None:
    """The norm of all gradients together, a scalar; what clips by value or by a given norm returns nothing.

    >>> nn.utils.clip_grad_norm_([T(3, 4), T(5)], 1.0)
    ()
    """
    return None if spelled() in ("clip_grad_value_", "clip_grads_with_norm_") else Tensor((), "float32")


@op(UTILS + "get_total_norm", refuses_nothing=True)
def get_total_norm(tensors: Any, norm_type: Any = 2.0, error_if_nonfinite: Any = False, foreach: Any = None) -> Tensor:
    """The norm of all tensors together: a scalar.

    >>> nn.utils.get_total_norm([T(3, 4), T(5)])
    ()
    """
    return Tensor((), "float32")


def _parameters(parameters: Any) -> tuple[Tensor, ...]:
    items = to_sequence(current().pinned(parameters))
    if items is None:
        raise Unsure("parameters of unknown number")
    return tuple(to_tensor(current().pinned(item)) for item in items)


@op(UTILS + "parameters_to_vector")
def parameters_to_vector(parameters: Any) -> Tensor:
    """All parameters in one vector.

    >>> nn.utils.parameters_to_vector([T(3, 4), T(5)])
    (17,)
    >>> nn.utils.parameters_to_vector([])
    ! SHP106 torch.cat(): expected a non-empty list of Tensors
    """
    tensors = _parameters(parameters)
    text = "torch.cat(): expected a non-empty list of Tensors"
    expect(len(tensors) > 0, "SHP106", text, error="ValueError", message="parameters_to_vector of no parameters")
    total: Size = 0
    for tensor in tensors:
        total = total + tensor.numel()
    return Tensor((total,), tensors[0].dtype if len({tensor.dtype for tensor in tensors}) == 1 else None)


@op(UTILS + "vector_to_parameters")
def vector_to_parameters(vec: Tensor, parameters: Any) -> None:
    """Cuts a vector into the parameters; what is left over is not used.

    >>> nn.utils.vector_to_parameters(T(17), [T(3, 4), T(5)])
    None
    >>> nn.utils.vector_to_parameters(T(16), [T(3, 4), T(5)])
    ! SHP104 shape '[5]' is invalid for input of size 4
    """
    if vec.rank != 1:
        raise Unsure("parameters from a tensor that is no vector")
    place: Size = 0
    for tensor in _parameters(parameters):
        left = facts().simplify(vec.shape[0] - place)
        count = tensor.numel()
        if facts().lt(left, count).yes:
            sizes = ", ".join(map(word, tensor.shape))
            left = left if facts().ge(left, 0).yes else 0
            refuse("SHP104", f"shape '[{sizes}]' is invalid for input of size {word(left)}", expected=count, actual=left)
        place = place + count


@op(UTILS + "skip_init", refuses_nothing=True)
def skip_init(module_cls: Any, *args: Any, **kwargs: Any) -> Any:
    """A layer whose parameters are not initialised.

    >>> nn.utils.skip_init(nn.Linear, 20, 30)(T(128, 20))
    (128, 30)
    """
    return call(module_cls, *args, **kwargs)


@op(UTILS + "fuse_conv_bn_eval", refuses_nothing=True)
def fuse_conv_bn_eval(conv: Any, bn: Any, transpose: Any = False) -> Any:
    """A copy of a convolution with the batch norm behind it worked in; it has a bias in any case.

    >>> nn.utils.fuse_conv_bn_eval(nn.Conv2d(3, 8, 3).eval(), nn.BatchNorm2d(8).eval())(T(2, 3, 9, 9))
    (2, 8, 7, 7)
    """
    return _fused(conv, 1 if transpose is True else 0)


@op(UTILS + "fuse_linear_bn_eval", refuses_nothing=True)
def fuse_linear_bn_eval(linear: Any, bn: Any) -> Any:
    """A copy of a linear layer with the batch norm behind it worked in; it has a bias in any case.

    >>> nn.utils.fuse_linear_bn_eval(nn.Linear(20, 30).eval(), nn.BatchNorm1d(30).eval())(T(128, 20))
    (128, 30)
    """
    return _fused(linear, 0)


def _fused(layer: Any, axis: int) -> Any:
    if not isinstance(layer, Instance):
        raise Unsure("a layer that is not known")
    fused = call(External("copy.deepcopy"), layer)
    weight = layer.attrs.get("weight")
    if isinstance(fused, Instance) and fused is not layer and isinstance(weight, Tensor) and layer.attrs.get("bias") is None:
        fused.attrs["bias"] = Tensor((weight.shape[axis],), weight.dtype, role="parameter")
    return fused
