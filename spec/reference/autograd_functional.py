"""torch.autograd.functional, torch.autograd.backward and hooks on leaves: results by name, and what is refused."""

import torch
from torch import tensor
from torch.autograd import functional as AF

from autograd import message, program
from golden import write

X, Y = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]], [0.3, -1.2, 0.9]


def xy():
    return tensor(X), tensor(Y)


def cubes(x):
    return (x**3).sum(1)


def mixed(x, y):
    return (x * y).sin().sum(1), (y.exp() * x[0]).sum()


def scalar(x, y):
    return (x.tanh() * y**2).sum() + (x[0] * y).prod()


def one(x):
    return (x**2).sin().sum()


def flat(results):
    """Nested tuples as names and tensors."""
    if isinstance(results, torch.Tensor):
        return {"": results}
    return {f"{i}{name}": x for i, part in enumerate(results) for name, x in flat(part).items()}


def jacobian_of_one():
    return flat(AF.jacobian(cubes, xy()[0]))


def jacobian_of_many():
    return flat(AF.jacobian(mixed, xy()))


def jacobian_of_a_list_of_one():
    return flat(AF.jacobian(cubes, (xy()[0],)))


def jacobian_vectorized():
    return flat(AF.jacobian(mixed, xy(), vectorize=True))


def jacobian_without_dependence():
    return flat(AF.jacobian(lambda x, y: x * 2, xy()))


def jacobian_differentiated():
    x = tensor(Y, requires_grad=True)
    jacobian = AF.jacobian(lambda z: z**3, x, create_graph=True)
    jacobian.square().sum().backward()
    return {"jacobian": jacobian.detach(), "grad": x.grad, "recorded": jacobian.requires_grad}


def hessian_of_one():
    return flat(AF.hessian(one, xy()[0]))


def hessian_of_many():
    return flat(AF.hessian(scalar, xy()))


def hessian_of_a_linear_function():
    return flat(AF.hessian(lambda x: (x * 2).sum(), tensor(Y)))


def hessian_differentiated():
    x = tensor(Y, requires_grad=True)
    hessian = AF.hessian(lambda z: (z**4).sum(), x, create_graph=True)
    hessian.sum().backward()
    return {"hessian": hessian.detach(), "grad": x.grad}


def vjp_of_one():
    return flat(AF.vjp(cubes, xy()[0], tensor([2.0, -1.0])))


def vjp_of_many():
    return flat(AF.vjp(mixed, xy(), (tensor([2.0, -1.0]), tensor(0.5))))


def vjp_without_v():
    return flat(AF.vjp(one, xy()[0]))


def jvp_of_one():
    return flat(AF.jvp(cubes, xy()[0], xy()[0] * 2))


def jvp_of_many():
    return flat(AF.jvp(mixed, xy(), (xy()[0] + 1, xy()[1] - 1)))


def jvp_without_v():
    return flat(AF.jvp(lambda x: torch.cat([x.sin(), x**2]), tensor([0.7])))


def vhp_of_many():
    return flat(AF.vhp(scalar, xy(), (xy()[0] + 1, xy()[1] - 1)))


def hvp_of_many():
    return flat(AF.hvp(scalar, xy(), (xy()[0] + 1, xy()[1] - 1)))


def hvp_of_one_element():
    return flat(AF.hvp(lambda x: x.exp().sum(), tensor([0.7])))


def hvp_differentiated():
    x = tensor(Y, requires_grad=True)
    product = AF.hvp(lambda z: (z**4).sum(), x, tensor([1.0, 2.0, 3.0]), create_graph=True)[1]
    product.sum().backward()
    return {"product": product.detach(), "grad": x.grad}


def captured_inputs_are_others():
    x = tensor(Y)
    return flat(AF.jacobian(lambda z: z * x, x))


def without_grad_mode():
    with torch.no_grad():
        return flat(AF.hessian(one, tensor(Y)))


