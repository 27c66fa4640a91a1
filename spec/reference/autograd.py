"""Autograd: gradients of gradients, accumulation, and what PyTorch says when it refuses.

Three kinds of case: op cases with "gradCotangents" and "secondGrads" (the gradient of the first gradients under those
cotangents); "programs", small functions whose results are recorded by name; "messages", functions that throw.
"""

import copy
import inspect
import warnings

import torch
from torch import tensor
from torch.nn import functional as F

from golden import Family, I, N, T, U, encode, write

family = Family("autograd")
F_ = "nn.functional"


def twice(fn, *args, **options):
    family.case(fn, *args, second=True, **options)


# gradients of gradients
for fn in ["tanh", "sigmoid", "exp", "sin", "cos", "erf", "square", "expm1"]:
    twice(fn, N(2, 3))
for fn in ["log", "sqrt", "rsqrt", "reciprocal", "log1p"]:
    twice(fn, U(2, 3, low=0.3, high=2.0))
for exponent in [2, 3, 0.5, -1, 1.5]:
    twice("pow", U(2, 3, low=0.3, high=2.0), exponent)
twice("pow", N(2, 3), 3, note="negative bases")
twice("pow", T([0.0, -1.0, 2.0]), 3, note="at 0")
twice("pow", U(2, 3, low=0.3, high=2.0), N(3))
twice("pow", 2, N(3))
twice("mul", N(2, 3), N(3))
twice("div", N(2, 3), U(3, low=0.5, high=2.0))
for dim in [0, 1]:
    twice("softmax", N(3, 4), dim)
    twice("log_softmax", N(3, 4), dim)
    twice("logsumexp", N(3, 4), dim)
    twice("prod", U(3, 4, low=0.5, high=2.0), dim)
    twice("var", N(3, 4), dim)
    twice("std", N(3, 4), dim)
    twice("norm", N(3, 4), 2, dim)
twice("norm", N(5))
twice("norm", N(5), 3)
twice("std", N(5), correction=0)
for a, b in [([3], [3]), ([2, 3], [3]), ([3], [3, 4]), ([2, 3], [3, 4]), ([2, 3, 4], [4, 2]), ([3, 4], [2, 4, 5]),
             ([2, 1, 3, 4], [3, 4, 2])]:
    twice("matmul", N(*a), N(*b))
twice("addmm", N(4), N(2, 3), N(3, 4), beta=0.5, alpha=2)
twice("outer", N(2), N(3))
twice("linear", N(2, 5), N(4, 5), N(4), ns=F_)
twice("linear", N(3, 2, 5), N(4, 5), ns=F_)
for reduction in ["none", "mean", "sum"]:
    twice("mse_loss", N(2, 3), N(2, 3), ns=F_, reduction=reduction)
    twice("cross_entropy", N(4, 5), I(4, high=5), ns=F_, reduction=reduction)
    twice("cross_entropy", N(4, 5), U(4, 5), ns=F_, reduction=reduction)
twice("cross_entropy", N(4, 5), T([1, -100, 3, 0]), ns=F_, weight=T([0.3, 1.5, 1.0, 0.7, 2.0]), label_smoothing=0.1)
twice("cross_entropy", N(2, 5, 3), I(2, 3, high=5), ns=F_)


# programs: small functions, their results by name


def accumulation():
    x = tensor([1.0, 2.0, 3.0], requires_grad=True)
    (x**2).sum().backward()
    first = x.grad.clone()
    (x**3).sum().backward()
    return {"first": first, "both": x.grad}


def retained_graph():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = (x * x.exp()).sum()
    y.backward(retain_graph=True)
    first = x.grad.clone()
    y.backward()
    return {"first": first, "both": x.grad}


def diamond():
    x = tensor([0.5, -1.0], requires_grad=True)
    a = x * 2
    (a * a + a.tanh() * x).sum().backward()
    return {"grad": x.grad}


def same_tensor_twice():
    x = tensor([2.0, 3.0], requires_grad=True)
    (x * x / x + x - x).sum().backward()
    return {"grad": x.grad}


def given_gradient():
    x = tensor([1.0, 2.0, 3.0], requires_grad=True)
    (x**2).backward(tensor([1.0, 0.1, -1.0]))
    return {"grad": x.grad}


def retained_grad():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y.retain_grad()
    (y**2).sum().backward()
    return {"x": x.grad, "y": y.grad}


def only_some_inputs():
    a, b = tensor([1.0, 2.0], requires_grad=True), tensor([3.0, 4.0], requires_grad=True)
    (a * b).sum().backward(inputs=[a])
    return {"a": a.grad, "b": b.grad}


def detached():
    x = tensor([1.0, 2.0], requires_grad=True)
    (x * x.detach()).sum().backward()
    return {"grad": x.grad}


