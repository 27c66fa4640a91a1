"""Elementwise functions: broadcasting, promotion, edge values, gradients at kinks."""

from golden import B, Family, I, N, T, U, inf, nan

family = Family("ops_pointwise")
make = family.write
case, error = family.case, family.error

EDGE = T([0.0, -0.0, 1.0, -1.0, 0.5, -2.5, inf, -inf, nan, 1e4, -1e4])
HALVES = T([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 0.49999997, -0.2, 1e7])
LARGE = T([1e4, -1e4, 1e3, -1e3, 87.0, -87.0, 20.0, -20.0, 1e-5, -1e-5])
F = "nn.functional"

SHAPES = [
    ([3, 4], [3, 4]),
    ([3, 4], [4]),
    ([4], [3, 4]),
    ([3, 1], [1, 4]),
    ([], [3]),
    ([3], []),
    ([], []),
    ([2, 3, 4], [4]),
    ([2, 3, 4], [3, 1]),
    ([2, 1, 4], [3, 1]),
    ([1], [2, 3]),
    ([1, 1], [1]),
    ([5, 1, 2, 3], [4, 2, 1]),
    ([0], [0]),
    ([0, 3], [3]),
    ([0, 3], [1]),
    ([2, 0], [2, 1]),
]

# add, sub, mul, div
for fn in ["add", "sub", "mul", "div"]:
    away = lambda *shape: U(*shape, low=0.5, high=2.0) if fn == "div" else N(*shape)
    for a, b in SHAPES:
        case(fn, N(*a), away(*b))
    for b in [2, 0.5, -3, 0]:
        case(fn, N(2, 3), b)
    for a in [1, 0.3, 0]:
        case(fn, a, away(2, 3))
    case(fn, EDGE, 2)
    case(fn, EDGE, 0)
    case(fn, EDGE, EDGE.flip(0), note="edge values")
    case(fn, EDGE[:, None], EDGE, note="every pair of edge values")
    case(fn, I(2, 3), I(3, low=1))
    case(fn, I(2, 3), T(2))
    case(fn, I(2, 3), 2)
    case(fn, I(2, 3), 0.5)
    case(fn, I(2, 3), away(2, 3))
    case(fn, I(3), T(0.5))
    case(fn, away(3), T(2))
    if fn != "sub":
        case(fn, B(2, 3), I(3, low=1))
        case(fn, B(2, 3), away(3))
    error(fn, N(3), N(4))
    error(fn, N(2, 3), N(3, 2))
    error(fn, N(2, 3, 4), N(2, 4))
for fn in ["add", "mul"]:
    case(fn, T([True, True, False]), T([True, False, False]))
    case(fn, B(3), 2)
case("div", B(3), 2)
error("sub", B(3), B(3))
error("sub", B(3), 1)
error("sub", B(3), N(3))

case("add", N(3, 4), N(4), alpha=2)
case("add", N(3), N(3), alpha=0.5)
case("sub", N(3, 4), N(4), alpha=-3)
case("add", I(3), I(3), alpha=2)
case("sub", I(3), N(3), alpha=2)
case("add", N(3), 2, alpha=3)
case("sub", N(3), 2, alpha=0.5)
case("sub", 2, N(3), alpha=3)
error("add", I(3), I(3), alpha=0.5)

case("div", T([1, 0, -1, 7]), T([0, 0, 0, 2]), note="by zero")
for mode in ["floor", "trunc"]:
    case("div", T([7.0, -7.0, 7.5, -7.5, 0.0, 1.0, -1.0]), T([2.0, 2.0, -2.0, -2.0, 3.0, 0.0, 0.0]), rounding_mode=mode)
    case("div", T([7, -7, 7, -7, 0]), T([2, 2, -2, -2, 3]), rounding_mode=mode)
    case("div", N(3), 0.3, rounding_mode=mode)
    error("div", T([1, 2]), T([1, 0]), rounding_mode=mode)
error("div", N(3), N(3), rounding_mode="up")

