"""Losses with margins: rankings, hinges, angles and triplets."""

from itertools import product

import torch

import torch_samples
from golden import B, Family, I, N, T, U, inf, nan

family = Family("losses_margin")
make = family.write
F = "nn.functional"
REDUCTIONS = ["none", "mean", "sum"]


def case(fn, *args, **options):
    family.case(fn, *args, ns=F, **options)


def error(fn, *args, **options):
    family.error(fn, *args, ns=F, **options)


def signs(*shape):
    """1 and -1 in turns."""
    return (torch.arange(torch.Size(shape).numel()) % 2 * -2 + 1).reshape(shape)


# what takes no integers
for fn, target in [("multi_margin_loss", I(2, high=3)), ("multilabel_margin_loss", T([[1, -1, 0], [2, 0, -1]]))]:
    error(fn, I(2, 3), target)
    error(fn, B(2, 3), target)
error("multi_margin_loss", N(2, 3), I(2, high=3), weight=I(3))

# margin_ranking_loss
for reduction, margin in product(REDUCTIONS, [0, 0.5, -0.5]):
    for shape in [[], [1], [4], [2, 3]]:
        case("margin_ranking_loss", N(*shape), N(*shape), signs(*shape).float(), margin, second=True, reduction=reduction)
    case("margin_ranking_loss", T([1.0, 2.0]), T([1.0, 2.0]), T([1.0, -1.0]), margin, reduction=reduction, note="ties")
    case("margin_ranking_loss", T([nan, inf, inf, 1e4]), T([0.0, inf, 0.0, -1e4]), T([1.0, 1.0, -1.0, -1.0]), margin, reduction=reduction)
    case("margin_ranking_loss", N(0, 2), N(0, 2), N(0, 2), margin, reduction=reduction, note="empty")
case("margin_ranking_loss", N(4), N(4), signs(4))
case("margin_ranking_loss", N(2), N(2), T([nan, 1.0]), 0.5, reduction="sum", note="a target of NaN")
case("margin_ranking_loss", N(4, 1), N(1, 3), signs(1, 1), note="broadcasts")
case("margin_ranking_loss", I(4), I(4), signs(4), reduction="none")
case("margin_ranking_loss", I(4), I(4), signs(4), reduction="sum")
case("margin_ranking_loss", I(4), I(4), signs(4))
error("margin_ranking_loss", N(2, 3), N(3), N(3))
error("margin_ranking_loss", N(3), N(4), N(3))
error("margin_ranking_loss", N(3), N(3), N(3), reduction="average")

# hinge_embedding_loss
for reduction in ["none", "sum"]:
    case("hinge_embedding_loss", I(2, 3), signs(2, 3), 0.5, reduction=reduction)
error("hinge_embedding_loss", I(2, 3), signs(2, 3), 0.5)
for reduction, margin in product(REDUCTIONS, [1, 0.2]):
    for shape in [[], [1], [4], [2, 3]]:
        case("hinge_embedding_loss", N(*shape), signs(*shape), margin, second=True, reduction=reduction)
    case("hinge_embedding_loss", T([1.0, nan, inf, -inf, 1e4, nan]), T([-1, -1, -1, -1, 1, 1]), margin, reduction=reduction)
    case("hinge_embedding_loss", N(4), T([1, -1, 0, 2]), margin, reduction=reduction, note="neither")
    case("hinge_embedding_loss", N(0, 2), I(0, 2), margin, reduction=reduction, note="empty")
case("hinge_embedding_loss", N(4), signs(4).float(), grad=[0])
case("hinge_embedding_loss", N(3, 2), signs(2), note="broadcasts")
case("hinge_embedding_loss", I(3), T([1, -1, 1]), reduction="sum")
error("hinge_embedding_loss", N(3), N(4))
error("hinge_embedding_loss", N(3), N(3), reduction="average")

# multi_margin_loss
WEIGHT = T([0.3, 1.5, 1.0, 0.7, 2.0])
for reduction, p, margin, weight in product(REDUCTIONS, [1, 2], [1, 0.3], [None, WEIGHT]):
    options = {"margin": margin, "reduction": reduction} | ({} if weight is None else {"weight": weight})
    for shape in [[4, 5], [1, 5], [5]]:
        case("multi_margin_loss", N(*shape), I(*shape[:-1], high=5), p, **options)
    case("multi_margin_loss", T([[1.0, 1.0, 2.0, 0.0, 3.0]]), T([0]), p, note="ties", **options)
    case("multi_margin_loss", T([[nan, 1.0, inf, 0.0, -inf], [1e4, nan, -1e4, 0.0, 1.0]]), T([1, 2]), p, **options)
