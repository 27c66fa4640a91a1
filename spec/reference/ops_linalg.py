"""Products beyond matmul, einsum, and linear algebra. Factors whose signs are free are judged in the spec by what is free of them."""

from golden import Family, I, N, U, inf, nan, T

import torch

family = Family("ops_linalg")
make = family.write
case = family.case
L = "linalg"


def error(*args, **kwargs):
    """As Family.error; PyTorch's _LinAlgError is public as torch.linalg.LinAlgError."""
    family.error(*args, **kwargs)
    row = next(reversed(family.rows.values()))
    row["raises"] = row["raises"].lstrip("_")


def spd(n, *batch):
    """Symmetric positive-definite matrices, written out, so that their name does not depend on how they were drawn."""
    x = torch.arange(float(torch.tensor([*batch, n, n]).prod())).sin().reshape(*batch, n, n)
    return (x @ x.mT + n * torch.eye(n)).mul(16).round().div(16)


def apart(m, n, *batch):
    """Matrices whose singular values are well apart."""
    x = (torch.arange(float(torch.tensor([*batch, m, n]).prod())) * 1.7).cos().reshape(*batch, m, n)
    ladder = torch.zeros(m, n)
    for i in range(min(m, n)):
        ladder[i, i] = i + 2
    return (x * 0.5 + ladder).mul(16).round().div(16)


# ---- products -------------------------------------------------------------------------------------------------------

for shape in [[2, 3, 5], [3, 5], [5], [3, 1], [2, 1, 5], []]:
    case("baddbmm", N(*shape), N(2, 3, 4), N(2, 4, 5), second=True)
for fn, shapes, inputs in [
    ("baddbmm", [[2, 3, 4], [2, 4, 5]], [[2, 3, 5], [5]]),
    ("addbmm", [[2, 3, 4], [2, 4, 5]], [[3, 5], [5], []]),
    ("addmv", [[3, 4], [4]], [[3], [1], []]),
    ("addr", [[3], [4]], [[3, 4], [4], [3, 1], []]),
]:
    drawn = [N(*shape) for shape in shapes]
    for shape in inputs:
        case(fn, N(*shape), *drawn, note="plain")
        case(fn, N(*shape), *drawn, beta=0.5, alpha=2, second=True)
    case(fn, N(*inputs[0]), *drawn, ns="Tensor")
    case(fn, N(*inputs[0]), *drawn, beta=0)
    case(fn, T(nan), *drawn, beta=0, note="beta=0 ignores NaN")
    case(fn, I(*inputs[0]), *[I(*shape) for shape in shapes])
error("baddbmm", N(2, 2), N(2, 2), N(2, 2, 2))
error("baddbmm", N(3, 3), N(2, 2, 2), N(2, 2, 2))
error("baddbmm", N(2, 2), N(2, 2, 2), N(2, 3, 2))
error("addbmm", N(2), N(2, 2), N(2, 2, 2))
error("addbmm", N(3), N(2, 2, 2), N(2, 2, 2))
error("addmv", N(2), N(2), N(2))
error("addmv", N(3), N(2, 2), N(2))
error("addmv", N(2), N(2, 3), N(2))
error("addr", N(3), N(2), N(2))
error("addr", N(3), N(2, 2), N(2))

for a, b, dims in [
    ([2, 3, 4], [3, 4, 5], 2),
    ([2, 3], [3, 4], 1),
    ([2, 3], [4], 0),
    ([3, 4], [3, 4], 2),
    ([2, 3, 4], [4, 5, 3], [[1, 2], [2, 0]]),
    ([2, 3, 4], [4, 5, 3], [[-1], [0]]),
    ([2, 3], [4, 5], [[], []]),
    ([2, 0], [0, 3], 1),
    ([2, 1], [3, 4], 1),
]:
    case("tensordot", N(*a), N(*b), dims, second=0 not in a)
