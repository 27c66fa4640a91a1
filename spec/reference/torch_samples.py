"""Rows from the sample inputs that PyTorch tests itself with: op_db for functions, module_db for modules.

They are reduced to what Flambeau takes: no legacy arguments, no dtypes but float32, int64 and bool, no callables.
"""

import inspect
import warnings

import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

LEGACY = {"size_average", "reduce"}
MEANINGLESS = {"device", "dtype"}
SMALL = 600  # samples with a larger tensor are left out


def plain(value):
    """Whole floats as ints, leaves without their graph; refuses what is no JSON."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, torch.Tensor):
        if value.device.type != "cpu" or value.numel() > SMALL or value.dtype not in (torch.float32, torch.int64, torch.bool):
            raise TypeError
        return value.detach().clone()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError


def bound(callable, args, kwargs):
    """The required arguments, and the others by name; null ones are left out."""
    parameters = inspect.signature(callable).parameters
    given = inspect.signature(callable).bind(*args, **kwargs).arguments
    required = [given.pop(name) for name, p in parameters.items() if p.default is p.empty and name in given]
    given = {name: value for name, value in given.items() if value is not None and name not in MEANINGLESS}
    if LEGACY & given.keys():
        raise TypeError
    return required, given


def thinned(items, most):
    """At most so many, evenly chosen."""
    items = list(items)
    step = max(1, -(-len(items) // most))
    return items[::step]


def wants_grad(value):
    return isinstance(value, torch.Tensor) and value.requires_grad


def functions(family, fn, most=60):
    """The samples of torch.nn.functional.<fn>, and the calls that are to be refused."""
    op = next(op for op in op_db if op.name == f"nn.functional.{fn}")
    own = getattr(torch.nn.functional, fn)
    torch.manual_seed(0)
    for i, sample in enumerate(thinned(op.sample_inputs("cpu", torch.float32, requires_grad=True), most)):
        try:
            args, kwargs = bound(own, [sample.input, *sample.args], sample.kwargs)
            grads = [at for at, arg in enumerate(args) if wants_grad(arg)]
            options = [name for name, value in kwargs.items() if wants_grad(value)]
            args, kwargs = plain(args), {name: plain(value) for name, value in kwargs.items()}
        except TypeError:
            continue
        family.case(fn, *args, ns="nn.functional", note=f"op_db {i}", grad=grads, grad_options=options,
                    second=op.supports_gradgrad and bool(grads), **kwargs)
    for i, wrong in enumerate(op.error_inputs("cpu") if op.error_inputs_func else []):
        sample = wrong.sample_input
        try:
            args, kwargs = bound(own, [sample.input, *sample.args], sample.kwargs)
            args, kwargs = plain(args), {name: plain(value) for name, value in kwargs.items()}
        except TypeError:
            continue
        family.error(fn, *args, ns="nn.functional", note=f"op_db {i}", **kwargs)


def modules(family, name, most=30):
    """The samples of torch.nn.<name>."""
    module = next(module for module in module_db if module.name == f"nn.{name}")
    own = getattr(torch.nn, name)
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        samples = module.module_inputs_func(module, "cpu", torch.float32, True, True)
    for i, sample in enumerate(thinned(samples, most)):
        made, called = sample.constructor_input, sample.forward_input
        try:
            init, options = bound(own.__init__, [None, *made.args], made.kwargs)
            init = plain(init[1:]), {key: plain(value) for key, value in options.items()}
            args, kwargs = bound(own.forward, [None, *called.args], called.kwargs)
            args = args[1:]
            grads = [at for at, arg in enumerate(args) if wants_grad(arg)]
            family.case(name, *plain(args), ns="nn", note=f"module_db {i}", init=init, seed=0, grad=grads,
                        **{key: plain(value) for key, value in kwargs.items()})
        except TypeError:
            continue
