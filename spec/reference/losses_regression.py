"""Losses of numbers: absolute, squared and robust errors, and the likelihoods of counts and of normal distributions."""

from itertools import product

import torch_samples
from golden import B, Family, I, N, T, U, inf, nan

family = Family("losses_regression")
make = family.write
F = "nn.functional"
REDUCTIONS = ["none", "mean", "sum"]
ODD = T([nan, inf, -inf, 1e20, 1.0, 1e4, -1e4]), T([0.0, 0.0, inf, 0.0, nan, -1e4, 1e4])


def case(fn, *args, **options):
    family.case(fn, *args, ns=F, **options)


def error(fn, *args, **options):
    family.error(fn, *args, ns=F, **options)


# distances: smooth_l1 and huber have their corner at 1 by default
OPTIONS = {"l1_loss": [{}], "smooth_l1_loss": [{}, {"beta": 0.3}, {"beta": 2}, {"beta": 0}],
           "huber_loss": [{}, {"delta": 0.3}, {"delta": 2}]}
CORNERS = T([1.0, -1.0, 0.5, 2.0, 0.0, -0.0, 0.3, -0.3, 3.0])
for fn, several in OPTIONS.items():
    for reduction, options in product(REDUCTIONS, several):
        for shape in [[], [1], [4], [2, 3], [2, 3, 2]]:
            case(fn, N(*shape), N(*shape), second=True, reduction=reduction, **options)
        case(fn, CORNERS, T([0.0] * 9), second=True, reduction=reduction, note="corners", **options)
        case(fn, *ODD, reduction=reduction, note="NaN and infinite", **options)
        case(fn, N(0, 3), N(0, 3), reduction=reduction, note="empty", **options)
    for reduction in REDUCTIONS:
        for a, b in [([3, 1], [3]), ([2, 3], [3]), ([3], []), ([4, 1], [1, 5])]:
            case(fn, N(*a), N(*b), reduction=reduction, note="broadcasts")
    case(fn, N(2, 3), N(2, 3))
    if fn == "huber_loss":
        case(fn, N(2, 3), N(2, 3), "sum")
    case(fn, N(3), I(3), grad=fn == "l1_loss")
    for reduction in REDUCTIONS:
        if fn == "huber_loss":
            error(fn, I(3), N(3), reduction=reduction)
        else:
            case(fn, I(3), N(3), reduction=reduction, grad=fn == "l1_loss")
    error(fn, I(3), I(3))
    error(fn, B(3), B(3))
    error(fn, N(3), N(4))
    error(fn, N(3), N(3), reduction="average")
for fn, reduction in product(["l1_loss", "huber_loss"], REDUCTIONS):
    for shape in [[4], [2, 3], [0, 3]]:
        case(fn, N(*shape), N(*shape), weight=U(*shape, low=0.1), reduction=reduction, grad_options=["weight"])
    error(fn, N(2, 3), N(2, 3), weight=U(3), reduction=reduction)
    error(fn, N(2, 3), N(2, 3), weight=U(2, 3), reduction="average", note=reduction)
case("l1_loss", N(3), T([0.0, 0.0, 0.0]), weight=T([0.0, 0.0, 0.0]), note="all weights are 0")
for weight in [T([2.0, 3.0, -1.0]), T([2.0, nan, 0.0])]:
    case("l1_loss", N(3), N(3), weight=weight, second=True)
error("l1_loss", N(3), B(3))
error("huber_loss", N(3, 2), N(4, 2), weight=U(4, 2))
case("l1_loss", I(3), I(3), reduction="sum")
case("l1_loss", I(3), I(3), reduction="none")
case("smooth_l1_loss", I(3), I(3), reduction="sum", beta=0)
case("smooth_l1_loss", N(3), B(3), grad=False)
error("smooth_l1_loss", N(3), N(3), beta=-1)
error("huber_loss", N(3), N(3), delta=0)
error("huber_loss", N(3), N(3), delta=-1)

# poisson_nll_loss
for reduction, log_input, full in product(REDUCTIONS, [True, False], [True, False]):
    options = {"log_input": log_input, "full": full, "reduction": reduction}
    for shape in [[], [1], [2, 3]]:
        case("poisson_nll_loss", U(*shape, low=0.1, high=3), U(*shape, low=0.1, high=5), second=True, **options)
        case("poisson_nll_loss", U(*shape, low=0.1, high=3), I(*shape, high=6), **options)
    case("poisson_nll_loss", T([0.0, 1e4, -1e4, nan, inf, -inf]), T([1.0, 2.0, 3.0, 1.0, 1.0, 2.0]), **options)
    case("poisson_nll_loss", N(0, 2), N(0, 2), note="empty", **options)
    case("poisson_nll_loss", U(3), T([0.0, 1.0, 2.0]), note="targets 0 and 1", **options)
