"""Reductions, softmax and cumsum: dims in every form, keepdim, ties, NaN, infinities, empty and 0-d tensors."""

from golden import FLOAT, B, Family, I, N, T, U, inf, nan

family = Family("ops_reduce")
make = family.write
case, error = family.case, family.error
F = "nn.functional"

ROWS = T([[1.0, -inf, 2.0], [-inf, -inf, -inf], [inf, 0.0, 1.0], [nan, 0.0, 1.0], [1e4, 1e4, -1e4]])
TIES = T([[1.0, 3.0, 3.0], [3.0, 2.0, 2.0]])
NANS = T([[1.0, nan, 3.0], [nan, nan, 0.0], [2.0, 1.0, 0.0]])

# one dim, several, none
for fn in ["sum", "mean", "amax", "amin", "logsumexp", "std", "var", "norm", "prod", "all", "any"]:
    p = [2] if fn == "norm" else []
    draw = B if fn in ("all", "any") else N
    if fn != "logsumexp":
        case(fn, draw(2, 3, 4))
        case(fn, draw())
        case(fn, draw(5))
    several = [] if fn == "prod" else [[0, 2], [-1, 0], [0, 1, 2], [1]]
    for dim in [0, 1, -1, *several]:
        case(fn, draw(2, 3, 4), *p, dim)
        case(fn, draw(2, 3, 4), *p, dim, keepdim=True)
    case(fn, draw(5), *p, 0)
    case(fn, draw(1, 5), *p, 0, keepdim=True)
    if fn not in ("std", "var"):
        case(fn, draw(), *p, 0)
        case(fn, draw(), *p, -1, keepdim=True)
    error(fn, draw(2, 3), *p, 2)
    error(fn, draw(2, 3), *p, -3)
    if several:
        error(fn, draw(2, 3), *p, [0, 0])
        error(fn, draw(2, 3), *p, [0, -2])
for fn in ["sum", "mean", "amax"]:
    case(fn, N(2, 3), [])
case("sum", N(2, 3), None, keepdim=True)

# empty
for fn in ["sum", "mean", "prod", "norm", "all", "any"]:
    draw = B if fn in ("all", "any") else N
    case(fn, draw(0))
    case(fn, draw(0, 3))
for fn in ["sum", "mean", "prod", "logsumexp", "all", "any", "var"]:
    draw = B if fn in ("all", "any") else N
    case(fn, draw(0, 3), 0)
    case(fn, draw(0, 3), 1)
    case(fn, draw(2, 0), 1)
for fn in ["max", "min", "argmax", "argmin", "amax", "amin"]:
    error(fn, N(0))
    error(fn, N(0, 3), 0)
    case(fn, N(0, 3), 1)
case("var", N(0))
case("norm", N(0), 1)
error("norm", N(0), inf)
case("softmax", N(0, 3), 1)
case("softmax", N(0, 3), 0)
case("cumsum", N(0, 3), 0)
case("cumsum", N(0), 0)

# sum, mean, prod
case("sum", ROWS, 1)
case("mean", ROWS, 1)
case("sum", U(1000))
case("mean", U(30, 40, low=99, high=100), 0)
case("sum", I(2, 3))
case("sum", I(2, 3), 0, keepdim=True)
case("sum", B(2, 3))
case("sum", B(2, 3), 1)
case("sum", I(2, 3), dtype=FLOAT)
case("mean", I(2, 3), dtype=FLOAT)
case("mean", I(2, 3), 0, dtype=FLOAT)
error("mean", I(2, 3))
error("mean", B(2, 3))
case("prod", I(5, low=1, high=5))
case("prod", B(3))
case("prod", T([0.0, 2.0, 3.0]), note="one zero")
case("prod", T([0.0, 2.0, 0.0]), note="two zeros")
case("prod", T([[0.0, 2.0, 3.0], [0.0, 0.0, 4.0], [1.0, 2.0, 3.0]]), 1, note="zeros")
case("prod", T([nan, 2.0, inf]))

# max, min, amax, amin, argmax, argmin
for fn in ["max", "min"]:
    case(fn, N(2, 3))
    case(fn, N())
    case(fn, TIES, note="ties share the gradient")
    case(fn, NANS, note="NaN")
    case(fn, I(2, 3))
    case(fn, B(4))
    for dim in [0, 1, 2, -1]:
        case(fn, N(2, 3, 4), dim)
        case(fn, N(2, 3, 4), dim, keepdim=True)
    for dim in [0, 1]:
        case(fn, TIES, dim, note="ties")
        case(fn, NANS, dim, note="NaN")
        case(fn, I(3, 4), dim)
    case(fn, B(2, 3), 1)
    case(fn, N(), 0)
    case(fn, N(), -1, keepdim=True)
    case(fn, T([inf, -inf, 0.0]), 0)
    case(fn, N(2, 3), N(3), note="of two tensors")
    error(fn, N(2, 3), 2)
    error(fn, N(2, 3), -3)
