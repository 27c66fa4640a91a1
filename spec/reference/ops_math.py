"""Elementwise mathematics beyond ops_pointwise: trigonometry, special functions, combinations, their in-place forms."""

from golden import B, Family, I, N, T, U, inf, nan

family = Family("ops_math")
# What writes to its first argument, which therefore may not require grad.
in_place = Family("ops_math_inplace")
case, error = family.case, family.error


def exactly(fn, *args, **options):
    """A case whose float32 result is right though float64's is another: the largest number, a quotient that rounds up."""
    case(fn, *args, **options)
    float32_only(family)


def float32_only(family):
    """The last row is not compared with float64."""
    list(family.rows.values())[-1].pop("exact", None)



EDGE = T([0.0, -0.0, 1.0, -1.0, 0.5, -2.5, inf, -inf, nan, 1e4, -1e4])
SMALL = T([0.0, -0.0, 1.0, -1.0, 0.5, -2.5, inf, -inf, nan, 3.0, -3.0])
SHAPES = [
    ([3, 4], [3, 4]),
    ([3, 4], [4]),
    ([4], [3, 4]),
    ([3, 1], [1, 4]),
    ([], [3]),
    ([], []),
    ([2, 1, 4], [3, 1]),
    ([0, 3], [3]),
    ([2, 0], [2, 1]),
]

# ---- of one tensor: where it is smooth, from low to high
UNARY = {
    "tan": (-1, 1), "asin": (-0.9, 0.9), "acos": (-0.9, 0.9), "atan": (-3, 3), "sinh": (-2, 2), "cosh": (-2, 2),
    "asinh": (-3, 3), "acosh": (1.2, 4), "atanh": (-0.9, 0.9), "sinc": (-2, 2), "deg2rad": (-200, 200),
    "rad2deg": (-3, 3), "exp2": (-3, 3), "log2": (0.2, 5), "log10": (0.2, 5), "erfc": (-2, 2), "erfinv": (-0.9, 0.9),
    "lgamma": (0.2, 5), "digamma": (0.5, 5), "logit": (0.1, 0.9), "nan_to_num": (-2, 2), "frac": (-3, 3),
    "sgn": (-2, 2), "positive": (-2, 2),
}
LINEAR = ["deg2rad", "rad2deg", "nan_to_num", "frac", "sgn", "positive"]
for fn, (low, high) in UNARY.items():
    # PyTorch's gradient of sgn is a tensor without storage, which no file can hold.
    case(fn, U(2, 3, low=low, high=high), second=fn not in LINEAR, grad=fn != "sgn")
    case(fn, U(9, 9, low=low, high=high), grad=fn != "sgn")
    case(fn, U(low=low, high=high), grad=fn != "sgn")
    case(fn, N(0), grad=fn != "sgn")
    case(fn, N(2, 0, 3), grad=fn != "sgn")
    # The slope of digamma at its poles is rounding noise in PyTorch.
    exactly(fn, EDGE, grad=fn not in ["sgn", "digamma"], note="edge values")
    if fn != "frac":
        case(fn, I(5, low=-3, high=4))
    if fn not in ["frac", "positive", "deg2rad", "rad2deg"]:
        case(fn, B(3))
error("frac", I(3))
error("frac", B(3))
error("positive", B(3))
case("deg2rad", B(3))
case("rad2deg", B(3))

for alias in ["arcsin", "arccos", "arctan", "arcsinh", "arccosh", "arctanh"]:
    case(alias, U(3, low=1.1, high=2) if alias == "arccosh" else U(3, low=-0.9, high=0.9))
case("arctan2", N(3), N(3))
for fn in ["asin", "acos", "atanh"]:
    case(fn, T([-1.0, -0.99999, 0.99999, 1.0, 1e-5, 1.5]), note="ends")
for fn in ["asinh", "sinh", "atan"]:
    case(fn, T([1e-5, -1e-5, 1e-3, 20.0, -20.0, 80.0]), note="small and large")