def without_grad():
    x = tensor([1.0, 2.0], requires_grad=True)
    with torch.no_grad():
        y = x * 2
    return {"requiresGrad": y.requires_grad, "isLeaf": y.is_leaf, "after": (x * 2).requires_grad}


def hook():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    y.register_hook(lambda grad: grad * 10)
    (y**2).sum().backward()
    return {"grad": x.grad}


def grad_function():
    x, y = tensor([1.0, 2.0], requires_grad=True), tensor([3.0, 4.0], requires_grad=True)
    gx, gy, unused = torch.autograd.grad((x * y**2).sum(), [x, y, tensor([1.0], requires_grad=True)], allow_unused=True)
    return {"x": gx, "y": gy, "unused": unused, "xGrad": x.grad}


def cubic():
    x = tensor([1.0, -2.0, 0.5], requires_grad=True)
    (first,) = torch.autograd.grad((x**3).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(first.sum(), x, create_graph=True)
    (third,) = torch.autograd.grad(second.sum(), x)
    return {"first": first, "second": second, "third": third}


def double_backward():
    """backward(create_graph) leaves a gradient that can itself be differentiated, and the second one adds to it."""
    x = tensor([1.0, 2.0], requires_grad=True)
    (x**3).sum().backward(create_graph=True)
    first = x.grad.clone()
    first.sum().backward()
    return {"first": first, "total": x.grad}


def matmul_chain():
    torch.manual_seed(0)
    x, w1, w2 = torch.randn(4, 3), torch.randn(3, 5, requires_grad=True), torch.randn(5, 2, requires_grad=True)
    y = ((x @ w1).tanh() @ w2).softmax(1)[:, 0].sum()
    g1, g2 = torch.autograd.grad(y, [w1, w2], create_graph=True)
    s1, s2 = torch.autograd.grad((g1**2).sum() + (g2**2).sum(), [w1, w2])
    return {"x": x, "w1": w1, "w2": w2, "y": y, "g1": g1, "g2": g2, "s1": s1, "s2": s2}


def gradient_penalty():
    torch.manual_seed(1)
    x, w, b = torch.randn(6, 4, requires_grad=True), torch.randn(3, 4, requires_grad=True), torch.randn(3, requires_grad=True)
    target = tensor([0, 1, 2, 2, 1, 0])
    loss = F.cross_entropy(F.linear(x, w, b), target)
    (gx,) = torch.autograd.grad(loss, x, create_graph=True)
    total = loss + 0.5 * (gx.norm(2, 1) - 1).square().mean()
    total.backward()
    return {"x": x, "w": w, "b": b, "loss": loss, "total": total, "xGrad": x.grad, "wGrad": w.grad, "bGrad": b.grad}


def in_place_without_grad():
    w = tensor([1.0, 2.0], requires_grad=True)
    (w**2).sum().backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    return {"w": w, "requiresGrad": w.requires_grad, "isLeaf": w.is_leaf}


def in_place_in_the_graph():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    y.mul_(3).add_(1)
    (y * y).sum().backward()
    return {"y": y, "grad": x.grad}


def broadcasting():
    a, b = torch.ones(2, 1, requires_grad=True), torch.arange(3.0).requires_grad_()
    ((a + b) * tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])).sum().backward()
    return {"a": a.grad, "b": b.grad}


def leaves():
    x = tensor([1.0], requires_grad=True)
    y = x * 2
    return {"xLeaf": x.is_leaf, "yLeaf": y.is_leaf, "plainLeaf": tensor([1.0]).is_leaf, "detachedLeaf": y.detach().is_leaf,
            "xGradFn": x.grad_fn is None, "yRequiresGrad": y.requires_grad, "comparison": (y > 1).requires_grad,
            "integer": y.int().requires_grad, "argmax": y.argmax().requires_grad}


PROGRAMS = [accumulation, retained_graph, diamond, same_tensor_twice, given_gradient, retained_grad, only_some_inputs, detached,
            without_grad, hook, grad_function, cubic, double_backward, matmul_chain, gradient_penalty, in_place_without_grad,
            in_place_in_the_graph, broadcasting, leaves]


# messages: each of these throws


def backward_twice():
    y = (tensor([1.0], requires_grad=True) ** 2).sum()
    y.backward()
    y.backward()


def grad_twice():
    x = tensor([1.0], requires_grad=True)
    y = x.exp()
    torch.autograd.grad(y, x)
    torch.autograd.grad(y, x)


def not_a_scalar():
    (tensor([1.0, 2.0], requires_grad=True) * 2).backward()


def nothing_requires_grad():
    tensor(1.0).backward()


def detached_loss():
    (tensor([1.0], requires_grad=True) * 2).detach().sum().backward()


def wrong_gradient_shape():
    (tensor([1.0, 2.0], requires_grad=True) * 2).backward(torch.ones(3))


def wrong_gradient_shape_in_grad():
    x = tensor([1.0, 2.0], requires_grad=True)
    torch.autograd.grad(x * 2, x, torch.ones(1, 2))


