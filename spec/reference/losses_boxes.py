"""Boxes and their losses, and the focal loss, of torchvision 0.28 (pip install --no-deps torchvision==0.28.0)."""

from itertools import product

import torch
import torchvision.ops

import golden
from golden import Family, I, N, T, U, inf, nan

golden.OWNERS["vision.ops"] = torchvision.ops
family = Family("losses_boxes")
make = family.write
REDUCTIONS = ["none", "mean", "sum"]


def case(fn, *args, **options):
    family.case(fn, *args, ns="vision.ops", **options)


def error(fn, *args, **options):
    family.error(fn, *args, ns="vision.ops", **options)


def boxes(*shape, seed=0, size=1.0):
    """Boxes (x1, y1, x2, y2) that often overlap."""
    generator = torch.Generator().manual_seed(seed)
    corner = torch.rand(*shape, 2, generator=generator)
    return torch.cat([corner, corner + torch.rand(*shape, 2, generator=generator) * size], -1)


SAME = T([[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 2.0, 1.0]])
TOUCHING = T([[1.0, 0.0, 2.0, 1.0], [2.0, 1.0, 3.0, 2.0]])
APART = T([[5.0, 5.0, 6.0, 7.0], [-3.0, -3.0, -2.0, -2.0]])
EMPTY = T([[0.5, 0.5, 0.5, 0.5], [1.0, 1.0, 0.0, 0.0]])
FORMATS = ["xyxy", "xywh", "cxcywh"]

for before, after in product(FORMATS, FORMATS):
    for shape in [[4], [3, 4], [2, 3, 4], [0, 4]]:
        case("box_convert", U(*shape), before, after)
    case("box_convert", T([[0, 1, 4, 6]]), before, after)
error("box_convert", U(3, 4), "xyxy", "xxyy")
for fmt in FORMATS:
    for shape in [[4], [3, 4], [2, 3, 4], [0, 4]]:
        case("box_area", U(*shape), fmt)
    case("box_area", I(3, 4), fmt)
    case("box_iou", boxes(3), boxes(2, seed=1), fmt)
    case("box_iou", boxes(2, 3), boxes(2, 2, seed=1), fmt)
    case("box_iou", T([[0, 0, 4, 4]]), T([[2, 2, 6, 6], [9, 9, 10, 10]]), fmt)
case("box_area", U(3, 4))
error("box_area", U(3, 4), "xxyy")
error("box_iou", U(3, 4), U(3, 4), "xxyy")

PAIRWISE = ["box_iou", "generalized_box_iou", "distance_box_iou", "complete_box_iou"]
for fn in PAIRWISE:
    case(fn, boxes(3), boxes(4, seed=1), second=True)
    case(fn, boxes(2, 3), boxes(2, 2, seed=1))
    case(fn, boxes(0), boxes(2, seed=1))
    for note, other in [("same", SAME), ("touching", TOUCHING), ("apart", APART), ("empty", EMPTY)]:
        case(fn, SAME, other, note=note)
    case(fn, boxes(2, size=1e4), T([[nan, 0.0, 1.0, 1.0], [0.0, 0.0, 1e4, 1e4]]))
for fn in PAIRWISE[2:]:
    case(fn, boxes(3), boxes(4, seed=1), 0.1)

for fn, reduction in product(["generalized_box_iou_loss", "distance_box_iou_loss", "complete_box_iou_loss"], REDUCTIONS):
    case(fn, boxes(5), boxes(5, seed=1), second=True, reduction=reduction)
    case(fn, boxes(), boxes(seed=1), reduction=reduction)
    case(fn, boxes(2, 3), boxes(2, 3, seed=1), reduction=reduction)
    case(fn, boxes(0), boxes(0), reduction=reduction)
    case(fn, boxes(5), boxes(5, seed=1), reduction=reduction, eps=0.1)
    for note, other in [("same", SAME), ("touching", TOUCHING), ("apart", APART), ("empty", EMPTY)]:
        case(fn, SAME, other, reduction=reduction, note=note)
    if reduction == "none":
        case(fn, boxes(5), boxes(5, seed=1))
        case(fn, boxes(5), boxes(5, seed=1), "sum")
        error(fn, boxes(5), boxes(5, seed=1), reduction="average")

    case(fn, T([[0.0, 0.0, inf, 1.0], [0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 2.0, 3.0]]), T([[0.0, 2.0, 1.0, 3.0], [0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 2.0, 2.0]]), reduction=reduction, note="infinite and apart")
    error(fn, boxes(), boxes(3, seed=1), reduction=reduction)
    error(fn, boxes(1), boxes(3, seed=1), reduction=reduction)

# sigmoid_focal_loss
LOGITS, CLASSES = T([1e4, -1e4, 1e4, -1e4, 20.0, -20.0, 0.0]), T([1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.5])
LABELS = torch.arange(12).reshape(3, 4) % 3 // 2 * 1.0
for reduction, alpha, gamma in product(REDUCTIONS, [0.25, -1, 0, 1], [2, 0, 0.5]):
    options = {"gamma": gamma, "reduction": reduction}
    case("sigmoid_focal_loss", N(3, 4), LABELS, alpha, second=gamma == 2, grad=[0], **options)
    case("sigmoid_focal_loss", LOGITS, CLASSES, alpha, grad=[0], note="big", **options)
case("sigmoid_focal_loss", N(3, 4), U(3, 4))
case("sigmoid_focal_loss", N(), U(), reduction="mean")
case("sigmoid_focal_loss", N(0, 2), U(0, 2), reduction="mean")
for alpha in [-0.5, 1.5, 2]:
    error("sigmoid_focal_loss", N(3), U(3), alpha)
error("sigmoid_focal_loss", N(3), U(4))
error("sigmoid_focal_loss", N(3), U(3), reduction="average")

# nms
SCORES = torch.rand(30, generator=torch.Generator().manual_seed(5))
for threshold in [0, 0.1, 0.3, 0.5, 0.9, 1]:
    case("nms", boxes(30), SCORES, threshold, grad=False)
case("nms", SAME.repeat(3, 1), T([0.5, 0.6, 0.5, 0.6, 0.7, 0.1]), 0.4, grad=False)
case("nms", boxes(0), T([]), 0.5, grad=False)
case("nms", EMPTY, T([0.1, 0.2]), 0.5, grad=False)
error("nms", U(4), U(1), 0.5)
error("nms", U(2, 5), U(2), 0.5)
error("nms", U(2, 4), U(2, 1), 0.5)
error("nms", U(2, 4), U(3), 0.5)
