"""matrix_exp, LU, what follows from a Cholesky factor, least squares, products and tensors as matrices."""

import torch
from golden import B, Family, I, N, T, U, inf, nan

family = Family("ops_linalg_more")
make = family.write
case, error = family.case, family.error
L = "linalg"

torch.manual_seed(1)
spread = lambda *shape: torch.randn(shape) * 0.3 + torch.eye(*shape[-2:]) * torch.arange(1.0, shape[-1] + 1)
positive = lambda *shape: (lambda a: a @ a.mT + torch.eye(shape[-1]))(torch.randn(shape))


def refused(fn, *args, ns=L, **options):
    """As Family.error; PyTorch's _LinAlgError is public as torch.linalg.LinAlgError."""
    error(fn, *args, ns=ns, **options)
    row = list(family.rows.values())[-1]
    row["raises"] = row["raises"].removeprefix("_")


case("matrix_exp", N(3, 3, scale=0.5), ns=L, second=True)
case("matrix_exp", N(2, 4, 4, scale=0.2), ns=L, second=True)
case("matrix_exp", torch.stack([torch.eye(3) * 1e-3, torch.eye(3) * 5, torch.zeros(3, 3)]), ns=L)
case("matrix_exp", T([[0.0, 20.0], [-20.0, 0.0]]), ns=L, grad=False)
case("matrix_exp", T([[2.0]]))
case("matrix_exp", N(2, 2), ns="Tensor")
case("matrix_exp", N(0, 0))
case("matrix_exp", N(0, 2, 2), ns=L)
case("matrix_exp", T([[inf, 0.0], [0.0, 1.0]]), grad=False)
refused("matrix_exp", N(2, 3))
refused("matrix_exp", N(2))
refused("matrix_exp", I(2, 2))

for shape in [(3, 3), (2, 4), (4, 2), (2, 3, 3), (2, 2, 3), (2, 3, 2), (1, 1)]:
    case("lu_factor", N(*shape), ns=L, second=True)
    case("lu", N(*shape), ns=L, second=True)
case("lu_factor", N(0, 0), ns=L)
case("lu", T([[1.0, 2.0], [2.0, 4.0]]), ns=L, grad=False)
case("lu", T([[2.0, 1.0], [-2.0, 3.0]]), ns=L, pivot=True)
refused("lu_factor", torch.zeros(2, 2))
refused("lu_factor", N(3))
refused("lu", N(2, 2), pivot=False)
for shape in [(3, 3), (2, 3, 3)]:
    a = torch.randn(shape)
    data, pivots = torch.linalg.lu_factor(a)
    for left in [True, False]:
        for adjoint in [False, True]:
            b = N(*shape[:-2], 3, 2) if left else N(*shape[:-2], 2, 3)
            case("lu_solve", data, pivots, b, ns=L, left=left, adjoint=adjoint, second=True)
    case("lu_solve", N(*shape[:-2], 3, 2), data, pivots)
    case("lu_unpack", data, pivots)
data, pivots = torch.linalg.lu_factor(torch.randn(4, 2))
case("lu_unpack", data, pivots)
case("lu_unpack", data, pivots, unpack_data=False, grad=False)
case("lu_unpack", data, pivots, unpack_pivots=False)

for upper in [False, True]:
    for shape in [(3, 3), (2, 3, 3)]:
        factor = torch.linalg.cholesky(positive(*shape), upper=upper)
        case("cholesky_solve", N(*shape[:-2], 3, 2), factor, upper, second=True)
        case("cholesky_inverse", factor, upper, second=True)
case("cholesky_solve", N(3, 2), torch.linalg.cholesky(positive(2, 3, 3)), ns="Tensor")
case("cholesky_inverse", N(0, 0))
refused("cholesky_solve", N(3, 2), torch.eye(2), ns="")
refused("cholesky_solve", N(2), torch.eye(2), ns="")
refused("cholesky_inverse", N(2, 3), ns="")
case("pinverse", N(3, 2))

for driver in [None, "gels", "gelsy", "gelsd", "gelss"]:
    case("lstsq", spread(4, 2), N(4, 3), ns=L, driver=driver, second=driver is None)
    case("lstsq", spread(2, 4), N(2, 3), ns=L, driver=driver)
    case("lstsq", spread(2, 3, 3), N(2, 3, 2), ns=L, driver=driver)
case("lstsq", spread(4, 2), N(4), ns=L)
case("lstsq", torch.ones(4, 2), N(4, 3), ns=L, grad=False, note="rank 1")
refused("lstsq", N(2, 3), N(2, 3), driver="foo")
refused("lstsq", N(3), N(2, 3))
refused("lstsq", N(2, 3), N(3, 3))

case("vecdot", N(2, 3), N(2, 3), ns=L, second=True)
case("vecdot", N(2, 3), N(3), ns=L, dim=0)
case("vecdot", N(3), N(4, 3), ns=L)
case("vecdot", N(0), N(0), ns=L)
refused("vecdot", I(3), I(3))
case("vander", N(3), ns=L, second=True)
case("vander", N(2, 3), ns=L, N=5)
case("vander", N(), ns=L, N=3)
case("vander", I(3), ns=L)
refused("vander", N(1))
refused("vander", N(3), N=0)
refused("vander", N())
refused("vander", B(3))
case("tensorinv", N(2, 3, 6), ns=L)
case("tensorinv", N(4, 2, 2), 1, ns=L)
refused("tensorinv", N(2, 3, 6), 0)
refused("tensorinv", N(2, 3, 6), 1)
case("tensorsolve", N(2, 3, 6), N(2, 3), ns=L)
case("tensorsolve", N(2, 3, 6), N(2, 3), None, ns=L)
case("tensorsolve", N(3, 6, 2), N(6), [0, 2], ns=L)
refused("tensorsolve", N(2, 3, 7), N(2, 3))
case("diagonal", N(3, 4), ns=L)
case("diagonal", N(2, 3, 4), ns=L, offset=1)
case("diagonal", N(2, 3, 4), ns=L, offset=-1, dim1=0, dim2=2)
refused("diagonal", N(3, 4), dim1=1, dim2=1)

for upper in [False, True]:
    case("cholesky_ex", positive(3, 3), ns=L, upper=upper)
    case("cholesky_ex", positive(2, 3, 3), ns=L, upper=upper)
case("cholesky_ex", N(0, 0), ns=L)
refused("cholesky_ex", T([[1.0, 0.0], [0.0, -1.0]]), check_errors=True)
refused("cholesky_ex", N(2, 3))
for shape in [(3, 3), (2, 3, 3), (0, 0)]:
    case("inv_ex", N(*shape), ns=L, second=0 not in shape)
refused("inv_ex", torch.zeros(2, 2), check_errors=True)
case("solve_ex", N(3, 3), N(3, 2), ns=L, second=True)
case("solve_ex", N(3, 3), N(3), ns=L)
case("solve_ex", N(2, 3, 3), N(2, 3, 2), ns=L)
case("solve_ex", N(3, 3), N(2, 3), ns=L, left=False)
refused("solve_ex", torch.zeros(2, 2), N(2, 2), check_errors=True)
