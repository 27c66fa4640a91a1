"""In-place forms of triangles, running sums and products of matrices."""

import torch
from golden import B, Family, I, N, T

family = Family("ops_inplace")
make = family.write
case = lambda fn, *args, **options: family.case(fn, *args, ns="Tensor", grad=False, **options)
error = lambda fn, *args, **options: family.error(fn, *args, ns="Tensor", **options)

for fn in ["tril_", "triu_"]:
    case(fn, N(3, 4))
    case(fn, N(2, 3, 4), 1)
    case(fn, I(3, 3), diagonal=-1)
    error(fn, N(3))
for fn in ["cumsum_", "cumprod_"]:
    case(fn, N(3, 4), 0)
    case(fn, N(3, 4), -1)
    case(fn, I(4), 0)
    error(fn, N(2), 1)
case("fix_", N(5, scale=3))
case("addmm_", N(2, 3), N(2, 4), N(4, 3), beta=0.5, alpha=2)
case("addmv_", N(2), N(2, 4), N(4), alpha=-1)
case("addr_", N(2, 3), N(2), N(3), beta=0)
case("addbmm_", N(2, 3), N(5, 2, 4), N(5, 4, 3))
case("baddbmm_", N(5, 2, 3), N(5, 2, 4), N(5, 4, 3), beta=2)
error("addmm_", N(2, 2), N(2, 4), N(4, 3))
for x in [N(3, 3), N(2, 4), N(4, 2), N(7, 2), N(3, 3, 3), I(3, 3)]:
    case("fill_diagonal_", x, 5)
for x in [N(3), I(3), B(3)]:
    for value in [2, -1.5, True, T(2.5)]:
        case("fill_", x, value)
        if isinstance(value, torch.Tensor):
            case("copy_", x, value)
case("fill_diagonal_", N(7, 2), -1.5, True)
case("fill_diagonal_", N(2, 7), -1.5, wrap=True)
case("fill_diagonal_", B(3, 3), 1)
error("fill_diagonal_", N(3), 1)
error("fill_diagonal_", N(2, 3, 2), 1)
