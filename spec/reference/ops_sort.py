"""What sorts, searches, counts and cumulates, and how tensors compare: ties, NaN, infinities, empty and 0-d tensors."""

import torch
from golden import B, Family, I, N, T, U, inf, nan, needs_mersenne_bernoulli

needs_mersenne_bernoulli()
family = Family("ops_sort")
make = family.write
case, error = family.case, family.error


def answer(fn, *args, note="", **kwargs):
    """Record what a function says that gives a boolean instead of a tensor."""
    head, args, kwargs, _ = family.build(fn, "", args, kwargs, note)
    family.add(head | {"out": getattr(torch, fn)(*args, **kwargs), "cotangents": [], "grads": [None] * len(args)})


TIES = T([[2.0, 1.0, 2.0, 1.0], [3.0, 3.0, 3.0, 0.0]])
NANS = T([[1.0, nan, -inf, inf, nan, 0.0], [nan, nan, 2.0, -1.0, inf, 3.0]])
ZEROS = T([0.0, -0.0, 1.0, -0.0, -1.0, 0.0])

# sort, argsort, msort. Equal elements keep their order only with stable=True.
for dim in [-1, 0, 1, -2]:
    case("sort", N(3, 4, 2), dim)
    case("argsort", N(3, 4, 2), dim)
    for descending in [False, True]:
        for values in [TIES, NANS, ZEROS.reshape(2, 3)]:
            case("sort", values, dim=dim, descending=descending, stable=True)
            case("argsort", values, dim=dim, descending=descending, stable=True)
case("sort", N(5))
case("sort", N())
case("sort", N(), -1, descending=True)
case("sort", N(0))
case("sort", N(0, 3), 1)
case("sort", N(2, 0), 1)
case("sort", N(4, 300))
case("sort", N(4, 300), descending=True)
case("sort", T([-(2**31), 2**31 - 1, 0, -1, 5]))
case("sort", T([-(2**31), 2**31 - 1, 0, -1, 5]), descending=True)
case("sort", T([[3e38, -3e38, 1e-40, -1e-40, inf, -inf]]), -1, grad=False)
case("sort", I(3, 5), dim=0, stable=True)
case("sort", B(6), dim=0, stable=True)
case("sort", B(6), dim=0, stable=True, descending=True)
case("sort", N(2, 3), ns="Tensor", descending=True)
case("argsort", N())
case("argsort", N(0))
case("msort", N(3, 4))
case("msort", N())
for fn in ["sort", "argsort", "mode", "median"]:
    error(fn, N(2, 3), 2)
    error(fn, N(2, 3), -3)

# topk: without ties, whose order is nobody's promise
for k in [0, 1, 2, 4]:
    case("topk", N(3, 4), k)
    case("topk", N(3, 4), k, largest=False)
    case("topk", N(4, 3), k, 0)
    case("topk", N(4, 3), k, -2, largest=False)
case("topk", N(5), 1, sorted=False)
case("topk", N(), 1)
case("topk", N(), 0)
case("topk", N(3, 0), 0)
case("topk", T([1.0, nan, inf, -inf, 0.0]), 3)
case("topk", T([1.0, nan, inf, -inf, 0.0]), 5)
case("topk", T([1.0, nan, inf, -inf, 0.0]), 3, largest=False)
case("topk", T([5, 3, -2, 9]), 2)
case("topk", N(20, 50), 7)
case("topk", N(3, 4), 2, ns="Tensor", dim=1, largest=False)
error("topk", N(3, 4), 5)
error("topk", N(3, 4), -1)
error("topk", N(3, 4), 4, 0)
error("topk", N(3, 4), 1, 2)
error("topk", N(), 2)
error("topk", B(3), 1)

# kthvalue
for k in [1, 2, 3]:
    case("kthvalue", N(4, 3), k)
    case("kthvalue", N(4, 3), k, 0)
    case("kthvalue", N(4, 3), k, -2, keepdim=True)
case("kthvalue", N(), 1)
case("kthvalue", N(), 1, keepdim=True)
case("kthvalue", T([1.0, nan, inf, -inf]), 2)
case("kthvalue", T([1.0, nan, inf, -inf]), 4)
case("kthvalue", T([5, 3, -2, 9]), 2)
case("kthvalue", N(0, 3), 1, 1)
error("kthvalue", N(4, 3), 0)
error("kthvalue", N(4, 3), 4)
error("kthvalue", N(0, 3), 1, 0)
error("kthvalue", N(3), 1, 1)
error("kthvalue", B(3), 1)