case("tensordot", N(2, 3, 4), N(3, 4, 5))
case("tensordot", I(2, 3), I(3, 2), 1)
error("tensordot", N(2, 3), N(2, 3), 3)
error("tensordot", N(2, 3), N(2, 3), -1)
error("tensordot", N(2, 3), N(2, 3), 1)
error("tensordot", N(2, 3), N(2, 3), [[0], [0, 1]])

for a, b in [([2, 3], [4, 2]), ([3], [2]), ([2], [2, 3]), ([2, 2, 2], [3]), ([], [2, 2]), ([0, 2], [2, 2]), ([2, 1, 2], [2, 3, 2]), ([2, 3, 2], [3, 2, 2])]:
    case("kron", N(*a), N(*b), second=0 not in a)
case("kron", N(2, 2), N(2, 2), ns="Tensor")
for a, b in [([3], [3]), ([2, 3], [3]), ([2, 3], [4, 3]), ([2, 1, 3], [4, 3]), ([], [2, 3]), ([0], [0])]:
    case("inner", N(*a), N(*b), second=a != [0])
error("inner", N(3), N(2))
case("vdot", N(4), N(4), second=True)
case("vdot", I(4), I(4))
error("vdot", N(3), N(2))
error("vdot", N(3, 1), N(3))
case("trace", N(3, 3))
case("trace", N(2, 4), second=True)
case("trace", I(3, 3))
case("trace", N(0, 0))
error("trace", N(3))
for shapes in [[[2, 3], [3, 4]], [[5, 2], [2, 6], [6, 3]], [[4], [4, 2], [2, 3]], [[2, 6], [6, 3], [3, 2], [2]], [[3], [3]]]:
    case("multi_dot", [N(*shape) for shape in shapes], ns=L, second=True)
case("chain_matmul", N(2, 3), N(3, 4), N(4, 2), second=True)
error("multi_dot", [N(2, 2)], ns=L)
error("multi_dot", [N(2, 2), N(3, 2)], ns=L)
error("multi_dot", [N(2, 2), N(2, 2, 2), N(2, 2)], ns=L)
case("cross", N(2, 3), N(2, 3), 1, second=True)
case("cross", N(3, 2), N(3, 2), 0)
case("cross", N(2, 3), N(1, 3), -1)
case("cross", N(4, 3), N(4, 3), ns="Tensor", dim=-1)
case("cross", N(2, 3), N(2, 3), ns=L, second=True)
case("cross", N(3, 2), N(3, 2), dim=0, ns=L)
error("cross", N(2, 2), N(2, 2))
error("cross", N(2, 4), N(2, 4), 1)
error("cross", N(3, 2), N(2, 2), 0)
error("cross", N(2, 2), N(2, 2), ns=L)

for p in [0, 0.5, 1, 2, 3, inf]:
    case("cdist", N(4, 3), N(5, 3), p)
case("cdist", N(4, 3), N(5, 3))
case("cdist", N(2, 1, 4, 3), N(5, 2, 3))
case("cdist", N(2, 1, 2, 4, 3), N(3, 1, 5, 3))
case("cdist", N(2, 30, 3), N(5, 3))
case("cdist", N(30, 3), N(5, 3))
case("cdist", N(30, 3), N(5, 3), compute_mode="donot_use_mm_for_euclid_dist")
case("cdist", T([[1.0, 2.0], [3.0, 4.0]]), T([[1.0, 2.0], [0.0, 1.0]]), note="a distance of 0")
case("cdist", N(2, 0), N(3, 0))
case("cdist", N(0, 2), N(3, 2))
error("cdist", N(2), N(2, 2))
error("cdist", N(2, 3), N(2, 2))
error("cdist", N(2, 3), N(2, 3), -1)

# ---- einsum ---------------------------------------------------------------------------------------------------------

