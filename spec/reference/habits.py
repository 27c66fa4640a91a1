"""What a tensor says of itself, dtypes and their limits, and tensors made like another."""

import torch
from golden import FLOAT, B, Family, I, N, T, camel, encode, function, inf, nan, number, write

family = Family("habits")
case, error = family.case, family.error
INT, BOOL = torch.int32, torch.bool
DTYPES = [FLOAT, INT, BOOL]


def value(fn, *args, ns="", note="", **kwargs):
    """Record what a function says that gives no tensor."""
    head, args, kwargs, _ = family.build(fn, ns, args, kwargs, note)
    family.add(head | {"out": encode(function(fn, ns)(*args, **kwargs)), "cotangents": [], "grads": []})


def make():
    limits = ["bits", "eps", "max", "min", "tiny", "smallest_normal", "resolution", "dtype"]
    info = {camel(name): getattr(torch.finfo(FLOAT), name) for name in limits}
    ints = {name: getattr(torch.iinfo(INT), name) for name in ["bits", "max", "min", "dtype"]}
    write("habits", list(family.rows.values()), finfo=info, iinfo=ints)


ints = lambda *values: T(values, dtype=INT)

for fn in ["numel", "is_floating_point", "is_complex", "is_signed"]:
    for x in [N(2, 3), ints(1, 2), B(3), N(), N(0, 2)]:
        value(fn, x)
for fn in ["numel", "is_floating_point", "is_complex", "is_nonzero"]:
    error(fn, 3)
for fn in ["nelement", "ndimension", "element_size", "is_contiguous", "get_device", "stride", "dim", "size", "type"]:
    for x in [N(2, 3, 4), ints(1, 2), B(3), N(), N(2, 0, 3)]:
        value(fn, x, ns="Tensor")
for dim in [0, 2, -1, -3]:
    value("stride", N(2, 3, 4), dim, ns="Tensor")
    value("size", N(2, 3, 4), dim, ns="Tensor")
error("stride", N(2, 3), 2, ns="Tensor")
error("size", N(2, 3), -3, ns="Tensor")
error("stride", N(), 1, ns="Tensor")

for x in [T(1.0), T(0.0), T([[-2.0]]), T(nan), T(-0.0), ints(0), ints(5), T(True), T([False])]:
    value("is_nonzero", x)
error("is_nonzero", N(2))
error("is_nonzero", N(0))
value("is_same_size", N(2, 3), B(2, 3), ns="Tensor")
value("is_same_size", N(2, 3), N(3, 2), ns="Tensor")
value("is_same_size", N(2, 3), N(6), ns="Tensor")
value("is_tensor", N(2))
value("is_tensor", 2)
value("is_tensor", [1, 2])

for a in DTYPES:
    for b in DTYPES:
        value("promote_types", a, b)
        value("can_cast", a, b)
for a in [N(2), ints(1), B(2), N(), T(3, dtype=INT), T(True), 2, 2.5, True]:
    for b in [N(2), T(3, dtype=INT), T(True), -3, 0.5, False]:
        value("result_type", a, b)
error("finfo", INT)
error("iinfo", FLOAT)
error("iinfo", BOOL)

for shapes in [[(2, 1), (3,)], [(2, 1), 3], [3], [], [(), (2,)], [(1, 0), (4, 1)], [(5, 1, 4), (3, 1), (4,)]]:
    value("broadcast_shapes", *shapes)
error("broadcast_shapes", (2,), (3,))
error("broadcast_shapes", (2, 2), (3, 2))

case("scalar_tensor", 3)
case("scalar_tensor", -0.5)
case("scalar_tensor", 3, dtype=INT)
case("scalar_tensor", True, dtype=BOOL)
case("asarray", [1.5, 2.5])
case("asarray", [[True], [False]])
case("asarray", N(2, 2))
case("asarray", N(2), copy=True)
case("asarray", N(2), requires_grad=False)
error("asarray", N(2), copy=False, dtype=INT)
case("as_tensor", [[1.5, 2.5]])
case("as_tensor", [1, 2], dtype=INT)
case("as_tensor", N(2, 2))
case("as_tensor", N(2), dtype=BOOL)
case("as_tensor", ints(1, 2), dtype=FLOAT)
for fn in ["FloatTensor", "IntTensor", "BoolTensor", "LongTensor"]:
    family.add(
        {"fn": fn, "ns": "", "name": "lists", "args": [[[1.5, 0], [-2.5, 3]]], "options": {}, "cotangents": [], "grads": []}
        | {"out": encode(getattr(torch, fn)([[1.5, 0], [-2.5, 3]]))}
    )

for fn in ["new_zeros", "new_ones"]:
    for x in [N(2), ints(1), B(2)]:
        case(fn, x, 2, 3, ns="Tensor", grad=False)
        case(fn, x, (2,), ns="Tensor", grad=False)
        case(fn, x, (), ns="Tensor", grad=False)
        case(fn, x, (0, 2), ns="Tensor", grad=False, dtype=FLOAT)
    error(fn, N(2), -1, ns="Tensor")
for x in [N(2), ints(1), B(2)]:
    for fill in [2, 0, -1.5]:
        case("new_full", x, (2, 2), fill, ns="Tensor", grad=False)
    case("new_full", x, (3,), 7, ns="Tensor", grad=False, dtype=INT)
    case("new_tensor", x, [[0, 1.5]], ns="Tensor", grad=False)
    case("new_tensor", x, 3, ns="Tensor", grad=False)
    case("new_tensor", x, [1, 0], ns="Tensor", grad=False, dtype=BOOL)

for x in [N(2, 3), ints(1, 0), T([0.0, nan, inf, 0.5])]:
    for like in [N(1), B(1)]:
        case("type_as", x, like, ns="Tensor", grad=[0])
    for name in ["torch.FloatTensor", "torch.BoolTensor"]:
        case("type", x, name, ns="Tensor")
case("type", T([1.7, -1.7]), "torch.IntTensor", ns="Tensor")
case("type", N(3), FLOAT, ns="Tensor")
error("type", N(2), "torch.FooTensor", ns="Tensor")
case("view_as", N(2, 3), N(3, 2), ns="Tensor", grad=[0])
case("expand_as", N(3, 1), N(2, 3, 4), ns="Tensor", grad=[0])
error("view_as", N(2, 3), N(4), ns="Tensor")
error("expand_as", N(3), N(4), ns="Tensor")
case("contiguous", N(2, 3), ns="Tensor")

# what is given to integers is cut
case("full_like", ints(1, 2), 1.5)
case("full", [2], -2.7, dtype=INT)
case("full", [2], True, dtype=FLOAT)
