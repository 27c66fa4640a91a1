"""Functions that read and write where a mask or an index says."""

import torch
from golden import B, Family, I, N, T, nan

family = Family("ops_masked")
make = family.write
case, error = family.case, family.error
MASK = T([[True, False, True], [False, False, True]])
HOLES = T([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])

for value in [0, -1.5, float("-inf"), float("nan")]:
    case("masked_fill", N(2, 3), MASK, value)
case("masked_fill", N(2, 3), T([True, False, True]), 2)
case("masked_fill", N(3), MASK, 2)
case("masked_fill", N(2, 3), MASK, T(7.0))
case("masked_fill", I(2, 3), MASK, -1)
case("masked_fill", B(3), T([True, False, True]), True)
case("masked_fill", N(), T(True), 3)
case("masked_fill", N(0, 3), T([True, False, True]), 3)
error("masked_fill", N(2, 3), T([1.0, 0.0, 1.0]), 2)
error("masked_fill", N(2, 3), MASK, T([1.0, 2.0]))
error("masked_fill", N(2, 3), T([True, False]), 2)
case("masked_fill", I(2, 3), MASK, -1.5, note="the fraction is cut off")

case("masked_select", N(2, 3), MASK, note="some")
case("masked_select", N(2, 3), T([True, False, True]))
case("masked_select", N(3), MASK)
case("masked_select", N(2, 3), T([[False] * 3] * 2), note="nothing")
case("masked_select", I(2, 3), MASK)
case("masked_select", N(), T(True))
error("masked_select", N(2, 3), T([1.0, 0.0, 1.0]))
error("masked_select", N(2, 3), T([True, False]))

case("masked_scatter", N(2, 3), MASK, N(3))
case("masked_scatter", N(2, 3), MASK, N(2, 4))
case("masked_scatter", N(2, 3), T([True, False, True]), N(4))
case("masked_scatter", I(2, 3), MASK, I(5))
error("masked_scatter", N(2, 3), MASK, N(2))
error("masked_scatter", N(2, 3), MASK, I(5))

for index in [[0, 5, 2], [[1, -1], [-6, 3]], [0, 0, 0]]:
    case("take", N(2, 3), T(index))
case("take", N(2, 3), T(4))
error("take", N(2, 3), T([6]))
error("take", N(2, 3), T([-7]))

for dim, index in [(0, [1]), (1, [0, 2]), (-1, [2, 0]), (0, [0, 0])]:
    case("index_fill", N(2, 3), dim, T(index), 7)
    case("index_fill", N(2, 3), dim, T(index), T(0.5))
case("index_fill", N(2, 3), 1, T([-1]), 7, grad=False)  # its backward refuses the index
case("index_fill", I(4), 0, T([3, 1]), -2)
error("index_fill", N(2, 3), 2, T([0]), 1)
error("index_fill", N(2, 3), 0, T([2]), 1)
error("index_fill", N(2, 3), 0, T([0]), T([1.0, 2.0]))

case("index_copy", N(2, 3), 0, T([1]), N(1, 3))
case("index_copy", N(2, 3), 1, T([2, 0]), N(2, 2))
case("index_copy", I(4), 0, T([3, 1]), I(2))
error("index_copy", N(2, 3), 0, T([1]), N(2, 3))
error("index_copy", N(2, 3), 0, T([2]), N(1, 3))
error("index_copy", N(2, 3), 0, T([1]), I(1, 3))
error("index_copy", N(2, 3), 0, T([-1]), N(1, 3))
error("index_copy", N(2, 3), 0, T([2]), N(1, 3))
error("index_copy", N(2, 3), 0, T([[0]]), N(1, 3))
error("index_copy", N(2, 3), 0, T([True, False]), N(2, 3))
error("index_fill", N(2, 3), 0, T([[0]]), 1)
error("index_fill", N(2, 3), 0, T([True, False]), 1)
case("index_fill", N(2, 3), 0, T([-1]), 1)
error("index_select", N(), 0, T([0, 0]))
error("index_select", N(), 0, T([], dtype=torch.long))
error("take_along_dim", N(), T(0), 0)
error("cross", N(), N(), dim=0, ns="linalg")
for condition in [B(2, 3), T([0, 3, -1]), T([0.0, nan]), T(True), T(False), B(0)]:
    case("where", condition, grad=False)
error("where", B(2), N(2))

INDEX = T([[0, 1, 1], [1, 0, 0]])
case("scatter", N(2, 3), 0, INDEX, N(2, 3))
case("scatter", N(2, 3), 1, T([[2, 0], [1, 2]]), N(2, 2))
case("scatter", N(2, 3), 1, T([[2], [0]]), N(2, 3), note="src larger than index", grad=False)
case("scatter", N(2, 3), 0, INDEX, 1.5)
case("scatter", N(2, 3), -1, T([[2, 0], [1, 2]]), -1)
case("scatter", I(5), 0, T([4, 0]), I(2))
case("scatter", N(2, 3), 1, T([[0, 0], [2, 2]]), N(2, 2), reduce="add", grad=False)
case("scatter", N(2, 3), 1, torch.zeros(2, 0, dtype=torch.long), N(2, 3), grad=False)
error("scatter", N(2, 3), 0, T([[2, 0, 0]]), N(2, 3))
error("scatter", N(2, 3), 0, T([[-1, 0, 0]]), N(2, 3))
error("scatter", N(2, 3), 0, INDEX, N(1, 3))
error("scatter", N(2, 3), 0, INDEX, I(2, 3))