for equation, *shapes in [
    ("ij,jk->ik", [2, 3], [3, 4]),
    ("ij,jk", [2, 3], [3, 4]),
    ("ij,jk->ki", [2, 3], [3, 4]),
    ("bij,bjk->bik", [2, 3, 4], [2, 4, 5]),
    ("i,i->", [3], [3]),
    ("i,j->ij", [3], [2]),
    ("ij->ji", [2, 3]),
    ("ba", [2, 3]),
    ("ij->", [2, 3]),
    ("ij->j", [2, 3]),
    ("ii->i", [3, 3]),
    ("ii", [3, 3]),
    ("iij->ij", [3, 3, 2]),
    ("iji->j", [2, 3, 2]),
    ("iii->i", [2, 2, 2]),
    ("bhqd,bhkd->bhqk", [2, 2, 3, 4], [2, 2, 5, 4]),
    ("bhqk,bkhd->bqhd", [2, 2, 3, 5], [2, 5, 2, 4]),
    ("...ij,...jk->...ik", [2, 3, 4], [4, 5]),
    ("...ij,...jk", [2, 1, 3, 4], [5, 4, 2]),
    ("...ij->...ji", [2, 3, 4]),
    ("...ij->...", [2, 3, 4]),
    ("i...->...", [2, 3, 4]),
    ("a...b,b->a...", [2, 3, 4], [4]),
    ("...ij->ij", [2, 3, 4]),
    ("i,ij,j->", [2], [2, 3], [3]),
    ("ij,jk,kl->il", [2, 3], [3, 4], [4, 2]),
    ("ij,ij->ij", [2, 3], [2, 3]),
    ("ij,ij->i", [2, 3], [2, 3]),
    ("ijk,kl->jl", [2, 3, 4], [4, 5]),
    ("bn,anm,bm->ba", [2, 3], [5, 3, 4], [2, 4]),
    ("ij,jk->ik", [2, 1], [3, 4]),
    ("ij,ij->ij", [1, 3], [2, 3]),
    (" i j , j k -> i k ", [2, 3], [3, 4]),
    ("Ab,bA->", [2, 3], [3, 2]),
    ("bA", [2, 3]),
    (",i->i", [], [3]),
    ("->", []),
    ("ij,jk->ik", [2, 0], [0, 3]),
]:
    case("einsum", equation, *[N(*shape) for shape in shapes], second=[2, 0] not in shapes)
case("einsum", "ij,jk->ik", I(2, 3), I(3, 2))
case("einsum", "ij,jk->ik", [N(2, 3), N(3, 2)])
for equation, *shapes in [
    ("ij", [2]),
    ("i", [2, 2]),
    ("ij,jk->iz", [2, 2], [2, 2]),
    ("ij->ii", [2, 2]),
    ("ii", [2, 3]),
    ("ij,jk", [2, 3], [2, 3]),
    ("ij,jk", [2, 2]),
    ("i", [2], [2]),
    ("i1", [2, 2]),
    ("...i...", [2, 2]),
    ("ij->i->j", [2, 2]),
    ("i..j", [2, 2]),
    ("...ijk", [2, 2]),
]:
    error("einsum", equation, *[N(*shape) for shape in shapes])

# ---- linalg ---------------------------------------------------------------------------------------------------------

singular = T([[1.0, 2.0], [2.0, 4.0]])
batch = torch.stack([torch.eye(2), singular])
square = [apart(3, 3), apart(2, 2, 2), apart(1, 1), apart(4, 4)]
for A in square:
    for fn in ["inv", "det"]:
        case(fn, A, ns=L, second=True)
    case("slogdet", A, ns=L)
    for n in [0, 1, 2, 5, -1, -2]:
        case("matrix_power", A, n, ns=L, note=str(A.shape), second=n > 1)
