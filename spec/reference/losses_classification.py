"""Losses of yes or no: binary cross entropy of probabilities and of logits, soft margins; modules of cross entropy, too."""

from itertools import product

import torch_samples
from golden import B, Family, I, N, T, U, inf, nan

family = Family("losses_classification")
make = family.write
F = "nn.functional"
REDUCTIONS = ["none", "mean", "sum"]


def case(fn, *args, **options):
    family.case(fn, *args, ns=F, **options)


def error(fn, *args, **options):
    family.error(fn, *args, ns=F, **options)


def without_defaults(**options):
    return {key: value for key, value in options.items() if value is not None}


# binary_cross_entropy
SURE = T([0.0, 1.0, 0.0, 1.0, 0.3, 1.0]), T([0.0, 1.0, 1.0, 0.0, 1.0, 0.5])
TINY = T([1e-20, 1e-9, 1e-6, 0.9999999, 2e-38]), T([1.0, 0.0, 0.5, 1.0, 1.0])
for reduction in REDUCTIONS:
    for shape in [[], [1], [4], [2, 3], [2, 3, 2]]:
        case("binary_cross_entropy", U(*shape, low=0.01, high=0.99), U(*shape), second=True, grad=[0], reduction=reduction)
        case("binary_cross_entropy", U(*shape, low=0.01, high=0.99), U(*shape), reduction=reduction, note="target's too")
    for weight in [U(2, 3), U(3), U(2, 1), U()]:
        case("binary_cross_entropy", U(2, 3, low=0.1), U(2, 3), weight=weight, reduction=reduction)
    case("binary_cross_entropy", *SURE, reduction=reduction, note="sure")
    case("binary_cross_entropy", *SURE, second=True, grad=[0], reduction=reduction, note="sure, second")
    case("binary_cross_entropy", *TINY, reduction=reduction, note="tiny")
    case("binary_cross_entropy", U(0, 3), U(0, 3), reduction=reduction, note="empty")
case("binary_cross_entropy", U(2, 3), U(2, 3))
case("binary_cross_entropy", U(2, 3), U(2, 3), U(3), grad=[0])
for wrong in [1.5, -0.1, nan, inf, -inf]:
    error("binary_cross_entropy", T([0.5, wrong]), T([1.0, 0.0]))
    error("binary_cross_entropy", T([0.5, 0.5]), T([1.0, wrong]))
error("binary_cross_entropy", U(3), U(4))
error("binary_cross_entropy", U(3, 1), U(3))
error("binary_cross_entropy", U(3), I(3, high=2))
error("binary_cross_entropy", U(3), B(3))
error("binary_cross_entropy", I(3, high=2), U(3))
error("binary_cross_entropy", I(3, high=2), I(3, high=2))
error("binary_cross_entropy", U(3), U(3), weight=U(4))
error("binary_cross_entropy", U(3), U(3), weight=U(2, 3))
error("binary_cross_entropy", U(3), U(3), reduction="average")

# binary_cross_entropy_with_logits
BIG = T([1e4, -1e4, 1e4, -1e4, 100.0, -100.0, 20.0, -20.0, 0.0]), T([1.0, 0.0, 0.0, 1.0, 0.5, 0.5, 1.0, 0.0, 0.5])
ODD = T([inf, -inf, inf, -inf, nan, 1.0]), T([0.0, 1.0, 1.0, 0.0, 0.0, nan])
for reduction, weighted, positive in product(REDUCTIONS, [False, True], [False, True]):
    for shape in [[4], [2, 3], [2, 3, 2]]:
        options = without_defaults(weight=U(shape[-1]) if weighted else None, pos_weight=U(shape[-1], high=4) if positive else None)
        case("binary_cross_entropy_with_logits", N(*shape), U(*shape), second=True, reduction=reduction, **options)
    options = without_defaults(pos_weight=T(3.0) if positive else None)
    if weighted:
        continue
    case("binary_cross_entropy_with_logits", *BIG, reduction=reduction, note="big", **options)
    case("binary_cross_entropy_with_logits", *ODD, reduction=reduction, note="infinite", **options)
    case("binary_cross_entropy_with_logits", N(0, 3), U(0, 3), reduction=reduction, note="empty", **options)
    case("binary_cross_entropy_with_logits", N(), U(), reduction=reduction, **options)
    case("binary_cross_entropy_with_logits", N(1), U(1), second=True, reduction=reduction, **options)
