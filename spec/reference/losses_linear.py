"""Losses with parameters of their own: linear cross entropy and the adaptive softmax."""

from itertools import product

import torch

import torch_samples
from golden import Family, I, N, T, U

family = Family("losses_linear")
make = family.write
F = "nn.functional"
REDUCTIONS = ["none", "mean", "sum"]
WEIGHT = T([0.3, 1.5, 1.0, 0.7])

for reduction, weighted, smoothing in product(REDUCTIONS, [False, True], [0, 0.1]):
    options = {"reduction": reduction, "label_smoothing": smoothing} | ({"weight": WEIGHT} if weighted else {})
    case = lambda *args, **more: family.case("linear_cross_entropy", *args, ns=F, **options, **more)
    case(N(6, 3), N(4, 3), I(6, high=4))
    case(N(6, 3), N(4, 3), I(6, high=4), linear_bias=N(4), grad_options=["linear_bias"])
    case(N(6, 3), N(4, 3), T([0, -100, 1, 2, -100, 3]), note="some are ignored")
    case(N(3), N(4, 3), T(2))
    case(N(6, 3), N(4, 3), U(6, 4))
    case(N(6, 3), N(4, 2, 3), I(6, 2, high=4), linear_bias=N(4, 2), grad_options=["linear_bias"])
    case(N(6, 3), N(4, 2, 3), U(6, 4, 2))
family.case("linear_cross_entropy", N(6, 3), N(4, 3), I(6, high=4), ns=F, ignore_index=2)
error = lambda *args, **options: family.error("linear_cross_entropy", *args, ns=F, **options)
error(N(2, 6, 3), N(4, 3), I(6, high=4))
error(N(), N(4, 3), I(6, high=4))
error(N(6, 3), N(3), I(6, high=4))
error(N(6, 3), N(4, 2), I(6, high=4))
error(N(6, 3), N(4, 3), I(6, high=4), linear_bias=N(3))
error(N(3), N(4, 2, 3), I(2, high=4))
error(N(6, 3), N(4, 3), U(6, 4), ignore_index=1)
error(N(6, 3), N(4, 3), T([0, 1, 2, 3, 4, 0]))
error(N(6, 3), N(4, 3), I(6, high=4), reduction="average")
torch_samples.functions(family, "linear_cross_entropy", most=30)
torch_samples.modules(family, "LinearCrossEntropyLoss", most=40)
made = lambda *args, init, **options: family.error("LinearCrossEntropyLoss", *args, ns="nn", init=init, **options)
made(N(6, 3), I(6, high=4), init=([3, 4], {"weight": torch.ones(3)}))
made(N(6, 3), I(6, high=4), init=([3, 4], {"label_smoothing": 1.5}))


def adaptive(*args, init, **options):
    family.case("AdaptiveLogSoftmaxWithLoss", *args, ns="nn", init=init, seed=0, **options)


for options in [{}, {"head_bias": True}, {"div_value": 2}]:
    for labels in [[0, 3, 4, 9, 10, 19, 1], [0, 1, 2, 3, 3, 2, 1], [10, 11, 12, 13, 14, 15, 16]]:
        adaptive(N(7, 16), T(labels), init=([16, 20, [4, 10]], options), note=str(labels))
    adaptive(N(16), T(12), init=([16, 20, [4, 10]], options))
    adaptive(N(1, 16), T([5]), init=([16, 20, [4, 10]], options))
adaptive(N(4, 16), T([0, 1, 5, 5]), init=([16, 6, [5]], {}))
adaptive(N(0, 16), I(0), init=([16, 20, [4, 10]], {}))
refused = lambda *args, init: family.error("AdaptiveLogSoftmaxWithLoss", *args, ns="nn", init=init)
for cutoffs in [[], [4, 4], [10, 4], [0, 4], [4, 20], [4, 25], [4.5]]:
    refused(N(2, 16), T([0, 1]), init=([16, 20, cutoffs], {}))
for target in [T([0, 20]), T([-1, 3]), T([0]), T([[0], [1]]), T(0)]:
    refused(N(2, 16), target, init=([16, 20, [4, 10]], {}))
refused(N(16), T([0]), init=([16, 20, [4, 10]], {}))
