"""torch.special, and the special functions of the root namespace."""

import torch
from golden import B, Family, I, N, T, U, inf, nan

family = Family("ops_special")
make = family.write
case, error = family.case, family.error
X = T([0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 3.0, -3.0, 7.5, -7.5, 1e-6, inf, -inf, nan])
P = T([0.0, 1.0, 0.5, 0.25, 1e-3, 0.999, -0.1, 1.1, nan])

for fn in ["i0", "i0e", "i1", "i1e", "erfcx", "entr", "ndtr", "log_ndtr"]:
    values = X[:-4] if fn == "erfcx" else X
    case(fn, values, ns="special")
    case(fn, U(3, 4, low=0.2, high=3) if fn == "entr" else N(3, 4), ns="special", second=True)
    case(fn, I(5), ns="special")
    case(fn, B(3), ns="special")
    case(fn, N(), ns="special") if fn != "entr" else case(fn, U(), ns="special")
    case(fn, N(0, 2), ns="special")
for fn in ["i0e", "i1e"]:
    case(fn, T([20.0, 50.0, 1e4, -1e4, inf]), ns="special", grad=False)
case("erfcx", T([10.0, 1e3, 1e4, inf, -8.0, nan]), ns="special", grad=False)
case("log_ndtr", T([-10.0, -100.0, -1e4, 5.0, 10.0]), ns="special")
case("ndtri", P, ns="special")
case("ndtri", T([1e-20, 1e-6, 1e-30]), ns="special", grad=False)
case("ndtri", U(3, 4, low=0.05, high=0.95), ns="special", second=True)
case("ndtri", I(2, high=2), ns="special")
case("i0", N(3))
case("i0", I(3), ns="Tensor")

A, Y = T([[0.0], [1.0], [-2.0], [nan]]), T([0.0, -1.0, -2.0, 1.5, inf, nan])
case("xlog1py", A, Y, ns="special", grad=False)
case("xlog1py", U(3, 1), U(4), ns="special", second=True)
case("xlog1py", T([0.0, 1.0, 2.0]), T([-1.0, 0.5, 0.0]), ns="special")
case("xlog1py", I(3), I(3), ns="special")
case("xlog1py", 2, U(3), ns="special")
case("xlog1py", U(3), 2, ns="special")
case("zeta", U(3, 1, low=1.5, high=5), U(4, low=0.2, high=4), ns="special", grad=[1], second=True)
case("zeta", T([1.0, 0.5, 2.0, 2.0, 3.0, 2.5, nan, 2.0]), T([1.0, 1.0, 0.0, -1.0, -0.5, -0.5, 1.0, nan]), ns="special", grad=False)
case("zeta", 2, U(3, low=0.5, high=3), ns="special")
case("zeta", T([2, 3]), T([1, 2]), ns="special")
edge = [T([0.0, 0.0, 1.0, -1.0, inf, 1.0, inf, nan, 1.0, 2.0]), T([0.0, 1.0, 0.0, 1.0, 1.0, inf, inf, 1.0, nan, -1.0])]
for fn, name in [("igamma", "gammainc"), ("igammac", "gammaincc")]:
    case(fn, *edge, grad=False)
    case(fn, U(3, 1, low=0.2, high=5), U(4, low=0.1, high=6), grad=[1], second=True)
    case(fn, T([0.5, 10.0, 60.0, 100.0]), T([20.0, 10.5, 50.0, 130.0]), grad=False)
    case(fn, U(2, low=0.5, high=2), U(2, low=0.5, high=2), ns="Tensor", grad=[1])
    case(name, U(2, low=0.5, high=2), U(2, low=0.5, high=2), ns="special", grad=[1])
    error(fn, I(2), I(2))
    error(fn, N(2), N(3))
for p in [1, 2, 3, 5]:
    case("mvlgamma", U(3, 4, low=3, high=6), p, second=True)
case("mvlgamma", T([0.5, 3.0, 1.0, inf, nan, -0.25]), 2, grad=False)
case("mvlgamma", I(3, low=3), 2, ns="Tensor")
case("multigammaln", U(3, low=3, high=6), 2, ns="special")
error("mvlgamma", N(2), 0)

for fn in ["digamma", "psi", "erf", "erfc", "exp2", "expit", "expm1", "gammaln", "log1p", "logit", "sinc", "erfinv", "round"]:
    case(fn, U(3, low=0.1, high=0.9), ns="special")
case("xlogy", U(3), U(3), ns="special")
case("polygamma", 1, U(3, low=0.5, high=2), ns="special")
for fn in ["softmax", "log_softmax", "logsumexp"]:
    case(fn, N(2, 3), 1, ns="special")
