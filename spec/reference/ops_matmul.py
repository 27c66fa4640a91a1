"""Matrix products in all shapes, and the linear layer's function."""

from golden import Family, I, N, U, inf, nan, T

family = Family("ops_matmul")
make = family.write
case, error = family.case, family.error
F = "nn.functional"

for a, b in [
    ([3], [3]),
    ([3], [3, 4]),
    ([2, 3], [3]),
    ([2, 3], [3, 4]),
    ([1, 1], [1, 1]),
    ([3], [2, 3, 4]),
    ([2, 3, 4], [4]),
    ([2, 3, 4], [4, 2]),
    ([3, 4], [2, 4, 5]),
    ([2, 3, 4], [2, 4, 5]),
    ([2, 3, 4], [1, 4, 5]),
    ([2, 1, 3, 4], [3, 4, 2]),
    ([2, 1, 3, 4], [1, 3, 4, 2]),
    ([2, 2, 3, 4], [4, 2]),
    ([5, 1, 2, 3], [3]),
    ([0, 3], [3, 2]),
    ([2, 0], [0, 3]),
    ([2, 3], [3, 0]),
    ([0], [0]),
    ([0, 2, 3], [3, 2]),
    ([2, 0, 3], [2, 3, 4]),
]:
    case("matmul", N(*a), N(*b))
case("matmul", I(2, 3), I(3, 2))
case("matmul", I(3), I(3))
case("matmul", U(2, 100, low=-1), U(100, 2, low=-1))
case("matmul", T([[1.0, inf], [nan, 0.0]]), T([[0.0, 1.0], [1.0, 0.0]]))
for a, b in [([3], [4]), ([2, 3], [4]), ([2, 3], [2, 3]), ([3], [4, 3]), ([2, 3, 4], [3, 4, 5]), ([2, 3, 4], [3, 2]),
             ([], [3]), ([3], []), ([], [])]:
    error("matmul", N(*a), N(*b))
error("matmul", N(2, 3), I(3, 2))

case("mm", N(2, 3), N(3, 4))
case("mm", N(0, 3), N(3, 4))
case("mm", N(2, 0), N(0, 4))
error("mm", N(2, 3), N(2, 3))
error("mm", N(2, 3), N(3))
error("mm", N(2, 2, 3), N(3, 2))
error("mm", N(2, 3), I(3, 2))
case("bmm", N(2, 3, 4), N(2, 4, 5))
case("bmm", N(0, 3, 4), N(0, 4, 5))
error("bmm", N(2, 3, 4), N(3, 4, 5))
error("bmm", N(2, 3, 4), N(2, 3, 4))
error("bmm", N(3, 4), N(4, 5))
case("mv", N(2, 3), N(3))
case("mv", N(2, 0), N(0))
error("mv", N(2, 3), N(2))
error("mv", N(3), N(3))
case("dot", N(4), N(4))
case("dot", N(0), N(0))
case("dot", I(4), I(4))
error("dot", N(3), N(4))
error("dot", N(2, 2), N(4))
error("dot", N(3), I(3))
case("outer", N(2), N(3))
case("outer", N(0), N(3))
case("outer", I(2), I(3))
case("outer", I(2), N(3))
error("outer", N(2, 2), N(3))

for bias in [[2, 4], [4], [2, 1], [1], []]:
    case("addmm", N(*bias), N(2, 3), N(3, 4))
case("addmm", N(4), N(2, 3), N(3, 4), beta=0.5, alpha=2)
case("addmm", N(4), N(2, 3), N(3, 4), beta=0)
case("addmm", T([nan, inf]), N(2, 3), N(3, 2), beta=0, note="beta=0 ignores NaN")
case("addmm", N(4), N(2, 0), N(0, 4))
case("addmm", I(4), I(2, 3), I(3, 4))
error("addmm", N(3), N(2, 3), N(3, 4))
error("addmm", N(4), N(2, 3), N(2, 4))
error("addmm", N(4), N(3), N(3, 4))

for x in [[5], [2, 5], [3, 2, 5], [2, 3, 2, 5], [0, 5], [1, 5]]:
    case("linear", N(*x), N(4, 5), ns=F)
    case("linear", N(*x), N(4, 5), N(4), ns=F)
case("linear", N(2, 5), N(4, 5), None, ns=F)
case("linear", N(2, 5), N(5), ns=F, note="a vector as weight")
case("linear", N(2, 5), N(4, 5), N(1), ns=F, note="a bias that broadcasts")
case("linear", N(16, 100), U(8, 100, low=-0.1, high=0.1), U(8), ns=F)
error("linear", N(2, 5), N(4, 6), ns=F)
error("linear", N(2, 5), N(4, 6), N(4), ns=F)
error("linear", N(5), N(4, 6), N(4), ns=F)
error("linear", N(3, 2, 5), N(4, 6), N(4), ns=F)
error("linear", N(2, 5), N(4, 5), N(3), ns=F)
error("linear", I(2, 5), N(4, 5), N(4), ns=F)
