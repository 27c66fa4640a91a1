"""What writes parts of tensors: scattering with and without a reduction, put, index_put, and copies with a part replaced."""

import torch
from golden import B, Family, I, N, T, inf, nan
from samples import sampled

family = Family("ops_scatter")
# What writes to its first argument, which therefore may not require grad.
in_place = Family("ops_scatter_inplace")
case, error = family.case, family.error

INDEX = T([[0, 1, 1], [1, 1, 0]])
HOLES = T([[1.0, 0.0, 2.0], [3.0, 0.0, 0.0]])
TIES = T([[1.0, 2.0, 1.0], [2.0, 2.0, 1.0]])
ODD = T([[nan, inf, 1.0], [-inf, -0.0, nan]])
REDUCTIONS = ["sum", "prod", "mean", "amax", "amin"]

for reduce in REDUCTIONS:
    sampled(family, "scatter_reduce", ["dim", "index", "src", "reduce"], 4, variant=reduce, second=True, most=4)
    for include_self in [True, False]:
        same = {"include_self": include_self}
        case("scatter_reduce", N(2, 3), 0, INDEX, N(2, 3), reduce, second=True, **same)
        case("scatter_reduce", N(2, 3), 1, INDEX, N(3, 4), reduce, grad=False, **same)
        case("scatter_reduce", TIES, 0, INDEX, TIES.flip(1), reduce, second=True, **same)
        case("scatter_reduce", HOLES, 0, INDEX, N(2, 3), reduce, second=True, **same, note="zeros in self")
        case("scatter_reduce", N(2, 3), 0, INDEX, HOLES, reduce, **same, note="zeros in src")
        case("scatter_reduce", ODD, 0, INDEX, N(2, 3), reduce, **same)
        case("scatter_reduce", N(2, 3), 0, INDEX, ODD, reduce, **same, note="odd src")
        case("scatter_reduce", T([-inf, inf, nan, 1.0]), 0, T([0, 1, 2, 3]), T([-inf, inf, nan, 1e4]), reduce, **same)
        case("scatter_reduce", I(2, 3, low=-9), 0, INDEX, I(2, 3, low=-9), reduce, **same)
        case("scatter_reduce", N(), 0, T(0), N(), reduce, **same)
        case("scatter_reduce", N(1), 0, T([0, 0, 0]), N(3), reduce, **same)
        case("scatter_reduce", N(2, 3), 0, torch.zeros(0, 3, dtype=torch.long), N(0, 3), reduce, grad=False, **same)
        in_place.case("scatter_reduce_", N(2, 3), 0, INDEX, N(2, 3), reduce, ns="Tensor", **same, grad=False)
    case("scatter_reduce", N(3, 2, 4), -1, I(3, 2, 6, high=4), N(3, 2, 6), reduce, ns="Tensor")
error("scatter_reduce", N(2, 3), 0, INDEX, N(2, 3), "median")
error("scatter_reduce", N(2, 3), 0, INDEX, I(2, 3), "sum")
error("scatter_reduce", N(2, 3), 2, INDEX, N(2, 3), "sum")
error("scatter_reduce", N(2, 3), 0, INDEX + 1, N(2, 3), "sum")
error("scatter_reduce", N(2, 3), 0, INDEX, N(1, 3), "amax")
error("scatter_reduce", N(2, 3), 0, T([0, 1]), N(2, 3), "amax")
error("scatter_reduce", N(2, 3), 0, INDEX.float(), N(2, 3), "amax")

for reduce in REDUCTIONS[1:]:
    # A second derivative of a product of ten is a sum that cancels: PyTorch's own float32 has few digits of it.
    sampled(family, "index_reduce", ["dim", "index", "source", "reduce"], 4, variant=reduce, second=reduce != "prod")
    for include_self in [True, False]:
        same = {"include_self": include_self}
        case("index_reduce", N(3, 2), 0, T([2, 0, 2, 2]), N(4, 2), reduce, second=True, **same)
        case("index_reduce", N(2, 3), 1, T([2, 2]), N(2, 2), reduce, second=True, **same)
        case("index_reduce", TIES, 0, T([1, 1]), TIES, reduce, second=True, **same)
        case("index_reduce", HOLES, 1, T([1, 0, 1]), HOLES, reduce, **same)
        case("index_reduce", ODD, 0, T([1, 1]), ODD.flip(1), reduce, **same, note="odd")
        case("index_reduce", I(4, low=-9), 0, T([3, 3, 1]), I(3, low=-9), reduce, **same)
        in_place.case("index_reduce_", N(3, 2), 0, T([2, 0, 2, 2]), N(4, 2), reduce, ns="Tensor", **same, grad=False)
