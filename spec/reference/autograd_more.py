"""More of autograd: several roots, hooks, in-place changes and functions of one's own; programs and messages as in autograd.py."""

import torch
from torch import autograd, tensor

from autograd import message, program
from golden import write


def several_roots():
    x = tensor([1.0, 2.0], requires_grad=True)
    autograd.backward([x.sum(), x * x], [None, tensor([1.0, 2.0])])
    return {"grad": x.grad}


def inputs_inside():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    (y * y).sum().backward(inputs=[y])
    return {"x": x.grad, "y": y.grad}


def after_accumulation():
    x, seen = tensor([1.0, 2.0], requires_grad=True), []
    handle = x.register_post_accumulate_grad_hook(lambda leaf: seen.append(leaf.grad.clone()))
    x.sum().backward()
    (x * 2).sum().backward()
    handle.remove()
    x.sum().backward()
    return {"first": seen[0], "second": seen[1], "noMore": len(seen) == 2, "grad": x.grad}


def retained_through_a_change():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 2
    y.retain_grad()
    y.mul_(3)
    y.sum().backward()
    return {"x": x.grad, "y": y.grad, "leaf": x.retains_grad, "inside": y.retains_grad, "other": (x * 2).retains_grad}


def data_assigned():
    x = tensor([1.0, 2.0], requires_grad=True)
    x.data = tensor([5.0, 6.0])
    (x * x).sum().backward()
    return {"x": x.detach(), "grad": x.grad}


class Doubled(autograd.Function):
    """Its backward gives what the test wants."""

    @staticmethod
    def forward(ctx, x, answer):
        ctx.answer = answer
        return x * 2

    @staticmethod
    def backward(ctx, grad):
        return ctx.answer(grad)


def doubled(answer):
    x = tensor([1.0, 2.0], requires_grad=True)
    Doubled.apply(x, answer).sum().backward()
    return x.grad


def gradients_that_fit():
    return {"extra": doubled(lambda grad: (grad, None, None)), "summed": doubled(lambda grad: (torch.ones(3, 2), None)),
            "none": doubled(lambda grad: (None, None))}


class Dirty(autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x.mul_(2)

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


def too_many_gradients():
    doubled(lambda grad: (grad, None, grad))


def too_small_a_gradient():
    doubled(lambda grad: (grad.sum(), None))


def gradient_of_another_shape():
    doubled(lambda grad: (torch.ones(3), None))


def gradient_of_no_tensor():
    doubled(lambda grad: (grad, grad))


def dirty_leaf():
    Dirty.apply(tensor([1.0], requires_grad=True))


def unused_yet_materialized():
    x = tensor([1.0], requires_grad=True)
    autograd.grad(x.sum(), x, materialize_grads=True, allow_unused=False)


def fewer_gradients_than_roots():
    x = tensor([1.0], requires_grad=True)
    autograd.backward([x.sum(), x * x], [None])


def hook_after_no_leaf():
    x = tensor([1.0], requires_grad=True)
    (x * 2).register_post_accumulate_grad_hook(lambda leaf: None)


def hook_after_no_gradient():
    tensor([1.0]).register_post_accumulate_grad_hook(lambda leaf: None)


def unrecorded_view_changed():
    x = tensor([1.0, 2.0], requires_grad=True)
    y = x * 1
    with torch.no_grad():
        view = y[0]
    view.mul_(2)


PROGRAMS = [several_roots, inputs_inside, after_accumulation, retained_through_a_change, data_assigned, gradients_that_fit]
MESSAGES = [too_many_gradients, too_small_a_gradient, gradient_of_another_shape, gradient_of_no_tensor, dirty_leaf,
            unused_yet_materialized, fewer_gradients_than_roots, hook_after_no_leaf, hook_after_no_gradient, unrecorded_view_changed]


def make():
    write("autograd_more", [*map(program, PROGRAMS), *map(message, MESSAGES)])
