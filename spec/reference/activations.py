"""Activations, distances and what else in nn.functional has no parameters of its own, in all their options."""

from itertools import product

from golden import B, FLOAT, Family, I, N, T, U, inf, nan, needs_mersenne_bernoulli

needs_mersenne_bernoulli()
family = Family("activations")
make = family.write
F = "nn.functional"


def case(fn, *args, ns=F, **options):
    family.case(fn, *args, ns=ns, **options)


def error(fn, *args, ns=F, **options):
    family.error(fn, *args, ns=ns, **options)


# Fewer than 16 elements: from there on PyTorch's vectorized loops answer NaN otherwise than its scalar ones.
EDGE = T([0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 3.0, -3.0, 6.0, 20.0, -20.0, 1e4, -1e4])
INFINITE = T([nan, inf, -inf])
TAILS = T([-3.0, -4.0, -5.0, -8.0, -15.0, -40.0, -90.0, 15.0, 17.5, 40.0, 90.0, 1e-4, -1e-4, 1e-6])

# one tensor, and its options
SMOOTH = {
    "logsigmoid": [{}],
    "softplus": [{}, {"beta": 2}, {"beta": 0.5, "threshold": 5}, {"threshold": 1}, {"beta": 3, "threshold": 20}, {"beta": -1}],
    "elu": [{}, {"alpha": 0.5}, {"alpha": 2}, {"alpha": 0}, {"alpha": -1}],
    "selu": [{}],
    "celu": [{}, {"alpha": 0.5}, {"alpha": 2}, {"alpha": -1}],
    "gelu": [{}, {"approximate": "none"}, {"approximate": "tanh"}],
    "silu": [{}],
    "mish": [{}],
    "softsign": [{}],
    "tanhshrink": [{}],
}
for fn, all_options in SMOOTH.items():
    for options in all_options:
        case(fn, N(3, 4, scale=2), second=True, **options)
        case(fn, EDGE, second=True, note="edge values", **options)
        case(fn, INFINITE, note="NaN and infinities", **options)
        case(fn, TAILS, note="tails", **options)
    for shape in [[], [1], [0], [2, 0, 3], [2, 3, 2], [9, 9]]:
        case(fn, N(*shape))
    if fn not in ["softsign", "tanhshrink"]:
        error(fn, I(3))
    error(fn, B(3))
for fn in ["softsign", "tanhshrink"]:
    case(fn, I(5, low=-2, high=3))
error("gelu", N(3), approximate="erf")
error("celu", N(3), 0)
for fn in ["selu", "celu"]:
    case(fn, N(2, 3), ns="")
case("celu", N(2, 3), 2, ns="")

# normalize, cosineSimilarity, pairwiseDistance, pdist
for p, dim in product([1, 2, 3, 0.5, inf], [0, 1, -1]):
    case("normalize", N(3, 4), p, dim=dim)
case("normalize", N(3, 4), second=True, note="twice")
case("normalize", N(2, 3, 4), 2, dim=[0, 2])
case("normalize", N(3, 4), eps=10, note="below eps")
case("normalize", T([[0.0, 0.0], [3.0, 4.0]]), note="a row of zeros")
case("normalize", T([[nan, 1.0], [inf, 1.0], [1e4, -1e4]]))
for p in [1, 2, 3]:
    case("normalize", T([[1e20], [1e-30], [3.0], [-2.0]]), p, eps=0, second=p == 2, note="of one element")
case("normalize", N(4), dim=0)
case("normalize", N(0, 3))
case("normalize", N(3, 0))
case("normalize", N(), dim=0)
error("normalize", N(4))
error("normalize", I(2, 3))

for a, b in [([3, 4], [3, 4]), ([3, 4], [1, 4]), ([2, 3, 4], [3, 4]), ([2, 4, 1], [4, 3]), ([0, 3], [0, 3]), ([2, 0], [2, 0])]:
    case("cosine_similarity", N(*a), N(*b))
case("cosine_similarity", N(3, 4), N(3, 4), second=True, note="twice")
for dim in [0, 1, 2, -1]:
    case("cosine_similarity", N(2, 3, 4), N(2, 3, 4), dim)
