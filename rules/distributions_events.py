"""Distributions of classes, rows and vectors, whose last axes belong to the event; and the distance of two distributions."""

from __future__ import annotations

from shapecheck.book import (
    Any,
    Distribution,
    Tensor,
    Unsure,
    begin_distribution,
    broadcast,
    class_weights,
    current,
    distribution_shapes,
    distribution_tensor,
    expect,
    layer,
    op,
    same,
)


@layer("torch.distributions.Categorical", "torch.distributions.categorical.Categorical", module=False)
class Categorical(Distribution):
    """Indices of classes; the classes are on the last axis of the parameter.

    >>> torch.distributions.Categorical(logits=T(3, 4)).sample((2,))
    (2, 3) int64
    >>> torch.distributions.Categorical(T(3, 4)).log_prob(torch.zeros(5, 3))
    (5, 3) float32
    >>> torch.distributions.Categorical(T(3, 4)).entropy()
    (3,)
    >>> torch.distributions.Categorical(logits=T(3, 4)).log_prob(torch.zeros(4))
    ! SHP103 Value is not broadcastable with batch_shape+event_shape: torch.Size([4]) vs torch.Size([3]).
    >>> torch.distributions.Categorical(T(3), T(3))
    ! SHP202 Either `probs` or `logits` must be specified, but not both.
    """

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: Any = None) -> None:
        weights = class_weights(self, probs, logits)
        begin_distribution(self, weights.shape[:-1], (), weights.dtype, "int64")


@layer("torch.distributions.OneHotCategorical", "torch.distributions.one_hot_categorical.OneHotCategorical", module=False)
class OneHotCategorical(Distribution):
    """One-hot rows; the classes are on the last axis.

    >>> torch.distributions.OneHotCategorical(T(3, 4)).sample((2,))
    (2, 3, 4) float32
    >>> torch.distributions.OneHotCategorical(T(3, 4)).log_prob(torch.eye(4)[:3])
    (3,)
    >>> torch.distributions.OneHotCategorical(T(3, 4)).log_prob(torch.eye(5)[:3])
    ! SHP103 The right-most size of value must match event_shape: torch.Size([3, 5]) vs torch.Size([4]).
    """

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: Any = None) -> None:
        weights = class_weights(self, probs, logits)
        begin_distribution(self, weights.shape[:-1], weights.shape[-1:], weights.dtype)


@layer("torch.distributions.Dirichlet", "torch.distributions.dirichlet.Dirichlet", module=False)
class Dirichlet(Distribution):
    """Rows that sum to one; the classes are on the last axis.

    >>> torch.distributions.Dirichlet(T(3, 4) + 1).rsample((2,))
    (2, 3, 4) float32
    >>> torch.distributions.Dirichlet(T(3, 4) + 1).log_prob(torch.ones(3, 4) / 4)
    (3,)
    >>> torch.distributions.Dirichlet(torch.tensor(1.0))
    ! SHP202 `concentration` parameter must be at least one-dimensional.
    """

    def __init__(self, concentration: Any, validate_args: Any = None) -> None:
        given = distribution_tensor(concentration, "concentration")
        if given is None:
            raise Unsure("a distribution of a number")
        expect(
            given.rank > 0, "SHP202", "`concentration` parameter must be at least one-dimensional.", error="ValueError", actual=given.rank
        )
        begin_distribution(self, given.shape[:-1], given.shape[-1:], given.dtype)


@layer("torch.distributions.MultivariateNormal", "torch.distributions.multivariate_normal.MultivariateNormal", module=False)
class MultivariateNormal(Distribution):
    """Vectors; the batches of the mean and of the matrix broadcast.

    >>> torch.distributions.MultivariateNormal(torch.zeros(2, 3), torch.eye(3)).sample((5,))
    (5, 2, 3) float32
    >>> torch.distributions.MultivariateNormal(torch.zeros(3), scale_tril=torch.eye(3)).log_prob(T(4, 3))
    (4,)
    >>> torch.distributions.MultivariateNormal(torch.zeros(3), torch.eye(3)).log_prob(T(2, 4))
    ! SHP103 The right-most size of value must match event_shape: torch.Size([2, 4]) vs torch.Size([3]).
    """

    def __init__(
        self,
        loc: Any,
        covariance_matrix: Any = None,
        precision_matrix: Any = None,
        scale_tril: Any = None,
        validate_args: Any = None,
    ) -> None:
        mean = distribution_tensor(loc, "loc")
        matrices = [
            distribution_tensor(value, "matrix") for value in (covariance_matrix, precision_matrix, scale_tril) if value is not None
        ]
        matrix = matrices[0] if len(matrices) == 1 else None
        if mean is None or matrix is None or mean.rank < 1 or matrix.rank < 2:
            raise Unsure("a normal distribution without a mean and a matrix")
        if not (same(matrix.shape[-1], mean.shape[-1]).yes and same(matrix.shape[-2], mean.shape[-1]).yes):
            raise Unsure("a normal distribution whose mean and matrix may not fit")
        begin_distribution(
            self, broadcast(matrix.shape[:-2], mean.shape[:-1]), mean.shape[-1:], mean.dtype if mean.dtype == matrix.dtype else None
        )


@layer("torch.distributions.Independent", "torch.distributions.independent.Independent", module=False)
class Independent(Distribution):
    """Another distribution, the last axes of whose batch belong to the event.

    >>> torch.distributions.Independent(torch.distributions.Normal(T(2, 3), T(2, 3) + 1), 1).log_prob(T(2, 3))
    (2,)
    >>> torch.distributions.Independent(torch.distributions.Normal(T(2, 3), T(2, 3) + 1), 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Independent(torch.distributions.Normal(T(3), T(3) + 1), 2)
    ! SHP202 Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual 2 vs 1
    """

    def __init__(self, base_distribution: Any, reinterpreted_batch_ndims: Any, validate_args: Any = None) -> None:
        batch, event, floats, values = distribution_shapes(base_distribution)
        count = current().pinned(reinterpreted_batch_ndims)
        if not isinstance(count, int):
            raise Unsure("a number of axes that is not known")
        sentence = f"Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual {count} vs {len(batch)}"
        expect(count <= len(batch), "SHP202", sentence, error="ValueError", expected=len(batch), actual=count)
        split = len(batch) - count
        begin_distribution(self, batch[:split], (*batch[split:], *event), floats, values, event)


@op("torch.distributions.kl_divergence", "torch.distributions.kl.kl_divergence")
def kl_divergence(p: Any, q: Any) -> Tensor:
    """A number for each of the batch.

    >>> torch.distributions.kl_divergence(torch.distributions.Normal(T(2, 3), T(3) + 1), torch.distributions.Normal(0.0, 1.0))
    (2, 3)
    >>> torch.distributions.kl_divergence(torch.distributions.Normal(T(3), 1.0), torch.distributions.Normal(T(4), 1.0))
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    """
    batch, event, floats, _ = distribution_shapes(p)
    other, other_event, _, _ = distribution_shapes(q)
    if len(event) != len(other_event):
        raise Unsure("distributions of other events")
    return Tensor(broadcast(batch, other), floats, None, None)
