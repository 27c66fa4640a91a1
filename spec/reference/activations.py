"""Activations, distances and what else in nn.functional has no parameters of its own, in all their options."""

from itertools import product

from golden import B, Family, I, N, T, U, inf, nan, needs_mersenne_bernoulli

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