for fn in ["amax", "amin"]:
    case(fn, TIES, note="ties")
    case(fn, TIES, 1, note="ties")
    case(fn, NANS, 1, note="NaN")
    case(fn, I(2, 3), 0)
    case(fn, B(2, 3), 0)
for fn in ["argmax", "argmin"]:
    case(fn, N(2, 3, 4))
    case(fn, N())
    case(fn, N(2, 3), keepdim=True)
    for dim in [0, 1, -1]:
        case(fn, N(2, 3, 4), dim)
        case(fn, N(2, 3, 4), dim, keepdim=True)
        case(fn, TIES, dim, note="ties")
        case(fn, NANS, dim, note="NaN")
    case(fn, N(), 0)
    case(fn, TIES, note="ties")
    case(fn, NANS, note="NaN")
    case(fn, I(2, 5), 1)
    case(fn, T([-inf, -inf]), 0)
    error(fn, B(3))
    error(fn, N(2, 3), 2)

# logsumexp
for dim in [0, 1, [0, 1]]:
    case("logsumexp", ROWS, dim)
case("logsumexp", ROWS[:2], 1, note="a row of -inf")
case("logsumexp", ROWS[:2], [0, 1], keepdim=True)
case("logsumexp", N(3, 4, scale=1000), 1)
case("logsumexp", I(2, 3), 1)

# var, std
for fn in ["var", "std"]:
    for correction in [0, 1, 2]:
        case(fn, N(4, 5), correction=correction)
        case(fn, N(4, 5), 0, correction=correction)
        case(fn, N(4, 5), [0, 1], correction=correction, keepdim=True)
    case(fn, U(40, 30, low=99, high=101), 0)
    case(fn, N(1), note="one element")
    case(fn, N(1), correction=0, note="one element")
    case(fn, N(3, 1), 1, note="one element")
    case(fn, N(2, 3), 1, correction=3, note="no degree of freedom")
    case(fn, T([2.0, 2.0, 2.0]), note="constant")
    case(fn, T([1.0, inf, 2.0]))
    case(fn, T([1.0, nan, 2.0]))
    error(fn, I(3))

# all, any
for fn in ["all", "any"]:
    case(fn, T([[0.0, 2.0], [nan, 0.0]]), [], grad=False)
    case(fn, B(2, 3), [], keepdim=True)
    case(fn, I(), [])
for fn in ["all", "any"]:
    case(fn, T([True, True]))
    case(fn, T([False, False]))
    case(fn, T([[1.0, nan], [0.0, -0.0]]), 1)
    case(fn, I(2, 3, high=2), 1)

# norm
ZERO = T([[0.0, 0.0], [3.0, -4.0]])
for p in ["fro", 1, 2, 3, 0, inf, -inf, 0.5, 1.5]:
    grad = p != 0  # counting has none
    case("norm", N(2, 3), p, grad=grad)
    case("norm", N(2, 3), p, 1, grad=grad)
    case("norm", N(2, 3), p, [0, 1], keepdim=True, grad=grad)
    case("norm", ZERO, p, 1, note="at 0", grad=grad)
case("norm", N())
case("norm", T([0.0, 0.0]), note="at 0")
case("norm", T([3.0, -3.0, 1.0]), inf, note="ties")
case("norm", T([1.0, nan]))
case("norm", T([1.0, inf]))
error("norm", I(3))

# softmax, logSoftmax
for fn in ["softmax", "log_softmax"]:
    for dim in [-1, 0, 1, 2, -3]:
        case(fn, N(2, 3, 4), dim)
    case(fn, N(2, 3), 1, ns=F)
    case(fn, N(2, 3), ns=F, dim=0)
    case(fn, N(5), 0)
    case(fn, N(), 0)
    case(fn, N(3, 1), 1)
    case(fn, T([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [1e4, 1e4, 1e4]]), 1, note="large")
    case(fn, T([[0.0, -inf, 1.0], [-inf, -inf, 0.0]]), 1, note="-inf")
    case(fn, T([[-inf, -inf], [0.0, nan], [inf, 0.0]]), 1, note="rows without a value")
    case(fn, N(20, 10, scale=10), 1)
    case(fn, I(2, 3), 1, dtype=FLOAT)
    error(fn, I(2, 3), 1)
    error(fn, N(2, 3), 2)

# cumsum
for dim in [0, 1, 2, -1]:
    case("cumsum", N(2, 3, 4), dim)
case("cumsum", N(), 0)
case("cumsum", I(2, 3), 1)
case("cumsum", B(5), 0)
case("cumsum", T([1.0, inf, -inf, 2.0]), 0)
case("cumsum", U(300), 0)
error("cumsum", N(2, 3), 2)
