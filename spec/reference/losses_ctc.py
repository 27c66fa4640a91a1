"""Connectionist temporal classification."""

from itertools import product

import torch

import torch_samples
from golden import Family, N, T, inf, nan

family = Family("losses_ctc")
make = family.write
REDUCTIONS = ["none", "mean", "sum"]


def case(*args, **options):
    family.case("ctc_loss", *args, ns="nn.functional", **options)


def error(*args, **options):
    family.error("ctc_loss", *args, ns="nn.functional", **options)


def normal(*shape, seed=0, scale=1):
    """Log-probabilities."""
    return (torch.randn(shape, generator=torch.Generator().manual_seed(seed)) * scale).log_softmax(-1)


# padded and concatenated targets; one needs more frames than it has
PADDED, LENGTHS = T([[1, 2, 3], [2, 2, 0], [3, 0, 0], [1, 1, 1]]), [3, 2, 1, 3]
CONCATENATED = T([1, 2, 3, 2, 2, 3, 1, 1, 1])
for reduction, zero_infinity, targets in product(REDUCTIONS, [False, True], [PADDED, CONCATENATED]):
    options = {"reduction": reduction, "zero_infinity": zero_infinity}
    case(normal(7, 4, 5), targets, [7, 6, 5, 7], LENGTHS, **options)
    case(normal(7, 4, 5), targets, [7, 7, 7, 7], LENGTHS, 4, **options)
    case(normal(7, 4, 5), targets, T([7, 6, 5, 7]), T(LENGTHS), note="lengths as tensors", **options)
    case(normal(7, 4, 5, seed=1), targets, [7, 3, 1, 4], LENGTHS, note="one does not fit", **options)
    case(normal(7, 4, 5, seed=1), targets, [7, 2, 1, 5], LENGTHS, note="two labels without a blank between", **options)
    case(normal(7, 4, 5, seed=2), targets, [7, 0, 5, 7], LENGTHS, note="no frames", **options)
    case(N(7, 4, 5), targets, [7, 6, 5, 7], LENGTHS, note="not normal", **options)
    case(normal(7, 4, 5, scale=30), targets, [7, 6, 5, 7], LENGTHS, note="sure", **options)
for reduction in REDUCTIONS:
    for blank, targets in [(2, T([[0, 1, 3], [4, 4, 0]])), (3, T([[0, 1, 4], [4, 4, 0]]))]:
        case(normal(6, 2, 5), targets, [6, 5], [3, 2], blank, reduction=reduction)
    case(normal(6, 3, 4), T([1, 2]), [6, 5, 4], [0, 2, 0], reduction=reduction, note="empty targets")
    case(normal(6, 2, 4), T([], dtype=torch.int64), [6, 5], [0, 0], reduction=reduction, note="empty targets")
    case(normal(6, 2, 4), T([[], []], dtype=torch.int64), [0, 5], [0, 0], reduction=reduction, note="nothing at all")
    case(normal(6, 4), T([1, 2, 1]), [6], [3], reduction=reduction, note="unbatched")
    case(normal(6, 4), T([1, 2, 1]), T(6), T(3), reduction=reduction, note="unbatched, lengths as numbers")
    case(normal(6, 4), T([[1, 2, 1]]), T([6]), T([3]), reduction=reduction, note="unbatched")
    case(normal(1, 1, 2), T([[1]]), [1], [1], reduction=reduction, note="one frame")
    case(normal(4, 1, 3), T([[1, 0, 2]]), [4], [3], reduction=reduction, note="a blank among the labels")
    case(normal(40, 3, 6, seed=3), T([[1, 2, 3, 3, 4, 5, 5, 1], [2, 2, 2, 2, 0, 0, 0, 0], [5, 4, 3, 2, 1, 0, 0, 0]]), [40, 35, 30], [8, 4, 5], reduction=reduction)
case(normal(6, 2, 4), T([[1.0, 2.0], [3.0, 1.0]]), [6, 5], [2, 2], grad=[0], note="targets as floats")
case(normal(6, 2, 4) - 1e4, T([[1, 2], [3, 1]]), [6, 5], [2, 2], note="-1e4")
IMPOSSIBLE = normal(5, 2, 4)
IMPOSSIBLE[:, 0, 1] = -inf
for zero_infinity in [False, True]:
    case(IMPOSSIBLE, T([[1, 2], [3, 1]]), [5, 5], [2, 2], reduction="none", zero_infinity=zero_infinity, note="-inf at a label")
UNUSED = normal(5, 2, 4)
UNUSED[2, 0, 1] = -inf
case(UNUSED, T([[1, 2], [3, 1]]), [5, 5], [2, 2], reduction="none", note="-inf at a label once")
case(torch.full((3, 1, 3), nan), T([[1]]), [3], [1])

error(normal(5, 2, 4), PADDED[:2], [5, 4, 4], [3, 2])
error(normal(5, 2, 4), PADDED[:2], [5, 4], [3, 2, 1])
error(normal(5, 2, 4), PADDED[:2], [5, 6], [3, 2])
error(normal(5, 2, 4), PADDED[:2], [5, -1], [3, 2])
error(normal(5, 2, 4), PADDED[:2], [5, 4], [3, 4])
error(normal(5, 2, 4), PADDED[:2], [5, 4], [3, -1])
error(normal(5, 2, 4), T([1, 2, 0, 3]), [5, 4], [2, 3])
error(normal(5, 2, 4), T([1, 2, 0, 3, 1, 1]), [5, 4], [2, 3])
error(normal(5, 2, 4), PADDED[:3], [5, 4], [3, 2])
error(normal(5, 2, 4), CONCATENATED[:4], [5, 4], [2, 2], 4)
error(normal(5, 2, 4), CONCATENATED[:4], [5, 4], [2, 2], -1)
error(normal(5, 2, 4), CONCATENATED[:4], T([5.0, 4.0]), T([2, 2]))
error(normal(4), CONCATENATED[:4], [5], [2])
error(normal(5, 2, 4)[:, :0], CONCATENATED[:0], [], [])
error(normal(5, 2, 4), CONCATENATED[:4], [5, 4], [2, 2], reduction="average")

torch_samples.modules(family, "CTCLoss", most=20)
for options in [{}, {"blank": 4}, {"reduction": "none"}, {"zero_infinity": True, "reduction": "sum"}]:
    family.case("CTCLoss", normal(7, 4, 5), PADDED, [7, 6, 5, 4], LENGTHS, ns="nn", init=([], options))