case("poisson_nll_loss", N(2, 3), U(2, 3))
case("poisson_nll_loss", U(2, 3), U(2, 3), False)
case("poisson_nll_loss", U(2, 3), U(2, 3), False, eps=0.1)
case("poisson_nll_loss", N(2, 3), U(3), note="broadcasts")
case("poisson_nll_loss", I(3, high=3), I(3, high=4), full=True)
error("poisson_nll_loss", N(2), N(3))
error("poisson_nll_loss", B(2), B(2))
case("poisson_nll_loss", N(2), B(2), grad=[0])
error("poisson_nll_loss", N(2), N(2), reduction="average")

# gaussian_nll_loss
for reduction, full in product(REDUCTIONS, [True, False]):
    options = {"full": full, "reduction": reduction}
    for shape in [[], [1], [4], [2, 3], [2, 3, 2]]:
        case("gaussian_nll_loss", N(*shape), N(*shape), U(*shape, low=0.1), second=True, **options)
    for var in [[2], [2, 1], [1, 3]]:
        case("gaussian_nll_loss", N(2, 3), N(2, 3), U(*var, low=0.1), second=True, **options)
    case("gaussian_nll_loss", N(3), N(3), T([0.0, 1e-8, 1e-6]), note="variances below eps", **options)
    case("gaussian_nll_loss", T([nan, inf, 1e4]), T([0.0, 0.0, -1e4]), T([1.0, 1.0, nan]), **options)
    case("gaussian_nll_loss", N(0, 3), N(0, 3), N(0, 3), note="empty", **options)
case("gaussian_nll_loss", N(2, 3), N(2, 3), U(2, 3))
case("gaussian_nll_loss", N(2, 3), N(2, 3), U(2, 3), True)
case("gaussian_nll_loss", N(2, 3), N(2, 3), 0.5)
case("gaussian_nll_loss", N(2, 3), N(2, 3), U(2, 3), eps=0.5)
case("gaussian_nll_loss", N(2, 3), N(3), U(2, 3), note="broadcasts")
case("gaussian_nll_loss", N(2), N(2), T([inf, 1.0]), note="an infinite variance")
for var in [U(3), U(1, 1), U(2, 3, 1), U(2, 4), U(2, 1, 3)]:
    error("gaussian_nll_loss", N(2, 3), N(2, 3), var)
error("gaussian_nll_loss", N(2), N(2), T([1.0, -0.1]))
error("gaussian_nll_loss", N(2), N(2), -0.5)
error("gaussian_nll_loss", N(2), N(2), I(2, low=1))
error("gaussian_nll_loss", N(2), N(2), I(3, low=1))
error("gaussian_nll_loss", N(2), N(2), U(2), reduction="average")

# kl_div
for reduction, log_target in product([*REDUCTIONS, "batchmean"], [True, False]):
    options = {"reduction": reduction, "log_target": log_target}
    for shape in [[], [1], [4], [2, 3], [2, 3, 2]]:
        case("kl_div", N(*shape), U(*shape, low=0.01), second=True, **options)
    case("kl_div", N(2, 3), U(3), note="broadcasts", **options)
    case("kl_div", N(3), U(2, 3), note="broadcasts", **options)
    case("kl_div", N(3), T([0.0, 1.0, 0.5]), note="a target of 0", grad=[0], **options)
    case("kl_div", T([-inf, 0.0, 1e4, nan, 1.0, 1.0, -1e4]), T([0.0, 1.0, 0.5, 0.5, nan, inf, -1.0]), grad=[0], **options)
    case("kl_div", N(0, 3), N(0, 3), note="empty", **options)
case("kl_div", N(2, 3), U(2, 3))
error("kl_div", N(3), I(3))
error("kl_div", I(3), I(3))
error("kl_div", N(3), B(3))
error("kl_div", N(3), U(4))
error("kl_div", N(3), U(3), reduction="average")

for fn in [*OPTIONS, "mse_loss", "poisson_nll_loss", "gaussian_nll_loss", "kl_div"]:
    torch_samples.functions(family, fn, most=20)
for name in ["L1Loss", "MSELoss", "SmoothL1Loss", "HuberLoss", "PoissonNLLLoss", "GaussianNLLLoss", "KLDivLoss"]:
    torch_samples.modules(family, name, most=10)