# median, nanmedian
for fn in ["median", "nanmedian"]:
    case(fn, N(2, 3))
    case(fn, N(5), second=True)
    case(fn, N(6))
    case(fn, N())
    case(fn, N(0))
    case(fn, NANS, note="NaN")
    case(fn, T([1.0, 2.0, 2.0, 2.0, 3.0]), note="ties share the gradient")
    case(fn, T([nan, nan]))
    case(fn, T([1.0, nan, 3.0, 2.0]))
    case(fn, T([4, 1, 3, 2]))
    for dim in [0, 1, -1]:
        case(fn, N(3, 4), dim)
        case(fn, N(3, 4), dim, keepdim=True)
    case(fn, T([[1.0, nan, 3.0, 2.0], [5.0, 7.0, 6.0, inf]]), 1, note="NaN")
    case(fn, T([nan, nan]), 0)
    case(fn, N(), 0)
    case(fn, N(), 0, keepdim=True)
    case(fn, T([[4, 1, 3, 2]]), 1)
    case(fn, N(0, 3), 1)
    error(fn, N(0, 3), 0)
    error(fn, B(3))

# mode
for dim in [0, 1, -1]:
    case("mode", T([[2.0, 1.0, 2.0, 1.0], [3.0, 3.0, 3.0, 0.0], [2.0, 3.0, 1.0, 0.0]]), dim)
    case("mode", T([[2.0, 1.0, 2.0, 1.0], [3.0, 3.0, 3.0, 0.0], [2.0, 3.0, 1.0, 0.0]]), dim, keepdim=True)
case("mode", I(3, 9, high=4))
case("mode", T([True, False, True]))
case("mode", N())
case("mode", N(0, 3), 1)
error("mode", N(0, 3), 0)

# unique, uniqueConsecutive
for fn in ["unique", "unique_consecutive"]:
    for options in [{}, {"return_inverse": True}, {"return_counts": True}, {"return_inverse": True, "return_counts": True}]:
        case(fn, I(3, 4, high=5), **options)
        case(fn, T([1.0, nan, 1.0, nan, 0.0]), **options, grad=False)
        case(fn, T([1.0, 1.0, 2.0, 1.0]), **options, grad=False)
        case(fn, B(5), **options)
        case(fn, N(0), **options, grad=False)
        case(fn, T(3), **options)
    case(fn, I(9, high=4), ns="Tensor")
case("unique", ZEROS, return_counts=True, grad=False)

# searchsorted, bucketize
EDGES = T([1.0, 3.0, 3.0, 5.0])
for options in [{}, {"right": True}, {"out_int32": True}]:
    case("searchsorted", EDGES, T([[0.0, 1.0, 2.0], [3.0, 5.0, 6.0]]), **options, grad=False)
    case("bucketize", T([[0.0, 1.0, 2.0], [3.0, 5.0, 6.0]]), EDGES, **options, grad=False)
    case("bucketize", T([nan, inf, -inf]), EDGES, **options, grad=False)
    case("bucketize", 3, EDGES, **options, grad=False)
    case("searchsorted", EDGES, 3, **options, grad=False)
    case("searchsorted", T([1.0, nan, nan]), T([nan, inf, 0.0]), **options, grad=False)
    case("searchsorted", T([[1, 3, 5], [2, 4, 6]]), T([[3, 6], [1, 4]]), **options)
    case("searchsorted", EDGES, T(3.0), **options, grad=False)
case("searchsorted", EDGES, 3, side="right", grad=False)
case("searchsorted", EDGES, 3, side="left", grad=False)
case("searchsorted", T([3.0, 1.0, 2.0]), T([2.0, 9.0]), sorter=T([1, 2, 0]), grad=False)
case("searchsorted", EDGES, N(0), grad=False)
case("searchsorted", N(0), T([2.0, 9.0]), grad=False)
error("searchsorted", N(2, 3), N(3, 3))
error("searchsorted", N(3), N(3), side="x")
error("searchsorted", N(3), N(3), side="left", right=True)
error("searchsorted", N(2, 3), 3)
case("searchsorted", N(3), I(3), grad=False)
case("searchsorted", I(3), T([0.5, 20.0]), grad=False)
error("bucketize", N(3), N(2, 3))