case("acosh", T([1.0, 1.0001, 1e6, 1e10, 0.5]), note="ends")
case("log2", T([1.0, 2.0, 8.0, 1024.0, 2.0**29, 2.0**100, 0.5, 0.125, 2.0**-30, 3.0]), note="powers")
case("log10", T([1.0, 10.0, 100.0, 1000.0, 1e5, 1e9, 1e10, 0.1, 0.01, 7.0]), note="powers")
case("exp2", T([0.0, 3.0, 10.0, -1.0, -10.0, 127.0, 128.0, -149.0, 0.5]), note="whole exponents")
case("erfc", T([-4.0, -1e-4, 1e-4, 2.0, 2.5, 3.0, 4.0, 9.0]), note="tails")
case("erfinv", T([0.999999, -0.999999, 0.9999, 1e-6, -1e-6, 0.5, -0.5, 1.0, -1.0, 1.5]), note="tails")
case("lgamma", T([-0.5, -1.5, -2.3, 1e-3, 1.0, 2.0, 30.0, 1e5, -1.0, -2.0]), note="poles and reflections")
case("digamma", T([-0.5, -1.5, -2.3, 0.1, 1.0, 30.0, 1e5, -1.0, -2.0]), grad=False, note="poles and reflections")
case("lgamma", T([-0.5, -1.5, -2.3, 0.1]), second=True)
case("digamma", T([-0.5, -1.5, 2.3, 0.3]), note="gradients of reflections")
for n in [0, 1, 2, 3]:
    case("polygamma", n, U(2, 3, low=0.5, high=5), second=True)
    case("polygamma", n, T([0.5, 1.0, 2.0, 10.0, 100.0, 0.01]), note="range")
    case("polygamma", n, I(3, low=1, high=5))
    case("polygamma", n, N(0))
case("polygamma", 1, T([-0.5, -1.5, -2.3, 0.3]), note="reflections")
for n in [2, 3]:
    case("polygamma", n, T([0.0, -0.0, -1.0, -2.0, -0.25, -1.5, -inf, nan]), grad=False, note="poles")
error("polygamma", -1, N(3))
case("sinc", T([0.0, 0.25, 1.0, -2.0, 1e-3, 1e-6]), note="at and near 0")
for eps in [0.1, 1e-3, 0]:
    case("logit", T([0.0, 1.0, 0.05, 0.5, 0.97, -0.5, 1.5, nan]), eps)
    case("logit", U(2, 3, low=0.2, high=0.8), eps, second=True)
case("logit", T([0.0, 1.0, 0.05, 0.5, 0.97, -0.5, 1.5, nan]))
BAD = T([nan, inf, -inf, 1.5, 0.0])
exactly("nan_to_num", BAD)
exactly("nan_to_num", BAD, 2.5)
exactly("nan_to_num", BAD, 1, posinf=7)
exactly("nan_to_num", BAD, neginf=-3)
exactly("nan_to_num", BAD, 0.5, posinf=1.5, neginf=-2)
case("frac", T([1.25, -1.25, 3.0, -0.5, 1e7, 0.0]))
case("signbit", EDGE)
case("signbit", I(5, low=-3, high=3))
case("signbit", B(3))
case("signbit", N(0))
case("negative", N(3))
case("absolute", N(3))
case("fix", N(3, scale=3))
case("clip", N(5), -0.5, 0.5)

# ---- of two, float32
for fn in ["atan2", "hypot", "logaddexp", "logaddexp2", "xlogy", "copysign"]:
    for a, b in SHAPES:
        case(fn, N(*a), U(*b, low=0.3, high=3.0))
    case(fn, U(2, 3, low=0.3, high=3.0), U(3, low=0.3, high=3.0), second=fn != "copysign")
    case(fn, SMALL[:, None], SMALL, grad=False, note="every pair of edge values")
    case(fn, SMALL, SMALL.flip(0), note="edge values")
    error(fn, N(3), N(4))