case("inv", T([[0.0, 2.0], [3.0, 0.0]]), ns=L, note="pivots")
case("inv", N(0, 0), ns=L)
case("inv", N(0, 2, 2), ns=L)
case("det", N(0, 0), ns=L)
case("det", singular, ns=L, note="singular")
case("det", T([[1.0, 2, 3], [2, 4, 6], [1, 0, 1]]), ns=L, note="singular")
case("det", T([[0.0, 1], [1, 0]]), ns=L)
case("det", apart(3, 3), ns="Tensor")
case("inverse", apart(3, 3), ns="Tensor")
case("logdet", apart(3, 3))
case("logdet", T([[0.0, 1], [1, 0]]), grad=False, note="negative")
case("logdet", singular, grad=False, note="singular")
case("slogdet", singular, ns=L, grad=False, note="singular")
case("slogdet", T([[0.0, 1], [1, 0]]), ns=L)
for fn in ["inv", "det", "slogdet", "cholesky", "eigh", "eigvalsh"]:
    error(fn, N(2, 3), ns=L)
    error(fn, N(3), ns=L)
    error(fn, I(2, 2), ns=L)
error("inv", singular, ns=L, note="singular")
error("inv", batch, ns=L, note="one is singular")
error("matrix_power", N(2, 3), 2, ns=L)
error("matrix_power", singular, -1, ns=L, note="singular")

A = apart(3, 3)
for shape in [[3], [3, 2], [3, 1], [2, 3, 2], [3, 0]]:
    case("solve", A, N(*shape), ns=L, note="one A", second=0 not in shape)
for shape in [[2, 2], [2, 2, 3], [2], [2, 1]]:
    case("solve", apart(2, 2, 2), N(*shape), ns=L, note="two A", second=True)
case("solve", A, N(2, 3), ns=L, left=False, second=True)
error("solve", singular, N(2), ns=L, note="singular")
error("solve", batch, N(2, 2), ns=L, note="one is singular")
error("solve", N(2, 2), N(3, 2), ns=L)
error("solve", N(2, 3), N(3, 2), ns=L)
error("solve", N(2, 2), N(3), ns=L)
for upper in [True, False]:
    case("solve_triangular", A, N(3, 2), ns=L, upper=upper, second=True)
    case("solve_triangular", A, N(2, 3), ns=L, upper=upper, left=False, second=True)
    case("solve_triangular", A, N(3, 2), ns=L, upper=upper, unitriangular=True, second=True)
    case("solve_triangular", apart(2, 2, 2), N(2, 3), ns=L, upper=upper, second=True)
case("solve_triangular", T([[1.0, 2], [0, 0]]), T([[1.0], [1]]), ns=L, upper=True, grad=False, note="singular")
error("solve_triangular", N(2, 2), N(2), ns=L, upper=True)
error("solve_triangular", N(2, 2), N(3, 2), ns=L, upper=True)
error("solve_triangular", N(2, 3), N(3, 2), ns=L, upper=True)

for A in [spd(3), spd(2, 2), spd(1), spd(4)]:
    case("cholesky", A, ns=L, second=True)
    case("cholesky", A, ns=L, upper=True, second=True)
for A in [apart(3, 3), apart(2, 2, 2), apart(1, 1), apart(4, 4)]:
    for triangle in ["L", "U"]:
        case("eigvalsh", A + A.mT, triangle, ns=L, second=A.shape[-1] > 1, note="symmetric")
case("eigvalsh", apart(3, 3), ns=L, note="reads one triangle")
case("eigvalsh", apart(3, 3), "U", ns=L, note="reads one triangle")
case("cholesky", apart(3, 3), ns=L, note="reads one triangle", grad=False)
error("cholesky", -torch.eye(2), ns=L)
error("cholesky", T([[nan, 1.0], [2, 3]]), ns=L)
case("inv", T([[nan, 1.0], [2, 3]]), ns=L, grad=False)
error("cholesky", torch.stack([torch.eye(2), -torch.eye(2)]), ns=L, note="one is not")
error("cholesky", T([[1.0, 2], [2, 1]]), ns=L)
error("eigh", N(2, 2), "X", ns=L)

# by their older names
case("cholesky", spd(3), second=True)
case("cholesky", spd(2, 2), upper=True)
case("ger", N(2), N(3), second=True)
error("ger", N(2, 2), N(3))