# one argument
UNARY = ["neg", "abs", "exp", "log", "sqrt", "rsqrt", "square", "sigmoid", "tanh", "relu", "sign", "reciprocal"]
UNARY += ["floor", "ceil", "round", "log1p", "expm1", "sin", "cos", "erf"]
for fn in UNARY:
    positive = fn in ("log", "sqrt", "rsqrt", "reciprocal")
    case(fn, U(2, 3, low=0.1, high=5.0) if positive else U(2, 3, low=-0.9, high=3.0) if fn == "log1p" else N(2, 3))
    case(fn, U(low=0.1, high=2.0))
    case(fn, N(0))
    case(fn, N(2, 0, 3))
    case(fn, EDGE, note="edge values")
    case(fn, LARGE, note="large and small values")
    case(fn, I(5, low=-3, high=4))
    case(fn, U(9, 9, low=0.1, high=4.0))
for fn in ["neg", "abs", "relu", "floor"]:
    error(fn, B(3))
for fn in ["exp", "sqrt", "sign", "square", "reciprocal", "sigmoid"]:
    case(fn, B(3))
for fn in ["floor", "ceil", "round"]:
    case(fn, HALVES, note="halves")
case("round", N(6, scale=100), decimals=1)
case("round", N(6, scale=100), decimals=-1)
for fn in ["relu", "sigmoid", "tanh"]:
    case(fn, N(3, 4), ns=F)
    case(fn, EDGE, ns=F)
case("sigmoid", T([-1e3, -80.0, -30.0, 17.0, 30.0, 90.0]), note="tails")
case("tanh", T([-10.0, -1e-4, 1e-4, 9.0, 10.0]), note="tails")
case("expm1", T([1e-7, -1e-7, 1e-4, -20.0, 10.0]), note="without cancellation")
case("log1p", T([1e-7, -1e-7, 1e-4, -0.999, 1e6]), note="without cancellation")
case("erf", T([-4.0, -3.0, -1e-4, 1e-4, 0.84, 2.0, 4.0]), note="tails")

# pow
BASES = T([0.0, -0.0, 1.0, -1.0, 2.0, -2.0, inf, -inf, nan])
for exponent in [0, 1, 2, 3, 10, 0.5, 1.5, -0.5, -1, -2, 0.3]:
    case("pow", U(2, 3, low=0.2, high=3.0), exponent)
    case("pow", BASES, exponent)
for exponent in [2, 3, -1]:
    case("pow", N(2, 3), exponent, note="negative bases")
for base in [2, 0.5, 1, 10]:
    case("pow", base, N(2, 3))
for base in [0, -2]:
    case("pow", base, T([0.0, 1.0, 2.0, 0.5, -1.0]))
for a, b in SHAPES:
    case("pow", U(*a, low=0.2, high=3.0), N(*b))
case("pow", T([0.0, 0.0, 0.0, 0.0, 0.0, -1.0, -2.0, 2.0]), T([0.0, 1.0, 2.0, -1.0, 0.5, 2.0, 3.0, 0.5]), note="base 0")
case("pow", BASES, BASES.flip(0), note="edge values")
case("pow", I(2, 3), 2)
case("pow", I(2, 3), 0)
case("pow", I(2, 3), 0.5)
case("pow", I(2, 3, low=-5), I(3, high=4))
case("pow", I(3, low=1), N(3))
case("pow", U(3, low=0.5, high=2.0), I(3, low=-3, high=4))
case("pow", 2, I(3))
case("pow", 2, T([-2, 0, 3]))
error("pow", I(3), -1)
error("pow", U(3), N(4))

# maximum, minimum
for fn in ["maximum", "minimum"]:
    for a, b in SHAPES:
        case(fn, N(*a), N(*b))
    case(fn, T([1.0, 2.0, -1.0, 0.0]), T([1.0, 0.0, -1.0, -0.0]), note="ties")
    case(fn, T([1.0, nan, nan, inf, -inf]), T([nan, 1.0, nan, 2.0, 2.0]), note="NaN wins")
    case(fn, T([2.0, 2.0]), T(2.0), note="tie by broadcasting")
    case(fn, I(2, 3), I(3))
    case(fn, I(2, 3), N(3))
    case(fn, B(4), B(4))
    error(fn, N(3), N(4))

