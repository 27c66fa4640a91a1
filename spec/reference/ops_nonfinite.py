"""Gradients under cotangents that are infinite or NaN: where one stays, and where it is taken for nothing."""

import torch

from golden import Family, differentiate, encode, leaf, target

NAN, INF = torch.nan, torch.inf
X = torch.tensor([[-3, -1, -0.5, 0, 0.5, 1, 3, 6], [7, 2.5, -2.5, 1e-3, -6, 0.25, -7, 3.5]])
Y = torch.tensor([[-3, 2, -0.5, 1, 0, 1, -3, 0], [0, 2.5, 2.5, -1e-3, 6, 0, 7, 3]])
COTANGENT = torch.tensor([NAN, INF, -INF, 0, 100, NAN, INF, 2, INF, NAN, 1, -INF, NAN, -1, 30, INF])

POINTWISE = """abs neg exp log log1p log2 log10 expm1 sqrt rsqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sigmoid erf
erfc erfinv square reciprocal sign floor round ceil trunc frac lgamma relu logit sinc i0 exp2 deg2rad nan_to_num positive""".split()
ACTIVATIONS = """relu relu6 leaky_relu elu selu celu gelu silu mish softplus softsign tanhshrink hardshrink softshrink hardtanh hardsigmoid
hardswish logsigmoid""".split()
OF_ALL = "amax amin max min sum mean prod norm std tril triu diff msort aminmax".split()
ALONG = """sum mean prod amax amin max min logsumexp std var median cumsum cummax cummin sort softmax log_softmax logcumsumexp nansum
nanmean nanmedian""".split()
WITH_NUMBERS = [("clamp", -1, 1), ("clamp", 0), ("pow", 2), ("pow", 3), ("pow", 0.5), ("pow", 0), ("topk", 3, 1), ("norm", 2, 1),
                ("norm", 1, 1), ("flip", [1]), ("roll", 1, 1), ("fmod", 2), ("remainder", 2), ("kthvalue", 2, 1), ("cumsum", 0)]
BINARY = """add sub mul div maximum minimum fmax fmin atan2 hypot fmod remainder logaddexp logaddexp2 xlogy copysign dist clamp_min
clamp_max""".split()

family = Family("ops_nonfinite")


def case(fn, *args, ns=""):
    head, args, _, _ = family.build(fn, ns, args, {}, "")
    leaves = [leaf(arg, True) if isinstance(arg, torch.Tensor) else arg for arg in args]
    draw = lambda tensor: COTANGENT.repeat(4)[: tensor.numel()].reshape(tensor.shape)
    result = differentiate(target(fn, ns, None, lambda tensor: tensor), leaves, {}, draw)
    family.add(head | {key: encode(result[key]) for key in ("out", "cotangents", "grads")})


def make():
    for fn in POINTWISE + OF_ALL:
        case(fn, X)
    for fn in ACTIVATIONS:
        case(fn, X, ns="nn.functional")
    for fn in ALONG:
        case(fn, X, 1)
    for fn, *numbers in WITH_NUMBERS:
        case(fn, X, *numbers)
    for fn in BINARY:
        case(fn, X, Y)
    family.write()