for reduction in REDUCTIONS:
    case("multi_margin_loss", N(3, 1), T([0, 0, 0]), reduction=reduction, note="one class")
    case("multi_margin_loss", N(5), T([3]), reduction=reduction, note="a vector for one")
    case("multi_margin_loss", N(), T(0), reduction=reduction)
case("multi_margin_loss", N(0, 5), I(0, high=5), reduction="none", note="empty")
case("multi_margin_loss", N(4, 5), I(4, high=5))
for target in [[0, 5], [-1, 0], [0, -100]]:
    error("multi_margin_loss", N(2, 5), T(target))
error("multi_margin_loss", N(2, 5), I(3, high=5))
error("multi_margin_loss", N(2, 5), I(2, 1, high=5))
error("multi_margin_loss", N(2, 5), N(2))
error("multi_margin_loss", N(2, 5, 3), I(2, high=5))
error("multi_margin_loss", N(2, 0), I(2, high=5))
error("multi_margin_loss", N(2, 5), I(2, high=5), weight=U(4))
error("multi_margin_loss", N(2, 5), I(2, high=5), weight=U(5, 1))
error("multi_margin_loss", N(2, 5), I(2, high=5), 3)
error("multi_margin_loss", N(2, 5), I(2, high=5), reduction="average")

# multilabel_margin_loss
LABELS = T([[0, 2, -1, 1], [3, 3, -1, 0], [-1, 0, 0, 0], [3, 2, 1, 0]])
for reduction in REDUCTIONS:
    case("multilabel_margin_loss", N(4, 4), LABELS, reduction=reduction)
    case("multilabel_margin_loss", N(4), LABELS[0], reduction=reduction)
    case("multilabel_margin_loss", N(1, 4), LABELS[:1], reduction=reduction)
    case("multilabel_margin_loss", N(), T(0), reduction=reduction)
    case("multilabel_margin_loss", T([[1.0, 1.0, 2.0, 2.0]]), LABELS[:1], reduction=reduction, note="ties")
    case("multilabel_margin_loss", T([[nan, 1.0, inf, -1e4]]), LABELS[:1], reduction=reduction)
case("multilabel_margin_loss", N(0, 4), I(0, 4), reduction="none", note="empty")
for target in [[0, 4, -1], [0, -2, 1], [0, -1, 7]]:
    error("multilabel_margin_loss", N(3), T(target))
error("multilabel_margin_loss", N(2, 3), I(3, high=3))
error("multilabel_margin_loss", N(2, 3), I(2, 2, high=2))
error("multilabel_margin_loss", N(3), N(3))
error("multilabel_margin_loss", N(3), I(3, high=3), reduction="average")

# cosine_embedding_loss
for reduction, margin in product(REDUCTIONS, [0, 0.4, -0.2]):
    for n in [1, 4]:
        case("cosine_embedding_loss", N(n, 3), N(n, 3), signs(n), margin, second=True, reduction=reduction)
    case("cosine_embedding_loss", N(3), N(3), T(-1), margin, reduction=reduction)
    case("cosine_embedding_loss", N(3, 2), N(3, 2), T([1, 0, -1]), margin, reduction=reduction, note="neither")
    case("cosine_embedding_loss", N(0, 2), N(0, 2), I(0), margin, reduction=reduction, note="empty")
    case("cosine_embedding_loss", T([[0.0, 0.0], [1e4, -1e4], [nan, 1.0]]), T([[1.0, 0.0], [1e4, -1e4], [1.0, 1.0]]), T([1, -1, 1]), margin, reduction=reduction)