case("binary_cross_entropy_with_logits", N(2, 3), U(2, 3))
case("binary_cross_entropy_with_logits", N(2, 3), U(2, 3), U(2, 1), grad=[0, 1])
case("binary_cross_entropy_with_logits", N(2, 3), U(2, 3), pos_weight=U(2, 1), note="per row")
case("binary_cross_entropy_with_logits", *ODD, pos_weight=T([0.3, 0.3, 3.0, 0.5, 2.0, 1.0]), reduction="none", note="infinite, less positive")
case("binary_cross_entropy_with_logits", T([1.0, -1.0]), T([1.0, 0.0]), pos_weight=T([3.0]))
error("binary_cross_entropy_with_logits", N(3), U(4))
error("binary_cross_entropy_with_logits", N(3, 1), U(3))
error("binary_cross_entropy_with_logits", N(3), I(3, high=2))
error("binary_cross_entropy_with_logits", N(3), B(3))
error("binary_cross_entropy_with_logits", I(3, high=2), I(3, high=2))
error("binary_cross_entropy_with_logits", N(3), U(3), pos_weight=U(4))
error("binary_cross_entropy_with_logits", N(3), U(3), weight=U(4))
error("binary_cross_entropy_with_logits", N(3), U(3), weight=U(2, 3))
error("binary_cross_entropy_with_logits", N(3), U(3), pos_weight=U(2, 3))
error("binary_cross_entropy_with_logits", N(), U(), weight=U(1, 1))
error("binary_cross_entropy_with_logits", N(3), U(3), reduction="average")

# soft_margin_loss: targets are 1 and -1
SIGNS = T([1.0, -1.0, 1.0])
for reduction in REDUCTIONS:
    for shape in [[], [1], [4], [2, 3], [2, 3, 2]]:
        case("soft_margin_loss", N(*shape), N(*shape), second=True, grad=[0], reduction=reduction)
    case("soft_margin_loss", N(2, 3), SIGNS, grad=[0], reduction=reduction, note="broadcasts")
    case("soft_margin_loss", N(0, 3), N(0, 3), grad=[0], reduction=reduction, note="empty")
    case("soft_margin_loss", N(3), T([1, -1, 1]), reduction=reduction)
    case("soft_margin_loss", T([1e4, -1e4, 80.0, -80.0, inf, -inf, nan, 0.0]), T([1.0] * 8), grad=[0], reduction=reduction)
case("soft_margin_loss", N(2, 3), N(2, 3), grad=[0])
error("soft_margin_loss", I(3), I(3))
error("soft_margin_loss", N(3), N(2, 3))
error("soft_margin_loss", N(3), N(4))
error("soft_margin_loss", N(3), N(3), reduction="average")

# multilabel_soft_margin_loss
for reduction, weighted in product(REDUCTIONS, [False, True]):
    for shape in [[1], [4], [2, 3], [2, 3, 2]]:
        options = without_defaults(weight=U(shape[-1]) if weighted else None)
        case("multilabel_soft_margin_loss", N(*shape), U(*shape), second=True, reduction=reduction, **options)
        case("multilabel_soft_margin_loss", N(*shape), I(*shape, high=2), reduction=reduction, **options)
    case("multilabel_soft_margin_loss", N(0, 3), U(0, 3), reduction=reduction, note="empty", **without_defaults(weight=U(3) if weighted else None))
case("multilabel_soft_margin_loss", N(2, 3), U(2, 3))
case("multilabel_soft_margin_loss", N(2, 3), U(2, 3), U(3), note="weight has a gradient")
case("multilabel_soft_margin_loss", *BIG)
case("multilabel_soft_margin_loss", *ODD, reduction="none")
case("multilabel_soft_margin_loss", N(2, 3), U(3), note="broadcasts")
error("multilabel_soft_margin_loss", N(), U())
error("multilabel_soft_margin_loss", N(2, 3), B(2, 3))
error("multilabel_soft_margin_loss", N(3), U(4))
error("multilabel_soft_margin_loss", N(3), U(3), reduction="average")

for fn in ["binary_cross_entropy", "binary_cross_entropy_with_logits", "soft_margin_loss", "multilabel_soft_margin_loss",
           "cross_entropy", "nll_loss"]:
    torch_samples.functions(family, fn)
for name in ["BCELoss", "BCEWithLogitsLoss", "SoftMarginLoss", "MultiLabelSoftMarginLoss", "CrossEntropyLoss", "NLLLoss"]:
    torch_samples.modules(family, name)
