"""Distributions of numbers: their parameters broadcast to the batch."""

from __future__ import annotations

from shapecheck.book import Any, Continuous, Distribution, Tensor, Unsure, elementwise_distribution, layer, probs_or_logits


@layer("torch.distributions.Normal", "torch.distributions.normal.Normal", module=False)
class Normal(Continuous):
    """Two parameters that broadcast.

    >>> torch.distributions.Normal(T(2, 3) + 1, T(3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Normal(T(3) + 1, T(4) + 1)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    """

    def __init__(self, loc: Any, scale: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, loc=loc, scale=scale)


@layer("torch.distributions.LogNormal", "torch.distributions.log_normal.LogNormal", module=False)
class LogNormal(Continuous):
    """Two parameters that broadcast.

    >>> torch.distributions.LogNormal(T(2, 3) + 1, T(3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.LogNormal(T(3) + 1, T(4) + 1)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    """

    def __init__(self, loc: Any, scale: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, loc=loc, scale=scale)


@layer("torch.distributions.Laplace", "torch.distributions.laplace.Laplace", module=False)
class Laplace(Continuous):
    """Two parameters that broadcast.

    >>> torch.distributions.Laplace(T(2, 3) + 1, T(3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Laplace(T(3) + 1, T(4) + 1)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    """

    def __init__(self, loc: Any, scale: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, loc=loc, scale=scale)


@layer("torch.distributions.Cauchy", "torch.distributions.cauchy.Cauchy", module=False)
class Cauchy(Continuous):
    """Two parameters that broadcast.

    >>> torch.distributions.Cauchy(T(2, 3) + 1, T(3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Cauchy(T(3) + 1, T(4) + 1)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    """

    def __init__(self, loc: Any, scale: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, loc=loc, scale=scale)


@layer("torch.distributions.Gumbel", "torch.distributions.gumbel.Gumbel", module=False)
class Gumbel(Continuous):
    """Two parameters that broadcast.

    >>> torch.distributions.Gumbel(T(2, 3) + 1, T(3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Gumbel(T(3) + 1, T(4) + 1)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    """

    def __init__(self, loc: Any, scale: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, loc=loc, scale=scale)


@layer("torch.distributions.Uniform", "torch.distributions.uniform.Uniform", module=False)
class Uniform(Continuous):
    """Two parameters that broadcast.

    >>> torch.distributions.Uniform(T(2, 3), T(3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Uniform(T(3), T(4) + 1)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    """

    def __init__(self, low: Any, high: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, low=low, high=high)


@layer("torch.distributions.Beta", "torch.distributions.beta.Beta", module=False)
class Beta(Distribution):
    """Two parameters that broadcast.

    >>> torch.distributions.Beta(T(2, 3) + 1, T(3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Beta(T(3) + 1, T(4) + 1)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    """

    def __init__(self, concentration1: Any, concentration0: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, concentration1=concentration1, concentration0=concentration0)


@layer("torch.distributions.Gamma", "torch.distributions.gamma.Gamma", module=False)
class Gamma(Distribution):
    """Two parameters that broadcast.

    >>> torch.distributions.Gamma(T(2, 3) + 1, T(3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Gamma(T(3) + 1, T(4) + 1)
    ! SHP103 The size of tensor a (3) must match the size of tensor b (4) at non-singleton dimension 0
    """

    def __init__(self, concentration: Any, rate: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, concentration=concentration, rate=rate)


@layer("torch.distributions.Exponential", "torch.distributions.exponential.Exponential", module=False)
class Exponential(Continuous):
    """One parameter, which is the batch.

    >>> torch.distributions.Exponential(T(2, 3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Exponential(T(3) + 1).log_prob(torch.ones(4))
    ! SHP103 Value is not broadcastable with batch_shape+event_shape: torch.Size([4]) vs torch.Size([3]).
    """

    def __init__(self, rate: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, rate=rate)


@layer("torch.distributions.Poisson", "torch.distributions.poisson.Poisson", module=False)
class Poisson(Distribution):
    """One parameter, which is the batch.

    >>> torch.distributions.Poisson(T(2, 3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Poisson(T(3) + 1).log_prob(torch.ones(4))
    ! SHP103 Value is not broadcastable with batch_shape+event_shape: torch.Size([4]) vs torch.Size([3]).
    """

    def __init__(self, rate: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, rate=rate)

    def entropy(self) -> Tensor:
        raise Unsure("the entropy of a Poisson distribution")


@layer("torch.distributions.HalfNormal", "torch.distributions.half_normal.HalfNormal", module=False)
class HalfNormal(Continuous):
    """One parameter, which is the batch.

    >>> torch.distributions.HalfNormal(T(2, 3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.HalfNormal(T(3) + 1).log_prob(torch.ones(4))
    ! SHP103 Value is not broadcastable with batch_shape+event_shape: torch.Size([4]) vs torch.Size([3]).
    """

    def __init__(self, scale: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, scale=scale)


@layer("torch.distributions.Chi2", "torch.distributions.chi2.Chi2", module=False)
class Chi2(Distribution):
    """One parameter, which is the batch.

    >>> torch.distributions.Chi2(T(2, 3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.Chi2(T(3) + 1).log_prob(torch.ones(4))
    ! SHP103 Value is not broadcastable with batch_shape+event_shape: torch.Size([4]) vs torch.Size([3]).
    """

    def __init__(self, df: Any, validate_args: Any = None) -> None:
        elementwise_distribution(self, df=df)


@layer("torch.distributions.StudentT", "torch.distributions.studentT.StudentT", module=False)
class StudentT(Distribution):
    """Three parameters that broadcast.

    >>> torch.distributions.StudentT(T(2, 3) + 1).sample((5,))
    (5, 2, 3)
    >>> torch.distributions.StudentT(T(3) + 1).sample(5)
    ! SHP118 'int' object is not iterable
    """

    def __init__(self, df: Any, loc: Any = 0.0, scale: Any = 1.0, validate_args: Any = None) -> None:
        elementwise_distribution(self, df=df, loc=loc, scale=scale)


@layer("torch.distributions.Bernoulli", "torch.distributions.bernoulli.Bernoulli", module=False)
class Bernoulli(Distribution):
    """Zeros and ones, in the dtype of the parameter.

    >>> torch.distributions.Bernoulli(T(2, 3)).sample((5,))
    (5, 2, 3) float32
    >>> torch.distributions.Bernoulli(logits=T(2, 3)).log_prob(torch.ones(3))
    (2, 3)
    >>> torch.distributions.Bernoulli(T(3)).log_prob(torch.ones(4))
    ! SHP103 Value is not broadcastable with batch_shape+event_shape: torch.Size([4]) vs torch.Size([3]).
    """

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: Any = None) -> None:
        given = probs_or_logits(probs, logits)
        elementwise_distribution(self, probs=given, logits=given)


@layer("torch.distributions.Geometric", "torch.distributions.geometric.Geometric", module=False)
class Geometric(Distribution):
    """Numbers of failures, in the dtype of the parameter.

    >>> torch.distributions.Geometric(T(2, 3) * 0.5 + 0.1).sample((5,))
    (5, 2, 3) float32
    >>> torch.distributions.Geometric(T(3) * 0.5 + 0.1).log_prob(torch.ones(4))
    ! SHP103 Value is not broadcastable with batch_shape+event_shape: torch.Size([4]) vs torch.Size([3]).
    """

    def __init__(self, probs: Any = None, logits: Any = None, validate_args: Any = None) -> None:
        given = probs_or_logits(probs, logits)
        elementwise_distribution(self, probs=given, logits=given)