for fn in ["atan2", "xlogy", "copysign"]:
    case(fn, I(3, low=-3, high=4), I(3, low=1, high=4))
    case(fn, N(3), I(3, low=1, high=4))
    case(fn, B(3), I(3, low=1, high=4))
for fn in ["hypot", "logaddexp", "logaddexp2"]:
    error(fn, I(3), I(3))
case("hypot", T([3e30, 3e-30, 1e20, 0.0]), T([4e30, 4e-30, 1.0, 0.0]), grad=False, note="no overflow")
case("logaddexp", T([1e4, -1e4, 0.0, 100.0]), T([1e4, -1e4, 200.0, -100.0]), note="no overflow")
for fn in ["logaddexp", "logaddexp2"]:
    case(fn, N(3), I(3))
case("hypot", N(3), I(3, low=1))
for b in [2, 0.5, 0, -1]:
    case("xlogy", U(2, 3, low=0.3, high=3.0), b)
    case("xlogy", T([0.0, 1.0, nan, inf]), b)
    case("copysign", N(3), b)
    if b > 0:
        case("xlogy", b, U(2, 3, low=0.3, high=3.0), second=True)
case("xlogy", T([0.0, 0.0, 0.0, 0.0, 1.0]), T([0.0, nan, -1.0, 2.0, 0.0]), note="0 · ln")
case("copysign", T([0.0, 1.0, -1.0, 2.0, nan]), T([-0.0, -0.0, 0.0, -3.0, -1.0]), note="signs of zeros")

# ---- quotients and what they leave
for fn in ["remainder", "fmod", "floor_divide"]:
    # floor_divide has no derivative in PyTorch.
    grad = fn != "floor_divide"
    for a, b in SHAPES:
        case(fn, N(*a, scale=5), U(*b, low=0.5, high=3.0), grad=grad)
    for b in [2, 0.7, -3, 0]:
        case(fn, N(2, 3, scale=5), b, grad=grad)
    case(fn, T([7.0, -7.0, 7.5, -7.5, 0.0, 1.0, -1.0]), T([2.0, 2.0, -2.0, -2.0, 3.0, 0.0, 0.0]), grad=grad)
    exactly(fn, T([1.0, 1.0, 0.3, 6.0, -1.0]), T([0.1, 0.2, 0.1, 0.1, 0.1]), grad=grad, note="where a / b rounds up")
    case(fn, SMALL[:, None], SMALL, grad=False, note="every pair of edge values")
    case(fn, I(6, low=-9), I(6, low=1))
    case(fn, T([7, -7, 7, -7, 0]), T([2, 2, -2, -2, 3]))
    case(fn, I(6, low=-9), 4)
    case(fn, I(6, low=-9), -4)
    case(fn, I(6, low=-9), 2.5)
    case(fn, I(3, low=-9), U(3, low=0.5, high=3.0), grad=grad)
    case(fn, B(3), I(3, low=1))
    error(fn, T([1, 2]), T([1, 0]))
    error(fn, N(3), N(4))
case("remainder", 7, U(3, low=0.5, high=3.0), grad=False)
case("remainder", -7, I(3, low=1))
for fn in ["remainder", "fmod"]:
    case(fn, N(2, 3, scale=5), U(3, low=0.5, high=3.0), second=True, note="twice")
    error(fn, B(3), B(3))

# ---- where the gradient is told by hand
case("pow", U(3), True, grad=False)
case("pow", I(3), True, ns="Tensor", grad=False)
case("atan2", T([0.0, -0.0, 0.0, 1.0]), T([0.0, 0.0, -0.0, 0.0]))

# ---- lerp, addcmul, addcdiv
for w in [0.3, 0.5, 0.8, 0, 1, -1, 2]:
    case("lerp", N(2, 3), N(3), w)
