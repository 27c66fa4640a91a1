"""Loss functions in all their options, and dropout."""

from itertools import product

from golden import B, Family, I, N, T, U, inf, nan, needs_mersenne_bernoulli

needs_mersenne_bernoulli()
family = Family("losses")
make = family.write
F = "nn.functional"


def case(fn, *args, **options):
    family.case(fn, *args, ns=F, **options)


def error(fn, *args, **options):
    family.error(fn, *args, ns=F, **options)


REDUCTIONS = ["none", "mean", "sum"]
WEIGHT = T([0.3, 1.5, 1.0, 0.7, 2.0])


def without_defaults(**options):
    """Options that are None are left to their defaults."""
    return {key: value for key, value in options.items() if value is not None}


# crossEntropy with class indices: [N, C] in every combination
TARGETS = {  # target, ignore_index
    "none ignored": (T([1, 0, 4, 2]), None),
    "-100 ignored": (T([1, -100, 4, -100]), None),
    "index 1 ignored": (T([1, 0, 1, 2]), 1),
    "all ignored": (T([-100, -100, -100, -100]), None),
}
for reduction, weight, smoothing in product(REDUCTIONS, [None, WEIGHT], [None, 0.1]):
    for note, (target, ignored) in TARGETS.items():
        options = without_defaults(weight=weight, ignore_index=ignored, label_smoothing=smoothing)
        case("cross_entropy", N(4, 5), target, reduction=reduction, note=note, **options)

# class probabilities (the target has a gradient too)
for reduction, weight, smoothing in product(REDUCTIONS, [None, WEIGHT], [None, 0.1]):
    options = without_defaults(weight=weight, label_smoothing=smoothing)
    case("cross_entropy", N(4, 5), U(4, 5), reduction=reduction, **options)

# other shapes
for shape in [[5], [3, 5, 2], [2, 5, 3, 2], [1, 5], [2, 5, 1, 1, 2]]:
    batch = shape[:1] + shape[2:] if len(shape) > 1 else []
    for reduction, weight, smoothing in product(REDUCTIONS, [None, WEIGHT], [None, 0.2]):
        options = without_defaults(weight=weight, label_smoothing=smoothing)
        case("cross_entropy", N(*shape), I(*batch, high=5), reduction=reduction, **options)
    for weight in [None, WEIGHT]:
        case("cross_entropy", N(*shape), U(*shape), **without_defaults(weight=weight))
    case("cross_entropy", N(*shape), I(*batch, high=5), ignore_index=3)
case("cross_entropy", N(4, 5), I(4, high=5))
case("cross_entropy", N(4, 5), I(4, high=5), WEIGHT, grad=[0])
case("cross_entropy", N(3, 5), I(3, high=5), label_smoothing=1)
case("cross_entropy", N(3, 5), T([1, 2, 3]), weight=T([1.0, 0.0, 0.0, 0.0, 1.0]), note="some weights are 0")
case("cross_entropy", N(2, 5), T([1, 2]), weight=T([1.0, 0.0, 0.0, 0.0, 1.0]), note="all weights are 0")
case("cross_entropy", N(64, 10), I(64, high=10))
case("cross_entropy", N(2, 5), I(2, high=5), label_smoothing=-0.1, note="PyTorch reads negative smoothing as 0")

# extremes
BIG = T([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [1e4, 1e4, 1e4]])
for target in [[0, 1, 2], [1, 0, 0]]:
    case("cross_entropy", BIG, T(target), reduction="none", note="logits of 1e4")
    case("cross_entropy", BIG, T(target), note="logits of 1e4")
    case("cross_entropy", BIG, T(target), label_smoothing=0.1, note="logits of 1e4")
