"""What splits, joins and rearranges in more particular ways."""

import torch
from golden import B, Family, I, N, T, inf, nan
from samples import sampled

family = Family("ops_assembly")
make = family.write
case, error = family.case, family.error

sampled(family, "diag_embed", ["offset", "dim1", "dim2"], 1, second=True)
case("diag_embed", N(3), ns="Tensor", offset=-1)
case("diag_embed", N(2, 3), 1, dim1=0, dim2=2)
case("diag_embed", N(2, 3), dim1=2, dim2=0)
case("diag_embed", I(2, 3))
case("diag_embed", B(3))
case("diag_embed", N(2, 0))
error("diag_embed", N(2, 3), dim1=1, dim2=1)
error("diag_embed", N(2, 3), dim1=3)
error("diag_embed", N())
sampled(family, "diagflat", ["offset"], 1, second=True)
case("diagflat", I(2, 2), 1)

sampled(family, "fliplr", most=2)
sampled(family, "flipud", most=2)
for fn in ["fliplr", "flipud"]:
    case(fn, N(2, 3))
    case(fn, I(2, 3), ns="Tensor")
error("fliplr", N(3))
error("flipud", N())
for fn in ["hsplit", "vsplit", "dsplit"]:
    sampled(family, fn, ["indices_or_sections"], 1)
    case(fn, N(2, 4, 6), 2, ns="Tensor")
    case(fn, N(2, 4, 6), [1, -1, 9])
    error(fn, N(), 1)
    error(fn, N(5, 5, 5), 2)
    error(fn, N(5, 5, 5), 0)
case("hsplit", N(6), [1, 4])
error("vsplit", N(5), 1)
sampled(family, "split_with_sizes", ["split_sizes", "dim"], 2)
error("split_with_sizes", N(2, 3), [1, 1], 1)
error("split_with_sizes", N(2, 3), [-1, 3])
for part in [[1, 3], [0, 9], [-1], [2, 1]]:
    case("tensor_split", N(4, 2), T(part), note="a tensor of indices")
case("tensor_split", N(4, 2), T(3), note="a tensor of sections")
error("tensor_split", N(4, 2), T([1.0]))
error("tensor_split", N(4, 2), T([[1]]))

case("dstack", [N(3), N(3)])
case("dstack", [N(2, 3), N(2, 3)])
case("dstack", [N(2, 3, 1), N(2, 3, 2)])
case("dstack", [N(), I()])
error("dstack", [])
error("dstack", [N(2, 3), N(3)])
case("row_stack", [N(3), N(2, 3)])
for fn in ["concat", "concatenate"]:
    case(fn, [N(2, 3), N(1, 3)])
    case(fn, [N(2, 3), I(2, 1)], dim=-1)
    case(fn, [N(2, 3), N(0)], 1)
    error(fn, [N(2, 3), N(2, 2)])
case("block_diag", N(2, 3), N(), N(2), N(1, 2), second=True)
case("block_diag", N(2, 3), I(2, 2), B(1, 1))
case("block_diag", I(1, 2), I(0, 2))
case("block_diag", N(3))
error("block_diag", N(2, 2), N(1, 2, 3))

for fn in ["swapaxes", "swapdims"]:
    case(fn, N(2, 3, 4), 0, 2)
    case(fn, N(2, 3, 4), -1, 1, ns="Tensor")
    error(fn, N(2, 3), 0, 2)
case("moveaxis", N(2, 3, 4), 0, 2)
case("moveaxis", N(2, 3, 4), [0, 1], [-1, 0], ns="Tensor")
error("moveaxis", N(2, 3, 4), [0, 1], [1])
case("diag", B(3))
case("ravel", N(2, 3), second=True)
case("ravel", N(), ns="Tensor")
case("ravel", N(0, 2))
for shape in [(2, 3), (2, 3, 4), ()]:
    case("adjoint", N(*shape))
error("adjoint", N(3))
sampled(family, "narrow_copy", ["dim", "start", "length"], 3)
error("narrow_copy", N(2, 3), 0, 0, 3)
error("narrow_copy", N(2, 3), 0, 3, 0)
error("narrow_copy", N(), 0, 0, 1)

for x in [T([[1.0, 0.0], [nan, -0.0]]), I(2, 3, low=0, high=2), B(2, 2, 2), T(3), T(0.0), N(0, 3)]:
    case("argwhere", x, grad=False, note=str(x) if isinstance(x, torch.Tensor) and not x.ndim else "")
for indices, shape in [([22, 41, 37], [7, 6]), ([[3, 8], [0, 11]], [2, 2, 3]), ([1, 5], 6), ([-1, 7], [2, 3]), (5, [2, 3])]:
    case("unravel_index", T(indices), shape)
error("unravel_index", T([1.0]), [2, 3])
error("unravel_index", T([1]), [-1, 6])

for fn in ["tril_indices", "triu_indices"]:
    for row, col, offset in [(3, 3, 0), (4, 2, 1), (2, 4, -1), (3, 4, 9), (3, 4, -9), (0, 3, 0), (3, 0, 0)]:
        case(fn, row, col, offset)
    case(fn, 2, 3)
    case(fn, 2, 3, offset=1, dtype=torch.int64)
    error(fn, -1, 3)
    error(fn, 3, -1)
    error(fn, 3, 3, dtype=torch.float32)
for r in [0, 1, 2, 3, 5]:
    case("combinations", N(4), r)
    case("combinations", N(4), r=r, with_replacement=True)
case("combinations", I(3))
case("combinations", N(0))
error("combinations", N(2, 2))
error("combinations", N(3), -1)
error("combinations", N(3), 2.5)

for n in [None, 0, 1, 2, 5]:
    case("vander", N(3), n, grad=False)
    case("vander", N(3), N=n, increasing=True, grad=False)  # its backward fails: it changes what it saved
case("vander", I(3))
case("vander", T([0.0, -1.0, inf, nan]), 3, grad=False)
case("vander", N(0))
error("vander", N(2, 3))
error("vander", N(3), -1)