case("cosine_similarity", N(4), N(4), 0)
case("cosine_similarity", N(2, 4), N(4), dim=-1, eps=0.5)
case("cosine_similarity", N(2, 4, scale=0.1), N(2, 4), eps=1, note="below eps")
case("cosine_similarity", T([[0.0, 0.0], [1.0, 2.0]]), T([[1.0, 2.0], [0.0, 0.0]]), note="zeros")
case("cosine_similarity", T([[nan, 1.0], [inf, 1.0], [1e4, -1e4]]), N(3, 2))
case("cosine_similarity", I(2, 3), N(2, 3))
case("cosine_similarity", N(2, 3), N(2, 3), ns="")
error("cosine_similarity", I(2, 3), I(2, 3))
error("cosine_similarity", N(2, 3), N(2, 4))
error("cosine_similarity", N(3), N(3))

for p in [1, 2, 3, 0.5, inf, -1]:
    case("pairwise_distance", N(3, 4), N(3, 4), p)
case("pairwise_distance", N(3, 4), N(3, 4), 0, grad=False)
case("pairwise_distance", N(3, 4), N(3, 4), second=True, note="twice")
for a, b in [([3, 4], [4]), ([4], [3, 4]), ([4], [4]), ([2, 3, 4], [2, 3, 4]), ([2, 1, 4], [3, 4]), ([0, 3], [0, 3])]:
    case("pairwise_distance", N(*a), N(*b))
    case("pairwise_distance", N(*a), N(*b), keepdim=True)
case("pairwise_distance", N(2, 3), N(2, 3), eps=0.5)
case("pairwise_distance", T([[1.0, 2.0]]), T([[1.0, 2.0]]), note="equal")
case("pairwise_distance", T([[1.0, 2.0]]), T([[1.0, 2.0]]), eps=0, note="equal")
case("pairwise_distance", T([[nan, 1.0], [inf, 1.0], [1e4, -1e4]]), N(3, 2))
case("pairwise_distance", N(2, 3), N(2, 3), ns="")
case("pairwise_distance", I(2, 3), I(2, 3))
error("pairwise_distance", N(2, 3), N(2, 4))

for p in [0, 1, 2, 3, 0.5, inf]:
    case("pdist", N(4, 3), p)
    case("pdist", T([[1.0, 2.0], [1.0, 2.0], [3.0, 1.0]]), p, note="two equal rows")
for shape in [[1, 3], [2, 1], [3, 0]]:
    case("pdist", N(*shape))
case("pdist", N(0, 3), grad=False)  # backward of no rows crashes PyTorch
case("pdist", N(4, 3), ns="")
error("pdist", N(3))
error("pdist", N(2, 3, 4))
error("pdist", I(3, 2))
error("pdist", N(3, 2), -1)

# straight pieces; PyTorch does not differentiate hardsigmoid twice
PIECEWISE = {
    "leaky_relu": [{}, {"negative_slope": 0.3}, {"negative_slope": 0}, {"negative_slope": 2}, {"negative_slope": -0.5}],
    "relu6": [{}],
    "hardtanh": [{}, {"min_val": -2, "max_val": 2}, {"min_val": -0.5, "max_val": 3}, {"min_val": 0.5, "max_val": 0.5},
                 {"min_val": 0, "max_val": 6}],
    "hardswish": [{}],
    "hardsigmoid": [{}],
    "softshrink": [{}, {"lambd": 1}, {"lambd": 0}],
    "hardshrink": [{}, {"lambd": 1}, {"lambd": 0}, {"lambd": -1}],
    "rrelu": [{}, {"lower": 0.1, "upper": 0.4}, {"lower": 0.2, "upper": 0.2}],
}
for fn, all_options in PIECEWISE.items():
    for options in all_options:
        case(fn, N(3, 4, scale=2), second=fn != "hardsigmoid", **options)
        case(fn, EDGE, second=fn != "hardsigmoid", note="edge values", **options)
        case(fn, INFINITE, note="NaN and infinities", **options)
        case(fn, TAILS, note="tails", **options)
    for shape in [[], [1], [0], [2, 0, 3], [2, 3, 2], [9, 9]]:
        case(fn, N(*shape))
    if fn not in ["relu6", "hardtanh"]:
        error(fn, I(3))
    error(fn, B(3))
error("softshrink", N(3), -1)
error("softshrink", N(3), inf)
error("hardtanh", N(3), 1, max_val=-1)
error("rrelu", N(3), 0.5, upper=0.1)
case("relu6", I(5, low=-4, high=12))
case("hardtanh", I(5, low=-4, high=4))
case("hardtanh", I(5, low=-4, high=4), -1.5, max_val=2.5)
for lower, upper in [(1 / 8, 1 / 3), (0, 1), (-0.5, 0.25), (0.25, 0.25)]:
    for shape in [[], [7], [3, 6], [40]]:
        case("rrelu", N(*shape), lower, upper=upper, training=True, seed=3)