MASKED = T([[0.0, -inf, 1.0], [-inf, 2.0, -inf]])
case("cross_entropy", MASKED, T([0, 1]), reduction="none", note="-inf beside the target")
case("cross_entropy", MASKED, T([1, 1]), reduction="none", note="-inf at the target")
case("cross_entropy", MASKED, T([0, 1]), label_smoothing=0.1, note="-inf and smoothing")
case("cross_entropy", T([[-inf, -inf]]), T([0]), note="a row of -inf")
case("cross_entropy", T([[inf, 0.0], [nan, 0.0]]), T([0, 1]), reduction="none", note="inf and NaN")
case("cross_entropy", MASKED, T([[0.5, 0.0, 0.5], [0.0, 1.0, 0.0]]), reduction="none", note="probability 0 times -inf")
case("cross_entropy", N(3, 1), T([0, 0, 0]), reduction="none", note="one class")
case("cross_entropy", N(3, 1), T([0, 0, 0]), label_smoothing=0.1, note="one class")
for reduction in REDUCTIONS:
    case("cross_entropy", N(0, 5), I(0, high=5), reduction=reduction, note="empty batch")
    case("cross_entropy", N(0, 5), U(0, 5), reduction=reduction, note="empty batch")
    case("cross_entropy", N(2, 5, 0), I(2, 0, high=5), reduction=reduction, note="empty batch")

# what crossEntropy refuses
for target in [[0, 5], [-1, 0], [0, 12], [5, -100]]:
    error("cross_entropy", N(2, 5), T(target), note="class out of range")
error("cross_entropy", N(5), T(5), note="class out of range")
error("cross_entropy", N(2, 5, 2), T([[0, 1], [7, 0]]), note="class out of range")
error("cross_entropy", N(2, 5), T([0, -100]), ignore_index=1, note="-100 no longer ignored")
error("cross_entropy", N(2, 5), I(3, high=5))
error("cross_entropy", N(2, 5), I(2, 1, high=5))
error("cross_entropy", N(2, 5, 3), I(2, high=5))
error("cross_entropy", N(2, 5, 3), I(2, 4, high=5))
error("cross_entropy", N(2, 5), N(2))
error("cross_entropy", N(2, 5), U(2, 4))
error("cross_entropy", N(2, 5), I(2, 5, high=5))
error("cross_entropy", N(), T(0))
error("cross_entropy", N(2, 5), I(2, high=5), weight=U(4))
error("cross_entropy", N(2, 5), U(2, 5), weight=U(4))
error("cross_entropy", N(2, 5), U(2, 5), ignore_index=1)
error("cross_entropy", N(2, 5), I(2, high=5), reduction="average")
error("cross_entropy", N(2, 5), I(2, high=5), label_smoothing=1.5)
error("cross_entropy", I(2, 5), I(2, high=5))

for reduction in REDUCTIONS:
    case("cross_entropy", N(4, 5), U(4, 5), weight=U(5), reduction=reduction, grad_options=["weight"], note="weight has a gradient")
    for smoothing in [0, 0.2]:
        options = {"weight": WEIGHT, "label_smoothing": smoothing, "reduction": reduction}
        case("cross_entropy", N(4, 5), U(4, 5), second=True, note="twice", **options)
        case("cross_entropy", N(2, 5, 3), U(2, 5, 3), second=True, note="twice", **options)
        case("cross_entropy", N(4, 5), T([1, -100, 4, 0]), second=True, note="twice", **options)
        case("cross_entropy", T([[nan, 1.0, 2.0, 0.0, inf], [0.0, -inf, 1e4, -1e4, 3.0]]), T([-100, 4]), note="one ignored", **options)
        case("cross_entropy", N(3, 5), T([[0.0] * 5, [1.0, -1.0, 0.0, 0.0, 0.0], [1.0] * 5]), second=True, note="rows that add up to 0", **options)
error("cross_entropy", N(), U())
error("cross_entropy", I(2, 5), U(2, 5))
error("cross_entropy", N(2, 5), T([True, False]))
error("cross_entropy", N(2, 5), I(2, high=5), weight=I(5))
error("cross_entropy", N(2, 5), I(3, 1, high=5))
error("cross_entropy", N(2, 5, 3), I(6, high=5))
error("cross_entropy", N(2, 5), T(1))

# nllLoss
for reduction, weight, ignored in product(REDUCTIONS, [None, WEIGHT], [None, 1]):
    options = without_defaults(weight=weight, ignore_index=ignored)
    case("nll_loss", N(4, 5), T([1, 0, 1, 2]), reduction=reduction, **options)
