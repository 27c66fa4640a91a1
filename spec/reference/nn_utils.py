"""torch.nn.utils on parameters of given gradients.

A case has "grads" (null: a parameter without; for get_total_norm the tensors themselves), the further "args" and "options",
"out", and "after", the gradients then. A "vector" case has "params", and what vector_to_parameters(vector) makes of them.
"""

import warnings

import torch

from golden import N, camel, camel_keys, encode, inf, nan, thrown, write

T = torch.tensor
DRAWN = torch.Generator().manual_seed(6)
SETS = {
    "two": [N(3, 4), N(5)],
    "one without": [N(2, 2), None, N(3)],
    "a scalar and many": [N(), N(40, 5), N(1), N(2, 3, 4)],
    "large": [N(10, scale=1e4), N(3, 3, scale=1e4)],
    "small": [N(10, scale=1e-4), N(3)],
    "zeros": [T([0.0, 0.0]), T([[0.0]])],
    "some zeros": [T([0.0, 3.0, -4.0]), T([[0.0]]), T([12.0])],
    "NaN": [T([1.0, nan]), T([2.0])],
    "infinity": [T([1.0, -inf]), T([2.0])],
    "overflow": [T([3e19, 1.0]), T([2.0])],
    "none": [None, None],
    "nothing": [],
}
SETS = {name: [draw(DRAWN) if callable(draw) and not isinstance(draw, torch.Tensor) else draw for draw in row]
        for name, row in SETS.items()}
ORDERS = [2, 1, inf, -inf, 0, 0.5, 1.5, 3, -1]


def text(value):
    return f"tensor({value.item()})" if isinstance(value, torch.Tensor) else str(value)


def case(fn, grads, *args, **options):
    call = getattr(torch.nn.utils, fn)
    name = " ".join([grads, *map(text, args), *(f"{key}={value}" for key, value in options.items())])
    head = {"fn": camel(fn), "name": name, "grads": encode(SETS[grads]), "args": encode(args),
            "options": encode(camel_keys(options))}
    if fn == "get_total_norm":
        first = [grad.clone() for grad in SETS[grads] if grad is not None]
    else:
        first = [torch.zeros(3 if grad is None else grad.shape) for grad in SETS[grads]]
        for p, grad in zip(first, SETS[grads]):
            p.grad = None if grad is None else grad.clone()
    try:
        out = call(first, *args, **options)
    except (RuntimeError, ValueError):
        return head | thrown(lambda: call(first, *args, **options))
    return head | {"out": encode(out), "after": encode([p.grad for p in first])}


def vector(note, vec, *shapes):
    params = [torch.randn(shape, generator=DRAWN) for shape in shapes]
    name = f"{note} into {list(map(list, shapes))}"
    head = {"fn": "vectorToParameters", "name": name, "vector": encode(vec), "params": encode(params)}
    call = lambda: torch.nn.utils.vector_to_parameters(vec, params)
    try:
        joined = torch.nn.utils.parameters_to_vector(params)
        call()
    except RuntimeError:
        return head | thrown(call)
    return head | {"joined": encode(joined), "after": encode(params)}


def make():
    warnings.simplefilter("ignore")
    cases = [case("get_total_norm", grads, order) for grads in SETS for order in ORDERS]
    cases += [case("clip_grad_norm_", grads, 1) for grads in SETS]
    cases += [case("clip_grad_norm_", grads, most, order) for grads in ["two", "one without", "large"]
              for most in [0.1, 2, 1e6, 0] for order in [2, 1, inf, 0.5, 0]]
    cases += [case("clip_grad_norm_", grads, 1, order, error_if_nonfinite=True)
              for grads in ["NaN", "infinity", "overflow", "two", "none"] for order in [2, inf, 1.5]]
    cases += [case("clip_grad_norm_", "two", 0.5, foreach=foreach) for foreach in [True, False]]
    cases += [case("clip_grads_with_norm_", grads, most, T(norm)) for grads in ["two", "one without", "none"]
              for most, norm in [(1, 10.0), (5, 1.0), (1, inf), (1, nan), (1, 0.0)]]
    # Without any gradient PyTorch's clip_grad_value_ trips over an internal assertion.
    cases += [case("clip_grad_value_", grads, most) for grads in SETS if any(grad is not None for grad in SETS[grads])
              for most in [0.5, 0, 1e3, inf]]
    cases += [case("clip_grad_value_", "two", 0.5, foreach=foreach) for foreach in [True, False]]
    cases += [vector("floats", torch.arange(12.0), (2, 3), (6,)), vector("too many", torch.arange(12.0), (2, 3), (), (0,)),
              vector("too few", torch.arange(8.0), (2, 3), (6,))]
    write("nn_utils", cases)