case("rrelu", EDGE, training=True, seed=4)
case("rrelu", INFINITE, training=True, seed=4)
case("rrelu", N(3, 4), training=True, seed=5, second=True, note="twice")
error("rrelu", I(3), training=True)
for limit, value in [(0, 0), (0.1, 20), (-1, -2.5)]:
    case("threshold", N(3, 4), limit, value, second=True)
    case("threshold", EDGE, limit, value)
    case("threshold", INFINITE, limit, value)
    case("threshold", I(5, low=-3, high=4), limit, value)
    case("threshold", N(2, 3), limit, value, ns="")
error("threshold", B(3), 0, 0)
error("threshold", I(3), 0, nan)
error("threshold", I(3), 0, inf)
error("threshold", I(3), inf, 1)
for shape in [[], [0], [2, 0]]:
    case("threshold", N(*shape), 0.5, 1)

for fn in ["relu", "sigmoid", "tanh"]:
    case(fn, N(3, 4, scale=2), second=True, note="twice")
    case(fn, EDGE, second=True, note="edge values")
case("relu", I(5, low=-3, high=4))
error("relu", B(3))
for shape, channels in [([3, 4], 4), ([2, 3, 4], 3), ([2, 3, 2, 2], 3), ([5], 1), ([3, 4], 1), ([], 1), ([2, 1, 3], 1), ([0, 3], 3), ([2, 3, 0], 3)]:
    case("prelu", N(*shape), N(channels), second=True)
case("prelu", N(2, 3), T(0.25))
case("prelu", EDGE, T(0.25))
case("prelu", INFINITE, T([0.25]))
case("prelu", T([0.0, -0.0, 1.0, -1.0]), T([0.25]), second=True, note="at 0")
case("prelu", N(2, 3), N(3), ns="")
case("prelu", N(2, 3), N(3), ns="Tensor")
for shape, weight in [([2, 3, 4], [4]), ([3], [3]), ([], [2]), ([2, 3], [1, 3])]:
    error("prelu", N(*shape), N(*weight))
error("prelu", I(2), N(1))
error("prelu", I(2), I(1))
for fn, more in [("hardshrink", ()), ("rrelu", ()), ("hardshrink", (1,))]:
    case(fn, N(2, 3), *more, ns="")
case("hardshrink", N(2, 3), ns="Tensor")

# glu, softmin, softmax without dim, gumbelSoftmax
for shape, dim in [([4], 0), ([3, 4], 1), ([4, 3], 0), ([2, 6, 3], 1), ([2, 4], -2), ([0, 4], -1), ([3, 0], -1)]:
    case("glu", N(*shape), dim, second=True)
case("glu", N(3, 4))
case("glu", T([1.0, nan, inf, -inf, 1e4, inf, 1.0, 1.0, inf, -1e4]))
error("glu", N())
error("glu", N(3))
error("glu", N(2, 4), 2)
error("glu", I(4))
error("glu", I(3))
error("glu", I(4), 2)
for dim in [0, 1, -1]:
    case("softmin", N(2, 3), dim)
case("softmin", N(3, 4), 1, second=True, note="twice")
case("softmin", T([[1e4, -1e4, inf], [nan, 0.0, 1.0]]), 1)
for fn in ["softmin", "softmax", "log_softmax"]:
    for shape in [[], [3], [2, 3], [2, 3, 2], [2, 2, 2, 2]]:
        case(fn, N(*shape), note="implicit dim")
    case(fn, I(2, 3), 1, dtype=FLOAT)
    error(fn, I(2, 3), 1)
    error(fn, N(2, 3), 2)
for hard in [False, True]:
    case("gumbel_softmax", N(3, 4), hard=hard, seed=1)
    case("gumbel_softmax", N(20), 0.5, hard=hard, seed=1)
    case("gumbel_softmax", N(3, 4), 2, hard=hard, dim=0, seed=2)
    case("gumbel_softmax", N(2, 3, 2), hard=hard, dim=1, seed=2)
case("gumbel_softmax", N(0, 3), seed=1)
error("gumbel_softmax", I(3))
error("gumbel_softmax", N(2, 3), dim=2)