for a, b, w in [([3], [3], [3]), ([2, 3], [3], []), ([3], [2, 3], [2, 1]), ([0, 3], [3], [1]), ([], [], [4])]:
    case("lerp", N(*a), N(*b), U(*w))
case("lerp", N(3), N(3), U(3), second=True, note="twice")
case("lerp", N(3), N(3), T(2), note="an integer without dimensions")
case("lerp", N(3), N(3), T(True), grad=False)
error("lerp", N(3), N(4), 0.5)
error("lerp", I(3), I(3), 0.5)
error("lerp", N(3), I(3), 0.5)
error("lerp", N(3), N(3), I(3))
for fn in ["addcmul", "addcdiv"]:
    away = lambda *shape: U(*shape, low=0.5, high=2.0)
    for a, b, c in [([3], [3], [3]), ([2, 3], [3], [1]), ([3], [2, 1], [3]), ([], [2], [2]), ([0], [1], [0])]:
        case(fn, N(*a), N(*b), away(*c))
    case(fn, N(2, 3), N(3), away(2, 1), value=0.5)
    case(fn, N(2, 3), N(3), away(2, 1), value=-2)
    case(fn, N(2, 3), N(3), away(2, 1), value=0)
    case(fn, N(3), N(3), away(3), value=1.5, second=True, note="twice")
    case(fn, N(3), I(3), away(3))
    case(fn, SMALL, SMALL.flip(0), SMALL.roll(3), note="edge values")
    error(fn, N(3), N(3), N(4))
case("addcmul", I(3), I(3), I(3), value=2)
error("addcdiv", I(3), I(3), I(3))
error("addcdiv", N(3), I(3), I(3, low=1))

# ---- bounds
AROUND = T([-2.0, -0.5, 0.0, 0.5, 2.0, nan, inf, -inf])
for fn in ["clamp_min", "clamp_max"]:
    for bound in [-0.5, 0, 0.5]:
        case(fn, AROUND, bound)
    case(fn, I(5, low=-3, high=4), 1)
    case(fn, I(5, low=-3, high=4), 0.5)
    for a, b in SHAPES:
        case(fn, N(*a), N(*b))
    case(fn, AROUND, AROUND.flip(0), note="edge values")
    case(fn, I(5, low=-3, high=4), I(5, low=-3, high=4))
    error(fn, N(3), N(4))
for fn in ["fmax", "fmin"]:
    for a, b in SHAPES:
        case(fn, N(*a), N(*b))
    case(fn, T([1.0, nan, nan, inf, 2.0, 0.0]), T([nan, 1.0, nan, 2.0, 2.0, -0.0]), note="NaN loses; ties")
    case(fn, SMALL[:, None], SMALL, grad=False, note="every pair of edge values")
    case(fn, I(3), I(3))
    case(fn, I(3), N(3))
    case(fn, B(4), B(4))
    error(fn, N(3), N(4))

# ---- aliases, rsub
for fn in ["true_divide", "divide", "multiply", "subtract"]:
    case(fn, N(2, 3), U(3, low=0.5, high=2.0))
    case(fn, N(3), 2)
case("divide", N(3, scale=5), 2, rounding_mode="floor")
case("subtract", N(3), N(3), alpha=2)
case("rsub", N(3), N(2, 3))
case("rsub", N(3), 2)
case("rsub", N(3), 2, alpha=3)
case("rsub", I(3), 2)
case("rsub", N(3), N(3), alpha=0.5)
error("rsub", B(3), B(3))

