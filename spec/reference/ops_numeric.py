"""Comparisons in place, membership, integers, distances, covariances, calculus of samples."""

import torch
from golden import B, Family, I, N, T, U, inf, nan
from samples import sampled

family = Family("ops_numeric")
# What writes to its first argument, which therefore may not require grad.
in_place = Family("ops_numeric_inplace")
case, error = family.case, family.error
ODD = T([nan, inf, -inf, 0.0, -0.0, 1e4, -1e4, 1.5])
INT = torch.int32

COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge", "logical_and", "logical_or", "logical_xor"]
for fn in [*COMPARISONS, "greater", "greater_equal", "less", "less_equal", "not_equal"]:
    for x, y in [(I(2, 3, high=2), I(3, high=2)), (ODD, ODD.flip(0)), (B(4), B(4)), (N(3), T(0.0))]:
        in_place.case(f"{fn}_", x, y, ns="Tensor", grad=False)
    if fn not in COMPARISONS:
        case(fn, I(2, 3, high=2), I(3, high=2))
        case(fn, ODD, 0, ns="Tensor", grad=False)
    if not fn.startswith("logical"):
        in_place.case(f"{fn}_", I(4, high=3), 1, ns="Tensor")
    in_place.error(f"{fn}_", N(2), N(3), ns="Tensor")
for x in [I(3, high=2), B(3), ODD]:
    in_place.case("logical_not_", x, ns="Tensor", grad=False)

for invert in [False, True]:
    case("isin", I(2, 3), I(4), invert=invert)
    case("isin", ODD, T([0.0, nan, inf]), invert=invert, grad=False)
case("isin", T([1, 2, 3]), 2)
case("isin", 2, T([1, 2, 3]))
case("isin", T([1.0, 2.5]), T([1, 2]), assume_unique=True, grad=False)
case("isin", T([1, 2]), T([1.0, 2.5]), grad=False)
case("isin", N(2), N(0), grad=False)
case("isin", N(0, 2), N(3), grad=False)
case("isin", I(100, 300, high=100000), I(1000, high=100000), note="many")
error("isin", B(2), B(2))
for fn in ["isposinf", "isneginf", "isreal"]:
    for x in [ODD, I(2, 2), B(2), N(0), N()]:
        case(fn, x, grad=False)
    case(fn, ODD, ns="Tensor", grad=False)

for fn in ["gcd", "lcm"]:
    case(fn, T([-12, 0, 7, 12, 0, -8, 1]), T([8, 0, 0, -18, 5, -8, 99]))
    case(fn, I(3, 1, high=50), I(4, high=50))
    case(fn, I(3, high=50), T(6), ns="Tensor")
    in_place.case(f"{fn}_", I(3, high=50), I(3, high=50), ns="Tensor")
    error(fn, N(2), N(2))
    error(fn, B(2), B(2))
    error(fn, I(2), I(3))
for fn in ["bitwise_left_shift", "bitwise_right_shift"]:
    case(fn, T([1, -3, 7, -1], dtype=INT), T([33, 1, -1, 31], dtype=INT))
    case(fn, T([1, -3, 7], dtype=INT), 2)
    case(fn, 2, T([1, 0, 3], dtype=INT))
    case(fn, T([[16], [-5]], dtype=INT), T([0, 1, 3], dtype=INT), ns="Tensor")
    in_place.case(f"{fn}_", T([1, -3, 7], dtype=INT), 2, ns="Tensor")
    error(fn, N(2), 1)
    error(fn, B(2), B(2))
case("nextafter", N(3), N(3), grad=False)
case("nextafter", T([0.0, 0.0, -0.0, 1.0, inf, -inf, nan, 1.0, 2.0]), T([1.0, 0.0, -1.0, inf, 0.0, 0.0, 1.0, nan, 2.0]), grad=False)
case("nextafter", N(2, 1), N(3), grad=False)
case("nextafter", T([1.0, 2.0, 3.0]), T([1.0, 3.0, 3.0]))
for row in family.rows.values():
    if row["fn"] == "nextafter":  # the neighbours in float64 are others
        row.pop("exact", None)
error("nextafter", I(2), I(2))
case("frexp", T([0.0, -0.0, 1.0, -3.5, inf, -inf, nan, 1e38, 0.5, 1e-30, -7.0]))
case("frexp", N(2, 3), second=True)
case("frexp", N(), ns="Tensor")
case("frexp", N(1, 0, 3))
error("frexp", I(2))

sampled(family, "ldexp", ["other"], 1, most=5)
case("ldexp", N(3), T([1, 0, 3]), second=True)
case("ldexp", N(3), T([1, -2, 3]))
case("ldexp", I(3), I(3), ns="Tensor")
case("ldexp", ODD, T(3))
in_place.case("ldexp_", N(3), T([1, -2, 3]), ns="Tensor", grad=False)
for x, y in [(U(3), N(3)), (U(2, 1), N(3)), (I(3), 2), (I(3), -1), (2, N(3)), (U(3), 0.5), (3, I(3)), (T([-2.0, 0.0, inf]), 3)]:
    case("float_power", x, y, grad=False)