case("cosine_embedding_loss", N(4, 3), N(4, 3), signs(4).float(), grad=[0, 1])
case("cosine_embedding_loss", N(4, 3), N(1, 3), signs(4), note="broadcasts")
case("cosine_embedding_loss", N(4, 3), N(4, 3), T([1]), note="broadcasts")
case("cosine_embedding_loss", I(2, 3, low=1), I(2, 3, low=1), T([1, -1]))
error("cosine_embedding_loss", N(2, 3), N(2, 3), T(1))
error("cosine_embedding_loss", N(3), N(3), T([1]))
error("cosine_embedding_loss", N(2, 2, 3), N(2, 2, 3), T([1, 1]))
error("cosine_embedding_loss", N(2, 3), N(2, 3), I(2, 3))
error("cosine_embedding_loss", N(2, 3), N(2, 4), T([1, 1]))
error("cosine_embedding_loss", N(2, 3), N(2, 3), T([1, -1]), reduction="average")

# triplet_margin_loss
for reduction, p, swap in product(REDUCTIONS, [2, 1, 3, inf], [False, True]):
    options = {"p": p, "swap": swap, "reduction": reduction}
    for shape in [[4, 3], [1, 3], [3]]:
        case("triplet_margin_loss", N(*shape), N(*shape), N(*shape), 1, second=p in (1, 2), **options)
    case("triplet_margin_loss", N(0, 3), N(0, 3), N(0, 3), 0.5, note="empty", **options)
for swap in [False, True]:
    case("triplet_margin_loss", T([[0.0, 0.0]]), T([[0.0, 0.0]]), T([[0.0, 0.0]]), swap=swap, note="all the same")
    case("triplet_margin_loss", T([[nan, 0.0], [1e4, 0.0]]), T([[0.0, 0.0], [-1e4, 0.0]]), T([[1.0, 0.0], [0.0, inf]]), swap=swap, reduction="none")
    case("triplet_margin_with_distance_loss", N(4, 3), N(4, 3), N(4, 3), second=True, swap=swap)
    case("triplet_margin_with_distance_loss", N(4, 3), N(4, 3), N(4, 3), swap=swap, margin=0.2, reduction="none")
    case("triplet_margin_with_distance_loss", N(3), N(3), N(3), swap=swap, reduction="sum")
case("triplet_margin_loss", N(4, 3), N(4, 3), N(4, 3))
case("triplet_margin_loss", N(4, 3), N(4, 3), N(4, 3), 2, eps=0.1)
case("triplet_margin_loss", N(4, 3), N(1, 3), N(4, 3), note="broadcasts")
case("triplet_margin_loss", N(2, 4, 3), N(2, 4, 3), N(2, 4, 3))
for fn in ["triplet_margin_loss", "triplet_margin_with_distance_loss"]:
    error(fn, N(2, 3), N(2, 3), N(3))
    error(fn, N(2, 3), N(2, 3), N(2, 4))
    error(fn, N(2, 3), N(2, 3), N(2, 3), margin=0)
    error(fn, N(2, 3), N(2, 3), N(2, 3), margin=-1)
    error(fn, N(2, 3), N(2, 3), N(2, 3), reduction="average")

for fn in ["margin_ranking_loss", "hinge_embedding_loss", "multi_margin_loss", "multilabel_margin_loss",
           "cosine_embedding_loss", "triplet_margin_loss", "triplet_margin_with_distance_loss"]:
    torch_samples.functions(family, fn)
for name in ["MarginRankingLoss", "HingeEmbeddingLoss", "MultiMarginLoss", "MultiLabelMarginLoss", "CosineEmbeddingLoss"]:
    torch_samples.modules(family, name)
TRIPLETS = [{}, {"margin": 0.5}, {"swap": True}, {"reduction": "none"}, {"margin": 0.5, "swap": True, "reduction": "sum"}]
for options in TRIPLETS:
    for name in ["TripletMarginLoss", "TripletMarginWithDistanceLoss"]:
        family.case(name, N(4, 3), N(4, 3), N(4, 3), ns="nn", init=([], options))
family.case("TripletMarginLoss", N(4, 3), N(4, 3), N(4, 3), ns="nn", init=([], {"p": 1, "eps": 0.1}))
for name in ["TripletMarginLoss", "TripletMarginWithDistanceLoss"]:
    family.error(name, N(3), N(3), N(3), ns="nn", init=([], {"margin": 0}))
family.error("MultiMarginLoss", N(2, 3), I(2, high=3), ns="nn", init=([], {"p": 3}))
family.error("MultiMarginLoss", N(2, 3), I(2, high=3), ns="nn", init=([], {"weight": torch.ones(3, 1)}))