# clamp
AROUND = T([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, nan, inf, -inf])
for low, high in [(-0.5, None), (None, 0.5), (-0.5, 0.5), (-1, 1), (0, None), (None, 0), (1, -1), (0.5, 0.5)]:
    case("clamp", AROUND, low, high)
    case("clamp", N(3, 4), low, high)
case("clamp", N(3), -0.5)
case("clamp", N(0), 0, 1)
case("clamp", I(6, low=-5, high=6), -2, 2)
case("clamp", I(6, low=-5, high=6), -1.5, 1.5)
error("clamp", N(3))
error("clamp", N(3), None, None)

# where
for condition, a, b in [
    ([3, 4], [3, 4], [3, 4]),
    ([4], [3, 4], [3, 4]),
    ([3, 1], [4], [1]),
    ([3, 4], [], [4]),
    ([], [2, 3], [3]),
    ([2, 1, 1], [3, 1], [4]),
    ([0], [0], [0]),
    ([0, 3], [3], [1]),
]:
    case("where", B(*condition), N(*a), N(*b))
case("where", T([True, False]), T([1.0, nan]), T([nan, 2.0]), note="NaN not chosen")
case("where", B(2, 3), N(2, 3), 0)
case("where", B(2, 3), N(2, 3), 0.5)
case("where", B(2, 3), 1, N(2, 3))
case("where", B(2, 3), 1, 2)
case("where", B(2, 3), 1.5, 2)
case("where", B(2, 3), I(2, 3), 0)
case("where", B(2, 3), I(2, 3), 0.5)
case("where", B(2, 3), I(2, 3), N(3))
case("where", B(3), B(3), B(3))
case("where", B(3), B(3), I(3))
error("where", N(3), N(3), N(3))
error("where", I(3), N(3), N(3))
error("where", B(2), N(3), N(3))

# comparisons
for fn in ["eq", "ne", "lt", "le", "gt", "ge"]:
    case(fn, T([1.0, 2.0, 3.0, nan, 0.0]), T([1.0, 3.0, 2.0, nan, -0.0]))
    case(fn, EDGE[:, None], EDGE, note="every pair of edge values")
    for a, b in [([3, 4], [4]), ([3, 1], [1, 4]), ([], [3]), ([0, 3], [3])]:
        case(fn, I(*a, high=3), I(*b, high=3))
    case(fn, T([0.0, 0.5, 1.0, nan, inf]), 0.5)
    case(fn, T([0.1, 0.2, 0.3, 16777216.0, -0.0]), 0.1, note="the number is narrowed to float32")
    case(fn, I(5, high=3), 1)
    case(fn, I(5, high=3), 0.5)
    case(fn, I(5, high=3), T([0.0, 0.5, 1.0, 1.5, 2.0]))
    case(fn, T([True, False, True]), T([True, True, False]))
    case(fn, T([True, False]), 1)
    error(fn, N(3), N(4))

# logic
case("logical_not", EDGE)
case("logical_not", I(5, low=-1, high=2))
case("logical_not", B(2, 3))
for fn in ["logical_and", "logical_or", "logical_xor"]:
    case(fn, B(3, 4), B(4))
    case(fn, B(3, 1), B(1, 4))
    case(fn, T([0.0, 1.0, nan, -0.0]), T([nan, 0.0, 2.0, 1.0]))
    case(fn, I(6, high=2), I(6, high=2))
    case(fn, B(3), N(3))
    error(fn, B(3), B(4))
for fn in ["isnan", "isinf", "isfinite"]:
    case(fn, EDGE)
    case(fn, N(2, 3))
    case(fn, I(3))
    case(fn, B(3))
    case(fn, N(0))