case("float_power", N(3), 2, ns="Tensor", grad=False)

sampled(family, "dist", ["other", "p"], 2, most=8)
for p in [0, 0.5, 1, 2, 3, inf, -inf]:
    case("dist", N(2, 3), N(3), p, grad=p != 0)  # there PyTorch's backward fails
case("dist", N(2, 3), N(2, 3), ns="Tensor", second=True)
case("dist", T([1.0, 2.0]), T([1.0, 2.0]))
error("dist", I(2), I(2))
error("dist", N(2), N(3))
sampled(family, "renorm", ["p", "dim", "maxnorm"], 3, second=True)
for p in [0.5, 1, 2, 3, inf]:
    case("renorm", N(3, 4), p, 0, 1)
    case("renorm", N(3, 4), p, -1, 1.5, ns="Tensor")
case("renorm", T([[0.0, 0.0], [3.0, 4.0], [nan, 1.0], [inf, 1.0]]), 2, 0, 5, grad=False)
in_place.case("renorm_", N(3, 4), 2, 0, 1, ns="Tensor", grad=False)
error("renorm", N(3), 2, 0, 1)
error("renorm", N(2, 3), -1, 0, 1)
error("renorm", N(2, 3), 2, 0, -1)
error("renorm", N(2, 3), 2, 2, 1)

W, A = T([2, 1, 3, 1]), T([0.5, 1.0, 0.25, 2.0])
for correction in [0, 1, 2]:
    case("cov", N(3, 4), correction=correction)
    case("cov", N(3, 4), correction=correction, fweights=W)
    case("cov", N(3, 4), correction=correction, aweights=A, grad_options=["aweights"])
    case("cov", N(2, 4), correction=correction, fweights=W, aweights=A)
case("cov", N(3, 4), second=True)
case("cov", N(5), ns="Tensor")
case("cov", I(2, 4))
case("cov", N())
case("cov", N(2, 1))
case("cov", N(2, 2), correction=5)
error("cov", N(2, 2, 2))
error("cov", B(2, 2))
error("cov", N(2, 4), fweights=N(4))
error("cov", N(2, 4), aweights=W)
error("cov", N(2, 4), fweights=T([1, 2]))
error("cov", N(2, 4), fweights=T([[1, 2, 3, 4]]))
error("cov", N(2, 4), fweights=T([1, 2, -1, 1]))
error("cov", N(2, 4), aweights=T([1.0, 2.0, -1.0, 1.0]))
case("corrcoef", N(3, 5), second=True)
case("corrcoef", N(5), ns="Tensor")
case("corrcoef", I(2, 4))
case("corrcoef", T([[1.0, 1.0], [1.0, 2.0]]))
error("corrcoef", N(2, 2, 2))

X = T([0.0, 1.0, 3.0, 3.5, 5.0])
for order in [1, 2]:
    case("gradient", N(5), edge_order=order, second=True)
    case("gradient", N(5, 4), edge_order=order)
    case("gradient", N(5), spacing=0.5, edge_order=order)
    case("gradient", N(5), spacing=[X], edge_order=order, dim=0)
    case("gradient", N(3, 5), spacing=[X], dim=1, edge_order=order)
    case("gradient", N(5, 3), spacing=[X, T([0.0, 2.0, 3.0])], edge_order=order, dim=[0, 1])
case("gradient", N(5, 4), spacing=[2, 0.1])
case("gradient", N(5, 4), dim=-1)
case("gradient", N(5, 4, 2), dim=[0, 2])
case("gradient", I(5))
case("gradient", N(2))
error("gradient", B(3))
error("gradient", N(3, 3), spacing=[0.1], dim=[1, 0])
error("gradient", N(3, 3), edge_order=3)
error("gradient", N(3, 3), spacing=0.1, dim=[1, 1])
error("gradient", N(3, 3), dim=3)
error("gradient", N(3, 1))
error("gradient", N(2, 2), edge_order=2)

for fn in ["trapezoid", "cumulative_trapezoid"]:
    case(fn, N(2, 5), second=True)
    case(fn, N(2, 5), X)
    case(fn, N(2, 5), x=X, dim=1)
    case(fn, N(5, 2), X, dim=0)
    case(fn, N(2, 5), N(2, 5))
    case(fn, N(2, 5), N(1, 5), dim=-1)
    case(fn, N(2, 5), dx=0.5)
    case(fn, N(2, 5), dx=2, dim=0)
    case(fn, I(5))
    case(fn, N(1))
    error(fn, N())
    error(fn, B(3))
case("trapz", N(2, 5), X)
case("trapz", N(2, 5), dx=0.5)
error("trapezoid", N(3), N(4))


def make():
    family.write()
    in_place.write()