# dropout
for fn, shapes in {
    "alpha_dropout": [[], [7], [17], [3, 4], [2, 3, 4]],
    "dropout1d": [[3, 4], [2, 3, 4]],
    "dropout2d": [[2, 3, 4], [2, 3, 2, 2]],
    "dropout3d": [[3, 2, 2, 2], [2, 3, 1, 2, 2]],
    "feature_alpha_dropout": [[3, 4], [2, 3, 4], [2, 3, 2, 2]],
    "dropout": [[3, 4]],
}.items():
    for p, shape in product([0.1, 0.5, 0.9], shapes):
        case(fn, N(*shape), p, training=True, seed=1)
    for p in [0, 0.5, 1]:
        case(fn, N(*shapes[-1]), p, training=False)
    for p in [0, 1]:
        case(fn, N(*shapes[-1]), p, training=True)
    case(fn, N(*shapes[-1]), seed=2)
    case(fn, N(0, *shapes[-1][1:]), training=True, note="empty")
    error(fn, N(*shapes[-1]), 1.5)
    error(fn, N(*shapes[-1]), -0.5)
    error(fn, I(*shapes[-1]), training=True)
case("alpha_dropout", INFINITE, 1, training=True)
case("dropout1d", T([[nan, inf], [-inf, 1.0]]), 0.5, training=True, seed=1)
error("dropout1d", N(3))
error("dropout1d", N(1, 2, 3, 4))
error("dropout2d", N(3))
error("feature_alpha_dropout", N(3), training=True)
case("dropout2d", N(2, 3), training=True, seed=1, note="with a warning")
case("dropout3d", N(2, 3), training=True, seed=1, note="with a warning")
for fn in ["dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout"]:
    for p, train in [(0.4, True), (0.4, False), (1, True)]:
        case(fn, N(3, 4), p, train, ns="", **({"seed": 6} if train and p < 1 else {}))
    error(fn, N(3, 4), 2, True, ns="")

# bilinear, shuffles
for batch in [[], [2], [2, 3], [0]]:
    case("bilinear", N(*batch, 3), N(*batch, 4), N(5, 3, 4), N(5))
    case("bilinear", N(*batch, 3), N(*batch, 4), N(5, 3, 4))
case("bilinear", N(2, 3), N(2, 4), N(5, 3, 4), N(5), second=True, note="twice")
case("bilinear", N(2, 3), N(2, 4), N(5, 3, 4), N(5), ns="")
for a, b, weight in [([2, 3], [3, 4], [5, 3, 4]), ([2, 3], [4], [5, 3, 4]), ([2, 2], [2, 4], [5, 3, 4]), ([2, 3], [2, 3], [5, 3, 4])]:
    error("bilinear", N(*a), N(*b), N(*weight))
error("bilinear", N(2, 3), N(2, 4), N(5, 3, 4), N(4))
error("bilinear", I(2, 3), N(2, 4), N(5, 3, 4))
for shape, factor in [([1, 4, 2, 3], 2), ([9, 2, 2], 3), ([2, 1, 8, 1, 2], 2), ([4, 1, 1], 1)]:
    case("pixel_shuffle", N(*shape), factor)
for shape, factor in [([1, 2, 4, 6], 2), ([1, 3, 6], 3), ([2, 1, 2, 2, 4], 2)]:
    case("pixel_unshuffle", N(*shape), factor)
case("pixel_shuffle", N(1, 4, 2, 2), 2, second=True, note="twice")
case("pixel_shuffle", I(4, 2, 2), 2)
case("pixel_shuffle", N(0, 4, 2, 2), 2, grad=False)  # PyTorch has no gradient for an empty batch
case("pixel_unshuffle", N(0, 1, 2, 2), 2, grad=False)
for fn, rows in {
    "pixel_shuffle": [([2, 3], 2), ([3, 2, 2], 2), ([3, 2, 2], 0)],
    "pixel_unshuffle": [([3], 2), ([1, 3, 2], 2), ([1, 2, 3], 2), ([1, 2, 2], 0)],
    "channel_shuffle": [([3], 2), ([1, 3, 2], 2), ([1, 4, 2], 0)],
}.items():
    for shape, factor in rows:
        error(fn, N(*shape), factor)
for shape, groups in [([1, 4, 2], 2), ([2, 6, 2, 2], 3), ([2, 6, 2, 2], 2), ([0, 4, 2], 2), ([1, 4, 0], 2)]:
    case("channel_shuffle", N(*shape), groups)
    case("channel_shuffle", N(*shape), groups, ns="")

# oneHot
for shape in [[], [3], [2, 3], [2, 1, 3]]:
    case("one_hot", I(*shape, high=4))
    case("one_hot", I(*shape, high=4), 6)