def in_place_on_a_leaf():
    tensor([1.0, 2.0], requires_grad=True).add_(1)


def in_place_on_a_view_of_a_leaf():
    tensor([1.0, 2.0], requires_grad=True).view(2, 1).mul_(2)


def in_place_on_an_expanded_tensor():
    torch.zeros(1).expand(3).add_(tensor([1.0, 2.0, 3.0]))


def saved_input_changed():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    z = y * y
    y.add_(1)
    z.sum().backward()


def saved_output_changed():
    y = tensor([1.0, 2.0], requires_grad=True).exp()
    y.mul_(2)
    y.sum().backward()


def weight_changed_before_backward():
    x, w, v = torch.ones(2, 3), torch.ones(3, 4, requires_grad=True), torch.ones(4, 1, requires_grad=True)
    y = (x @ w @ v).sum()
    with torch.no_grad():
        v.add_(1)
    y.backward()


def unused_input():
    x = tensor([1.0], requires_grad=True)
    torch.autograd.grad(x * 2, tensor([1.0], requires_grad=True))


def input_without_grad():
    x = tensor([1.0], requires_grad=True)
    torch.autograd.grad(x * 2, tensor([1.0]))


def integers_cannot_require_grad():
    tensor([1, 2], requires_grad=True)


def integers_cannot_require_grad_later():
    tensor([1, 2]).requires_grad_()


def requires_grad_of_a_result():
    (tensor([1.0], requires_grad=True) * 2).requires_grad_(False)


def grad_of_another_shape():
    x = tensor([1.0, 2.0], requires_grad=True)
    x.grad = torch.ones(3)


def grad_of_another_dtype():
    x = tensor([1.0, 2.0], requires_grad=True)
    x.grad = tensor([1, 2])


def item_of_many():
    tensor([1.0, 2.0]).item()


def item_of_none():
    tensor([]).item()


def array_of_a_tensor_with_grad():
    tensor([1.0, 2.0], requires_grad=True).numpy()


def truth_of_many():
    bool(tensor([1.0, 2.0]))


def truth_of_none():
    bool(tensor([]))


def deepcopy_of_a_result():
    copy.deepcopy(tensor([1.0], requires_grad=True) * 2)


def retain_grad_without_grad():
    tensor([1.0]).retain_grad()


def hook_without_grad():
    tensor([1.0]).register_hook(lambda grad: grad)


def in_place_to_a_smaller_shape():
    torch.zeros(2).add_(torch.zeros(3))


def in_place_does_not_broadcast_its_target():
    torch.zeros(1).add_(torch.zeros(3))


def float_into_integers():
    tensor([1, 2]).add_(0.5)


def length_of_a_scalar():
    len(tensor(1.0))


def iteration_over_a_scalar():
    list(tensor(1.0))


def index_out_of_range():
    tensor([1.0, 2.0])[2]


def too_many_indices():
    tensor([1.0, 2.0])[0, 0]


def index_of_a_scalar():
    tensor(1.0)[0]


def ragged_list():
    tensor([[1.0, 2.0], [3.0]])


def ragged_depth():
    tensor([[1.0], 2.0])


def negative_size():
    torch.zeros(2, -1)


def arange_the_wrong_way():
    torch.arange(5, 1)


def arange_without_step():
    torch.arange(1, 5, 0)


MESSAGES = [backward_twice, grad_twice, not_a_scalar, nothing_requires_grad, detached_loss, wrong_gradient_shape,
            wrong_gradient_shape_in_grad, in_place_on_a_leaf, in_place_on_a_view_of_a_leaf, in_place_on_an_expanded_tensor,
            saved_input_changed, saved_output_changed, weight_changed_before_backward, unused_input, input_without_grad,
            integers_cannot_require_grad, integers_cannot_require_grad_later, requires_grad_of_a_result, grad_of_another_shape,
            grad_of_another_dtype, item_of_many, item_of_none, array_of_a_tensor_with_grad, truth_of_many, truth_of_none,
            deepcopy_of_a_result, retain_grad_without_grad, hook_without_grad, in_place_to_a_smaller_shape,
            in_place_does_not_broadcast_its_target, float_into_integers, length_of_a_scalar, iteration_over_a_scalar,
            index_out_of_range, too_many_indices, index_of_a_scalar, ragged_list, ragged_depth, negative_size,
            arange_the_wrong_way, arange_without_step]


def program(function):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = encode(function())
    return {"kind": "program", "name": function.__name__, "python": inspect.getsource(function), "results": results}


def message(function):
    try:
        function()
    except Exception as error:
        return {"kind": "message", "name": function.__name__, "python": inspect.getsource(function), "throws": str(error),
                "raises": type(error).__name__}
    raise ValueError(f"{function.__name__} does not throw")


def make():
    write("autograd", [*family.rows.values(), *map(program, PROGRAMS), *map(message, MESSAGES)])