# cumprod, cummax, cummin, logcumsumexp
for fn in ["cumprod", "cummax", "cummin", "logcumsumexp"]:
    for dim in [0, 1, 2, -1]:
        case(fn, N(2, 3, 4), dim, second=fn in ("cumprod", "logcumsumexp") and dim == 1)
    case(fn, N(), 0)
    case(fn, N(0), 0)
    case(fn, N(0, 3), 0)
    case(fn, N(1), 0)
    error(fn, N(2, 3), 2)
for fn in ["cummax", "cummin"]:
    case(fn, TIES, 1, note="ties")
    case(fn, T([1.0, nan, 3.0, nan, -1.0]), 0)
    case(fn, T([-inf, inf, -inf]), 0)
    case(fn, I(3, 5), 1)
    case(fn, B(6), 0)
case("cumprod", T([1.0, 0.0, 3.0, 0.0, 5.0]), 0, note="zeros", second=True)
case("cumprod", T([[2.0, 0.0, 3.0], [0.0, 1.0, 2.0]]), 1, note="zeros")
case("cumprod", I(5, low=1, high=5), 0)
case("cumprod", B(3), 0)
case("cumprod", I(3, low=1, high=5), 0, dtype=torch.float32)
case("logcumsumexp", T([-inf, -inf, 1.0, 2.0]), 0, grad=False)
case("logcumsumexp", T([1.0, inf, 2.0]), 0, grad=False)
case("logcumsumexp", T([1e4, -1e4, 1e4, 0.0]), 0)
case("logcumsumexp", T([1.0, nan, 2.0]), 0, grad=False)
error("logcumsumexp", I(3), 0)

# diff
case("diff", N(5), second=True)
case("diff", N(3, 4), 2)
case("diff", N(3, 4), 0)
case("diff", N(3, 4), 9)
case("diff", N(3, 4), dim=0)
case("diff", N(3, 4), 1, dim=-2, prepend=N(1, 4), append=N(2, 4), grad_options=["prepend", "append"])
case("diff", I(5))
case("diff", T([True, False, False]))
error("diff", N())
error("diff", N(3), -1)

# varMean, stdMean
for fn in ["var_mean", "std_mean"]:
    case(fn, N(3, 4), second=True)
    case(fn, N(3, 4), 1)
    case(fn, N(3, 4), [0, 1], correction=0, keepdim=True)
    error(fn, I(3))

# nanmean, aminmax
case("nanmean", NANS[:, [0, 1, 5]])
case("nanmean", NANS[:, [0, 1, 5]], 0)
case("nanmean", NANS[:, [0, 1, 5]], 1, keepdim=True)
case("nanmean", T([nan, nan]), grad=False)
case("nanmean", N(3, 4), [0, 1])
error("nanmean", I(3))
case("aminmax", N(3, 4))
case("aminmax", N(3, 4), dim=1)
case("aminmax", N(3, 4), dim=-2, keepdim=True)
case("aminmax", TIES, dim=1, note="ties")
case("aminmax", NANS, dim=1, note="NaN")
case("aminmax", I(5))
case("aminmax", N())
error("aminmax", N(0))
error("aminmax", N(0, 2), dim=0)

# quantile, nanquantile
for fn in ["quantile", "nanquantile"]:
    for interpolation in ["linear", "lower", "higher", "midpoint", "nearest"]:
        case(fn, N(3, 4), 0.3, interpolation=interpolation)
        case(fn, N(3, 4), T([0.0, 0.25, 0.8, 1.0]), 1, interpolation=interpolation)
    case(fn, N(5), 0.4, second=True)
    case(fn, N(5), T(0.5), 0, grad=[0])
    case(fn, N(2, 3, 4), T([0.1, 0.9]), 1, keepdim=True)
    case(fn, N(2, 3, 4), 0.1, keepdim=True)
    case(fn, N(2, 3, 4), T([0.1]), keepdim=True)
    case(fn, N(2, 3, 4), 0, 2, keepdim=True)
    case(fn, N(), 0.5)
    case(fn, N(), 0.5, 0)
    case(fn, T([[1.0, nan, 3.0, 2.0], [4.0, 7.0, 5.0, 6.0], [nan, nan, nan, nan]]), 0.6, 1, note="NaN", grad=False)
    case(fn, U(200), T([0.01, 0.5, 0.99]))
    error(fn, N(3), 1.5)
    error(fn, I(3), 0.5)
    error(fn, N(0), 0.5)
    error(fn, N(3), N(2, 2))
    error(fn, N(3), 0.5, interpolation="x")
    error(fn, N(3), 0.5, 1)