error("index_reduce", N(2, 3), 0, T([0]), N(1, 3), "sum")
error("index_reduce", N(2, 3), 0, T([0, 1]), N(1, 3), "prod")
error("index_reduce", N(2, 3), 0, T([2]), N(1, 3), "prod")
error("index_reduce", N(2, 3), 0, T([0]), I(1, 3), "prod")
error("index_reduce", N(2, 3), 0, T([[0]]), N(1, 3), "prod")

sampled(family, "scatter", ["dim", "index", "src"], 3, grad=False, most=12)
for reduce in ["add", "multiply"]:
    case("scatter", N(2, 3), 1, T([[0, 0], [2, 2]]), N(2, 2), reduce=reduce, grad=False)
    case("scatter", N(2, 3), 1, T([[0, 0], [2, 2]]), 1.5, reduce=reduce, grad=False)
    case("scatter", I(2, 3), 0, INDEX, 3, reduce=reduce)
    in_place.case("scatter_", N(2, 3), 0, INDEX, N(2, 3), ns="Tensor", reduce=reduce, grad=False)
case("scatter", I(2, 3), 0, INDEX, 2.5, note="the fraction is cut off")
error("scatter", N(2, 3), 0, INDEX, N(2, 3), reduce="mean")
error("scatter", N(2, 3), 3, INDEX, N(2, 3))

in_place.case("scatter_add_", N(2, 3), 0, INDEX, N(2, 3), ns="Tensor", grad=False)
in_place.case("scatter_add_", I(2, 3), 0, INDEX, I(2, 3), ns="Tensor", grad=False)
in_place.case("index_add_", N(2, 3), 0, T([1, 1]), N(2, 3), ns="Tensor", grad=False)
in_place.case("index_add_", N(2, 3), 1, T([0]), N(2, 1), ns="Tensor", alpha=-2.5, grad=False)

sampled(family, "put", ["index", "source", "accumulate"], 3, second=True)
case("put", N(2, 3), T([-1, 0]), N(2))
case("put", N(2, 3), T([[-1, 0], [3, 0]]), N(4), True)
case("put", N(2, 3), T([[-1, 0], [3, 2]]), N(2, 2), accumulate=False)
case("put", I(5), T([4, -5]), I(2))
case("put", N(0), torch.zeros(0, dtype=torch.long), N(0))
in_place.case("put_", N(2, 3), T([1, 1]), N(2), True, ns="Tensor", grad=False)
error("put", N(2, 3), T([6]), N(1))
error("put", N(2, 3), T([-7]), N(1))
error("put", N(2, 3), T([1.0]), N(1))
error("put", N(2, 3), T([1]), N(2))
error("put", N(2, 3), T([1]), I(1))

sampled(family, "index_put", ["indices", "values"], 2, second=True)
case("index_put", N(2, 3), [T([0, 1]), T([2, 2])], N(2))
case("index_put", N(2, 3), [T([1, 1])], N(3), True)
case("index_put", N(2, 3), [T([True, False])], N(3))
case("index_put", I(4), [T([3])], T([7]))
error("index_put", N(2, 3), [T([2])], N(3))
error("index_put", N(2, 3), [T([0])], N(2))

sampled(family, "select_scatter", ["src", "dim", "index"], 3, second=True)
case("select_scatter", N(2, 3), I(3), 0, 1)
error("select_scatter", N(2, 3), N(2), 0, 0)
error("select_scatter", N(2, 3), N(3), 0, 2)
error("select_scatter", N(2, 3), N(3), 2, 0)

for start, end, step in [(None, None, 1), (1, None, 1), (0, 9, 2), (-2, -1, 1), (1, 4, 2)]:
    like = torch.zeros(5, 2)[slice(start, end, step)]
    case("slice_scatter", N(5, 2), N(*like.shape), 0, start=start, end=end, step=step)
    case("slice_scatter", N(2, 5), N(*like.T.shape), dim=-1, start=start, end=end, step=step)
case("slice_scatter", N(5, 2), N(5, 2))
case("slice_scatter", N(5, 2), N(0, 2), 0, start=4, end=1)
error("slice_scatter", N(2, 3), N(2, 2), 0, start=0, end=1)
error("slice_scatter", N(2, 3), N(2, 3), 2)
error("slice_scatter", N(2, 3), N(2, 3), 0, step=0)

sampled(family, "diagonal_scatter", ["src", "offset", "dim1", "dim2"], 2, second=True)
case("diagonal_scatter", N(2, 3), I(2))
case("diagonal_scatter", N(2, 3), N(2), ns="Tensor", offset=1)
error("diagonal_scatter", N(2, 3), N(3))
error("diagonal_scatter", N(2, 3), N(2), 0, dim1=1, dim2=1)


def make():
    family.write()
    in_place.write()