for shape in [[5], [3, 5, 2], [2, 5, 3, 2]]:
    batch = shape[:1] + shape[2:] if len(shape) > 1 else []
    for reduction in REDUCTIONS:
        case("nll_loss", N(*shape), I(*batch, high=5), reduction=reduction)
    case("nll_loss", N(*shape), I(*batch, high=5), weight=WEIGHT)
for reduction in REDUCTIONS:
    case("nll_loss", N(0, 5), I(0, high=5), reduction=reduction, note="empty batch")
    case("nll_loss", N(2, 5), T([-100, -100]), reduction=reduction, note="all ignored")
case("nll_loss", T([[-inf, 0.0]]), T([0]))
error("nll_loss", N(2, 5), T([0, 5]))
error("nll_loss", N(2, 5), I(3, high=5))
error("nll_loss", N(2, 5), U(2, 5))
error("nll_loss", N(2, 5), T([True, False]))
error("nll_loss", N(2, 5), I(2, high=5), weight=I(5))
error("nll_loss", N(2, 5), I(2, high=5), weight=U(4))
error("nll_loss", N(2, 5, 3), I(2, 4, high=5))
error("nll_loss", N(), T(0))

# mseLoss
for reduction in REDUCTIONS:
    for shape in [[4], [2, 3], [2, 3, 4], [], [1]]:
        case("mse_loss", N(*shape), N(*shape), reduction=reduction)
        case("mse_loss", N(*shape), N(*shape), reduction=reduction, weight=U(*shape, low=0.1), grad_options=["weight"])
    for a, b in [([3, 1], [3]), ([2, 3], [3]), ([3], []), ([4, 1], [1, 5])]:
        case("mse_loss", N(*a), N(*b), reduction=reduction, note="broadcasts")
    for shape in [[0], [0, 3]]:
        case("mse_loss", N(*shape), N(*shape), reduction=reduction, note="empty")
        case("mse_loss", N(*shape), N(*shape), reduction=reduction, weight=U(*shape), note="empty")
    case("mse_loss", T([nan, inf, -inf, 1e20, 1.0]), T([0.0, 0.0, inf, 0.0, nan]), reduction=reduction)
    case("mse_loss", T([inf, -inf]), T([inf, inf]), reduction=reduction)
case("mse_loss", N(2, 3), N(2, 3))
case("mse_loss", N(3, 1), N(3), weight=U(3, 1), note="broadcasts")
case("mse_loss", N(3), T([0.0, 0.0, 0.0]), weight=T([0.0, 0.0, 0.0]), note="all weights are 0")
case("mse_loss", N(3), I(3))
case("mse_loss", N(32, 8, scale=100), N(32, 8))
for second in [T([2.0, 3.0, -1.0]), T([2.0, nan, 0.0])]:
    case("mse_loss", N(3), N(3), weight=second, second=True)
case("mse_loss", I(3), I(3), weight=U(3), note="integers with weights")
error("mse_loss", N(3), B(3), weight=U(3))
error("mse_loss", N(3, 2), N(4, 2), weight=U(4, 2))
error("mse_loss", I(3), I(3))
error("mse_loss", N(3), N(4))
error("mse_loss", N(2, 3), N(2, 4))
error("mse_loss", N(2, 3), N(2, 3), weight=U(3))
error("mse_loss", N(3), N(3), reduction="average")
error("mse_loss", N(3), N(3), reduction="average", weight=U(3))

# dropout
for p in [0, 0.3, 1]:
    case("dropout", N(3, 4), p, training=False)
case("dropout", N(3, 4), 0)
case("dropout", N(3, 4), 1)
case("dropout", T([inf, nan, 1.0]), 1, note="1")
for p in [0.1, 0.5, 0.9]:
    for shape in [[], [7], [15], [17], [3, 4], [2, 3, 4]]:
        case("dropout", N(*shape), p, seed=0)
case("dropout", N(3, 4), seed=7)
case("dropout", N(100), 0.5, seed=12345678901)
case("dropout", N(0), 0.5, seed=0)
error("dropout", N(3), 1.5)
error("dropout", N(3), -0.1)