# bincount, histc
case("bincount", I(20, high=6))
case("bincount", I(20, high=6), minlength=9)
case("bincount", I(20, high=6), minlength=2)
case("bincount", I(5, high=6), U(5), grad=False)
case("bincount", I(5, high=6), U(5), minlength=9, grad=False)
case("bincount", T([0, 3, 3]), T([0.5, nan, inf]), grad=False)
case("bincount", I(0), minlength=2)
case("bincount", I(0))
error("bincount", T([-1, 2]))
error("bincount", N(2))
error("bincount", I(2), N(1))
error("bincount", I(2), minlength=-1)
error("bincount", I(1, 2))
case("histc", N(50), grad=False)
case("histc", N(50), 10, grad=False)
case("histc", N(5, 10), 10, min=-1, max=1, grad=False)
case("histc", T([1.0, 1.0]), 4, grad=False)
case("histc", N(0), 4, grad=False)
case("histc", U(300), 7, min=0, max=1, grad=False)
case("histc", T([1.0, nan, 2.0]), 3, min=0, max=3, grad=False)
case("histc", T([0.0, 1.0, 2.0, 3.0]), 3, grad=False)
error("histc", T([1.0, nan]), 3)
error("histc", N(3), 0)
error("histc", N(3), 3, min=3, max=2)
error("histc", I(3), 3)

# isclose, allclose, equal
A = T([1.0, 1.00001, nan, inf, -inf, 0.0, 100.0])
Z = T([1.0, 1.00002, nan, inf, inf, 1e-9, 100.1])
closeness = lambda *args, **kwargs: (case("isclose", *args, **kwargs, grad=False), answer("allclose", *args, **kwargs))
closeness(A, Z)
closeness(A, Z, 0.01)
closeness(A, Z, 0.01, atol=0.5, equal_nan=True)
closeness(A, Z, 0, atol=0, equal_nan=True)
closeness(A, A, equal_nan=True, note="the same")
closeness(A, A, note="the same")
closeness(I(3), I(3), 0, atol=2)
closeness(T([True, False]), T([True, True]))
closeness(N(2, 3), N(3), 1)
closeness(N(0), N(0))
for fn in ["isclose", "allclose"]:
    error(fn, I(3), N(3))
    error(fn, N(2), N(3))
    error(fn, N(3), N(3), -1)
    error(fn, N(3), N(3), atol=-1)
answer("equal", A, A)
answer("equal", Z[3:], Z[3:])
answer("equal", N(2, 3), N(3, 2))
answer("equal", T([1, 2]), T([1.0, 2.0]))
answer("equal", N(0), N(0))
answer("equal", B(3), B(3))

# draws
for n in [5, 40]:
    for fn in ["rand_like", "randn_like"]:
        case(fn, N(n, 2), seed=3, grad=False)
        case(fn, I(n), dtype=torch.float32, seed=3)
    case("randint_like", N(n), 7, seed=3, grad=False)
    case("randint_like", I(n), -3, 7, seed=3)
    case("normal", 2, 3, [n], seed=4)
    case("normal", N(n), U(n), seed=4, grad=False)
    case("normal", N(n, 1), U(3), seed=4, grad=False)
    case("normal", N(n), 2, seed=4, grad=False)
    case("normal", 1, U(n), seed=4, grad=False)
    case("bernoulli", U(n), seed=5, grad=False)
    case("bernoulli", N(n), 0.3, seed=5, grad=False)
    case("multinomial", U(n), 3, seed=6, grad=False)
    case("multinomial", U(3, n), 4, seed=6, grad=False)
    case("multinomial", U(3, n), 1, True, seed=6, grad=False)
    case("multinomial", U(3, n), 9, True, seed=6, grad=False)
    case("multinomial", U(n), 4, ns="Tensor", seed=6, grad=False)
    case("bernoulli", U(n), ns="Tensor", seed=6, grad=False)
error("rand_like", I(3))
error("randn_like", I(3))
error("randint_like", N(3), 5, 2)
error("normal", 0, T([-1.0]))
error("normal", N(2), U(3))
error("normal", 0, -1, [2])
error("bernoulli", T([1.5]))
error("bernoulli", T([nan]))
error("bernoulli", I(3, low=1))
error("multinomial", U(2, 3, 4), 1)
error("multinomial", I(3), 1)
error("multinomial", U(3), 0)
error("multinomial", U(3), 4)
error("multinomial", T([0.0, 0.0]), 1)
error("multinomial", T([1.0, -1.0]), 1)