def backward_from_many():
    x, y = tensor(X, requires_grad=True), tensor(Y, requires_grad=True)
    torch.autograd.backward([(x * y).sum(), x * 2], [None, tensor(X)])
    return {"x": x.grad, "y": y.grad}


def backward_into_some():
    x, y = tensor(X, requires_grad=True), tensor(Y, requires_grad=True)
    torch.autograd.backward((x * y).sum(), inputs=[y])
    return {"x": x.grad, "y": y.grad}


def post_accumulate_hook():
    x = tensor(Y, requires_grad=True)
    seen = []
    handle = x.register_post_accumulate_grad_hook(lambda p: seen.append(p.grad.clone()))
    (x**2).sum().backward()
    (x**3).sum().backward()
    handle.remove()
    x.sum().backward()
    return {"first": seen[0], "second": seen[1], "calls": tensor(len(seen), dtype=torch.int32), "grad": x.grad}


def retains_grad():
    x = tensor(Y, requires_grad=True)
    y = x * 2
    before = y.retains_grad
    y.retain_grad()
    return {"before": before, "after": y.retains_grad, "leaf": x.retains_grad}


def jacobian_of_nothing():
    AF.jacobian(lambda x: x[:0], tensor(Y))


def vjp_v_missing():
    AF.vjp(cubes, xy()[0])


def jvp_v_missing():
    AF.jvp(cubes, xy()[0])


def vhp_v_of_another_shape():
    AF.vhp(one, xy()[0], tensor(Y))


def hvp_v_too_many():
    AF.hvp(one, xy()[0], xy())


def vjp_v_too_few():
    AF.vjp(mixed, xy(), (tensor([2.0, -1.0]),))


def hessian_of_many_elements():
    AF.hessian(lambda x: x * x, tensor(Y))


def hessian_of_several_outputs():
    AF.hessian(lambda x: (x.sum(), x.sum()), tensor(Y))


def strict_without_dependence():
    AF.jacobian(lambda x, y: x * 2, xy(), strict=True)


def strict_constant():
    AF.jacobian(lambda x: tensor(1.0), tensor(Y), strict=True)


def strict_linear():
    AF.hessian(lambda x: (x * 2).sum(), tensor(Y), strict=True)


def strict_vhp():
    AF.vhp(lambda x: (x * 2).sum(), tensor(Y), tensor(Y), strict=True)


def strict_hvp():
    AF.hvp(lambda x, y: (x**2).sum() + y.sum(), xy(), xy(), strict=True)


def post_accumulate_hook_on_a_result():
    tensor(Y, requires_grad=True).mul(2).register_post_accumulate_grad_hook(lambda p: None)


def post_accumulate_hook_without_grad():
    tensor(Y).register_post_accumulate_grad_hook(lambda p: None)


PROGRAMS = [jacobian_of_one, jacobian_of_many, jacobian_of_a_list_of_one, jacobian_vectorized, jacobian_without_dependence,
            jacobian_differentiated, hessian_of_one, hessian_of_many, hessian_of_a_linear_function,
            hessian_differentiated, vjp_of_one, vjp_of_many, vjp_without_v, jvp_of_one, jvp_of_many, jvp_without_v,
            vhp_of_many, hvp_of_many, hvp_of_one_element, hvp_differentiated, captured_inputs_are_others, without_grad_mode,
            backward_from_many, backward_into_some, post_accumulate_hook, retains_grad]
MESSAGES = [jacobian_of_nothing, vjp_v_missing, jvp_v_missing, vhp_v_of_another_shape, hvp_v_too_many, vjp_v_too_few, hessian_of_many_elements,
            hessian_of_several_outputs, strict_without_dependence, strict_constant, strict_linear, strict_vhp, strict_hvp,
            post_accumulate_hook_on_a_result, post_accumulate_hook_without_grad]


def make():
    write("autograd_functional", [*map(program, PROGRAMS), *map(message, MESSAGES)])