for shape in [(3, 3), (4, 3), (3, 4), (3, 2, 2), (1, 3), (3, 1)]:
    A = apart(*shape)
    case("qr", A, grad=True)
    case("qr", A, some=False, grad=False)
    case("qr", A, ns=L, second=True)
    case("qr", A, "complete", ns=L, grad=shape[0] <= shape[1] and len(shape) == 2)
    case("qr", A, "r", ns=L, grad=False)
    case("svdvals", A, ns=L)
    case("pinv", A, ns=L, second=True)
    case("matrix_rank", A, ns=L, grad=False)
    for order in ["fro", "nuc", 1, -1, 2, -2, inf, -inf]:
        case("matrix_norm", A, order, ns=L, note=str(shape))
error("qr", N(3, 2), "x", ns=L)
error("qr", N(3), ns=L)
error("svd", N(3), ns=L)
error("svd", T([[nan, 1.0], [2, 3]]), ns=L)
error("svd", torch.stack([torch.eye(2), T([[nan, 1.0], [2, 3]])]), ns=L)
error("pinv", N(3), ns=L)
case("pinv", torch.diag(T([4.0, 1, 0.001])), ns=L, rtol=0.01, grad=False)
case("pinv", torch.diag(T([4.0, 1, 0.001])), ns=L, atol=0.5, grad=False)
case("pinv", spd(3), ns=L, hermitian=True, grad=False)
case("pinv", singular, ns=L, note="singular")
case("pinv", N(0, 2), ns=L)
case("matrix_rank", singular, ns=L, grad=False, note="singular")
case("matrix_rank", torch.zeros(2, 3), ns=L, grad=False)
case("matrix_rank", torch.diag(T([4.0, 1, 0.001])), ns=L, rtol=0.01, grad=False)
case("matrix_rank", spd(3), ns=L, hermitian=True, grad=False)

x = N(2, 3, 4)
case("matrix_norm", x, ns=L)
for order in ["fro", 1, -inf]:
    case("matrix_norm", x, order, [0, 2], ns=L, keepdim=True)
    case("matrix_norm", x, order, [2, 0], ns=L)
case("matrix_norm", apart(3, 3), 2, [1, 0], ns=L, keepdim=True)
case("matrix_norm", apart(3, 2, 2), "nuc", [0, 2], ns=L, keepdim=True)
error("matrix_norm", N(3), ns=L)
error("matrix_norm", N(3, 3), 3, ns=L)
error("matrix_norm", N(3, 3), 2, [0, 0], ns=L)
for order in [0, 0.5, 1, 2, 3, inf, -inf]:
    case("vector_norm", x, order, ns=L, grad=order != 0)
    case("vector_norm", x, order, [0, 2], ns=L, keepdim=True, grad=order != 0)
case("vector_norm", x, ns=L, dim=1)
case("norm", x, ns=L)
case("norm", N(3), 1, ns=L)
case("norm", N(3), -inf, ns=L)
case("norm", apart(3, 4), 2, ns=L)
case("norm", apart(3, 4), 1, ns=L)
case("norm", apart(3, 4), "nuc", ns=L)
case("norm", x, 2, 1, ns=L)
case("norm", x, 1, [0, 1], ns=L)
case("norm", x, None, [0, 1], ns=L)
case("norm", x, "fro", [0, 1], ns=L, keepdim=True)
error("norm", N(3, 3, 3), "fro", ns=L)
error("norm", N(3, 3, 3), 2, ns=L)
error("norm", N(3), "nuc", ns=L)
error("norm", N(3, 3, 3), 2, [0, 1, 2], ns=L)
for p in [None, 2, -2, 1, -1, inf, -inf, "fro", "nuc"]:
    # PyTorch 2.13 cannot differentiate its own: it changes the inverse in place.
    case("cond", apart(3, 3), p, ns=L, grad=p in (None, 2, -2))
case("cond", apart(3, 2), ns=L)