# ---- steps and bits
case("heaviside", EDGE, T(0.5), grad=False)
case("heaviside", T([-1.0, 0.0, 2.0]), N(3), grad=False)
case("heaviside", N(2, 1), N(3), grad=False)
case("heaviside", I(5, low=-2, high=3), I(5), grad=False)
case("heaviside", B(4), B(4))
error("heaviside", N(3), I(3))
error("heaviside", N(3), N(4))
for fn in ["bitwise_and", "bitwise_or", "bitwise_xor"]:
    case(fn, I(2, 3, low=-99, high=99), I(3, low=-99, high=99))
    case(fn, I(3, low=-99, high=99), 6)
    case(fn, 6, I(3, low=-99, high=99))
    case(fn, I(0), I(1))
    case(fn, B(3, 4), B(4))
    case(fn, B(4), I(4))
    case(fn, B(4), 3)
    case(fn, B(4), True)
    error(fn, N(3), N(3))
    error(fn, I(3), N(3))
    error(fn, I(3), 0.5)
    error(fn, I(3), I(4))
case("bitwise_not", I(5, low=-99, high=99))
case("bitwise_not", T([0, -1, 2147483647, -2147483648]))
case("bitwise_not", B(3))
error("bitwise_not", N(3))

# ---- away from every kink, for finite differences
case("clamp", T([-2.0, 0.3, 2.0]), -1, 1, second=True)
case("trunc", T([-1.5, 0.4, 2.3]))
case("sgn", T([-1.5, 0.4, 2.3]))
case("arctanh", T([0.1, -0.2]), second=True)
case("roll", T([0.1, -0.2, 0.3]), 1)

# ---- in place
def written(fn, *args, **options):
    in_place.case(fn, *args, ns="Tensor", grad=False, **options)
    float32_only(in_place)


def refused(fn, *args, **options):
    in_place.error(fn, *args, ns="Tensor", **options)


SELF = {"acosh_": U(3, low=1.2, high=3), "arccosh_": U(3, low=1.2, high=3), "log2_": U(3, low=0.2, high=3), "log10_": U(3, low=0.2, high=3)}
for fn in ["tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "sinc", "deg2rad", "rad2deg", "exp2",
           "log2", "log10", "erfc", "erfinv", "lgamma", "digamma", "logit", "nan_to_num", "frac", "sgn", "arcsin", "arccos",
           "arctan", "arcsinh", "arccosh", "arctanh", "negative", "absolute", "relu"]:
    written(f"{fn}_", SELF.get(f"{fn}_", U(3, low=0.1, high=0.9)))
    if fn not in ["nan_to_num", "sgn", "negative", "absolute", "relu"]:
        refused(f"{fn}_", I(3))
written("logit_", U(3), 0.1)
written("nan_to_num_", BAD, 1, posinf=2)
written("polygamma_", U(3, low=0.5, high=2), 1)
written("clip_", N(5), -0.5, 0.5)
for fn in ["atan2", "arctan2", "hypot", "xlogy", "copysign", "remainder", "fmod", "floor_divide", "clamp_min", "clamp_max",
           "true_divide", "divide", "multiply", "subtract", "heaviside"]:
    written(f"{fn}_", N(2, 3), U(3, low=0.5, high=3.0))
    refused(f"{fn}_", N(3), U(2, 3))
for fn in ["xlogy", "copysign", "remainder", "fmod", "floor_divide", "clamp_min", "clamp_max", "true_divide", "divide",
           "multiply", "subtract"]:
    written(f"{fn}_", N(2, 3), 2)
for fn in ["remainder", "fmod", "floor_divide", "bitwise_and", "bitwise_or", "bitwise_xor"]:
    written(f"{fn}_", I(3), 4)
written("bitwise_not_", I(3))
refused("true_divide_", I(3), 2)
refused("bitwise_and_", B(3), I(3))
written("lerp_", N(3), N(3), 0.3)
written("lerp_", N(3), N(3), U(3))
written("addcmul_", N(3), N(3), N(3), value=0.5)
written("addcdiv_", N(3), N(3), U(3, low=0.5), value=2)
for decimals in [1, -1]:
    written("round_", N(6, scale=100), decimals=decimals)


def make():
    family.write()
    in_place.write()