# logspace
case("logspace", 0, 3, 4)
case("logspace", -1.5, 2.5, 9)
case("logspace", 0, 3, 5, 2)
case("logspace", 2, 3, 1)
case("logspace", 0, 3, 0)
error("logspace", 0, 3, -1)

# meshgrid, cartesianProd
for indexing in ["ij", "xy"]:
    case("meshgrid", N(2), N(3), indexing=indexing)
    case("meshgrid", N(2), N(3), N(4), indexing=indexing)
    case("meshgrid", N(2), indexing=indexing)
    case("meshgrid", N(), N(3), indexing=indexing)
    case("meshgrid", N(2), N(0), indexing=indexing)
error("meshgrid", N(2), N(2, 2), indexing="ij")
error("meshgrid", N(2), I(2), indexing="ij")
error("meshgrid", N(2), N(3), indexing="x")
case("cartesian_prod", N(2))
case("cartesian_prod", N(2), N(3))
case("cartesian_prod", N(2), N(0))
case("cartesian_prod", I(2), I(3), I(2))
error("cartesian_prod", N(2, 3))

# tensorSplit
for sections in [1, 2, 3, 9, [2, 4], [1, 9, 3], [-2], []]:
    case("tensor_split", N(7), sections)
    case("tensor_split", N(2, 5), sections, -1)
case("tensor_split", N(7), T(3))
case("tensor_split", N(7), T([2, 3]))
case("tensor_split", N(7), 2, ns="Tensor")
error("tensor_split", N(3), 0)
error("tensor_split", N(), 2)
error("tensor_split", N(3), 2, 1)

# repeatInterleave
case("repeat_interleave", T([2, 0, 1]))
for repeats in [2, 0, T([1, 0, 2]), T([2]), T(3)]:
    case("repeat_interleave", N(3), repeats)
    case("repeat_interleave", N(3, 2), repeats, 0)
    case("repeat_interleave", N(2, 3), repeats, -1)
    case("repeat_interleave", N(3), repeats, ns="Tensor")
case("repeat_interleave", N(2, 3), 2)
case("repeat_interleave", N(), 3)
error("repeat_interleave", N(2), T([1, 2, 3]))
error("repeat_interleave", N(2), -1)
error("repeat_interleave", N(2), T([-1, 1]))
error("repeat_interleave", N(2), T([1.0, 1.0]))
error("repeat_interleave", N(2), I(1, 2))

# unfold
for size, step in [(2, 1), (2, 2), (3, 2), (1, 3), (0, 1)]:
    case("unfold", N(5), 0, size, step, ns="Tensor")
    case("unfold", N(2, 5, 3), 1, size, step, ns="Tensor")
case("unfold", N(2, 5), -1, 5, 1, ns="Tensor")
case("unfold", N(), 0, 1, 1, ns="Tensor")
error("unfold", N(3), 0, 4, 1, ns="Tensor")
error("unfold", N(3), 0, 2, 0, ns="Tensor")
error("unfold", N(3), 0, -2, 1, ns="Tensor")
error("unfold", N(), 0, 2, 1, ns="Tensor")

# rot90
case("rot90", N(2, 3))
for k in [-1, 0, 1, 2, 3, 4, 5]:
    case("rot90", N(2, 3), k)
    case("rot90", N(2, 3, 4), k, dims=[2, 0])
error("rot90", N(3))
error("rot90", N(3, 2), 1, dims=[0, 0])
error("rot90", N(3, 2), 1, dims=[0])
error("rot90", N(3, 2), 1, dims=[0, 2])

# atleast, stacks
for fn in ["atleast_1d", "atleast_2d", "atleast_3d"]:
    for shape in [(), (2,), (2, 3), (2, 3, 4)]:
        case(fn, N(*shape))
    case(fn, N(), N(2))
    case(fn, [N(), N(2, 3)])
for fn in ["hstack", "vstack", "column_stack"]:
    case(fn, [N(), N()])
    case(fn, [N(2), N(2)])
    case(fn, [N(2, 2), N(2, 2)])
    case(fn, [N(2, 3, 2), N(2, 3, 2)])
    case(fn, [N(2)])
    case(fn, [I(2), N(2)])
    error(fn, [])
case("column_stack", [N(2), N(2, 3)])
error("hstack", [N(2, 3), N(3, 3)])
