"""Every optimizer but LBFGS: every option crossed, the configurations of PyTorch's own tests, and many steps.

All cases share "init" (parameters of shapes [], [5], [3, 4], [2, 3, 2]) and "grads" (one list per step), of which "missing" says
which are not there; Muon has only the matrices "matrices" and "matrixGrads". The keys are those of optim.py; "out" has all
parameters, one behind the other, after 1, 10 and 60 steps in float32, "out64" after 60 in float64, "drift" the largest distance
between the two; Muon, which rounds to bfloat16 in between, does not in float64. "sizes" are factors of the gradients, one step's
after the other's. What has "error" is refused. An option {"tensor": x} is a tensor. "resume" is PyTorch's state after step 20, from
where the rest follows.
"""

from itertools import product as combinations
from unittest import mock

import torch
from torch.testing._internal.common_optimizers import optim_db

from golden import FLOAT, camel, camel_keys, encode, encode_bytes, first_line, write
from lion import Lion

STEPS, SHOWN = 60, [1, 10, 60]
SHAPES = [[], [5], [3, 4], [2, 3, 2]]
MATRICES = [[3, 4], [6, 2], [4, 4]]

seeded = torch.Generator().manual_seed(60)


def draw(shapes):
    return [torch.randn(shape, generator=seeded) for shape in shapes]


INIT, GRADS = draw(SHAPES), [draw(SHAPES) for _ in range(STEPS)]
MATRIX_INIT, MATRIX_GRADS = draw(MATRICES), [draw(MATRICES) for _ in range(STEPS)]


def optimizer_class(name):
    return Lion if name == "Lion" else getattr(torch.optim, name)


MISSING = {step: [3] for step in range(3, STEPS + 1, 3)}


def without_gradient(name, step):
    return MISSING.get(step, []) if name != "Muon" else []


def train(name, options, groups=None, changes={}, data=None, sizes=[1], dtype=FLOAT):
    """Run an optimizer; gives the parameters at the shown steps, and the optimizer."""
    init, grads = data or ((MATRIX_INIT, MATRIX_GRADS) if name == "Muon" else (INIT, GRADS))
    params = [p.to(dtype, copy=True).requires_grad_() for p in init]
    chosen = params if groups is None else [{**group, "params": [params[i] for i in group["params"]]} for group in groups]
    optimizer = optimizer_class(name)(chosen, **options)
    shown = {}
    for step in range(1, len(grads) + 1):
        for i, p in enumerate(params):
            size = sizes[step % len(sizes)]
            p.grad = None if i in without_gradient(name, step) else grads[step - 1][i].to(dtype) * size
        for group in optimizer.param_groups:
            group.update(changes.get(step, {}))
        optimizer.step()
        if step in SHOWN or step == len(grads):
            shown[step] = [p.detach().clone() for p in params]
        if step == 20:
            shown["half"] = ([p.detach().clone() for p in params], packed(optimizer.state_dict()))
    return shown, optimizer


def unrounded(grad, ns_coefficients, ns_steps, eps):
    """Muon's iteration as it is written, without PyTorch's rounding to bfloat16."""
    a, b, c = ns_coefficients
    tall = grad.shape[0] > grad.shape[1]
    x = grad.T if tall else grad
    x = x / x.norm().clamp(min=eps)
    for _ in range(ns_steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if tall else x


def exactly():
    """Runs in float64 have no such roundings."""
    return mock.patch("torch.optim._muon._zeropower_via_newtonschulz", unrounded)


def packed(value):
    """As encode, with tensors of some elements in base64: there are many."""
    if isinstance(value, torch.Tensor) and value.numel() > 4:
        value = value.detach()
        dtype = str(value.dtype).removeprefix("torch.")
        return {"shape": list(value.shape), "dtype": dtype, "base64": encode_bytes(value.contiguous().numpy())}
    if isinstance(value, dict):
        return {str(key): packed(item) for key, item in value.items()}
    return [packed(item) for item in value] if isinstance(value, (list, tuple)) else encode(value)


def encode_option(value):
    if isinstance(value, torch.Tensor):
        return {"tensor": value.tolist()}
    return [encode_option(item) for item in value] if isinstance(value, (list, tuple)) else encode(value)


def head(name, options, note=""):
    text = " ".join(f"{key}={value}" for key, value in options.items())
    encoded = {camel(key): encode_option(value) for key, value in options.items()}
    return {"optimizer": name, "name": f"{name} {text}".strip() + (f" ({note})" if note else ""), "options": encoded}


def case(name, options, note="", groups=None, changes={}, data=None, sizes=[1], resume=False):
    how = name, options, groups, changes, data, sizes
    shown, optimizer = train(*how)
    last = len(data[1]) if data else STEPS
    with exactly():
        last64 = train(*how, dtype=torch.float64)[0][last]
    drift = max((a.double() - b).abs().max().item() for a, b in zip(shown[last], last64))
    case = head(name, options, note)
    if groups:
        case["groups"] = [camel_keys(group) for group in groups]
    if changes:
        case["changes"] = encode({step: camel_keys(value) for step, value in changes.items()})
    if sizes != [1]:
        case["sizes"] = sizes
    if resume:
        params, state = shown["half"]
        case["resume"] = {"step": 20, "params": packed(params), "stateDict": state}
    flat = lambda params: packed(torch.cat([p.flatten() for p in params]))
    case |= {"out": {step: flat(shown[step]) for step in [*SHOWN, last] if step in shown}, "out64": flat(last64)}
    case["drift"] = encode(drift)
    if data:
        case |= {"init": packed(data[0]), "grads": packed(data[1])}
    state_dict = optimizer.state_dict()
    for group in state_dict["param_groups"]:
        group["lr"] = float(group["lr"])
    return case | {"repr": repr(optimizer), "stateDict": packed(state_dict)}


def crossed(base, **choices):
    """Every combination; an option that is None is left to its default."""
    for values in combinations(*choices.values()):
        yield base | {key: value for key, value in zip(choices, values) if value is not None}


BETAS = [None, (0.8, 0.99)]
DECAY, MAXIMIZE, EPS = [None, 0.05], [None, True], [None, 1e-4]
TABLE = {
    "SGD": [*crossed({"lr": 0.05}, momentum=[None, 0.8], dampening=[None, 0.2], weight_decay=DECAY, maximize=MAXIMIZE),
            *crossed({"lr": 0.05, "momentum": 0.8, "nesterov": True}, weight_decay=DECAY, maximize=MAXIMIZE)],
    "Adam": [*crossed({"lr": 0.02}, betas=BETAS, amsgrad=[None, True], weight_decay=DECAY, maximize=MAXIMIZE)],
    "AdamW": [*crossed({"lr": 0.02}, betas=BETAS, amsgrad=[None, True], weight_decay=[None, 0, 0.3], eps=EPS, maximize=MAXIMIZE)],
    "Adamax": [*crossed({"lr": 0.02}, betas=[*BETAS, (0.0, 0.9)], eps=EPS, weight_decay=DECAY, maximize=MAXIMIZE)],
    "NAdam": [*crossed({"lr": 0.02}, betas=BETAS, eps=EPS, weight_decay=DECAY, momentum_decay=[None, 0.1], maximize=MAXIMIZE),
              *crossed({"lr": 0.02, "weight_decay": 0.3, "decoupled_weight_decay": True}, betas=BETAS, maximize=MAXIMIZE)],
    "RAdam": [*crossed({"lr": 0.02}, betas=[*BETAS, (0.9, 0.5)], eps=EPS, weight_decay=DECAY, maximize=MAXIMIZE),
              *crossed({"lr": 0.02, "weight_decay": 0.3, "decoupled_weight_decay": True}, betas=BETAS, maximize=MAXIMIZE)],
    "RMSprop": [*crossed({"lr": 0.02}, alpha=[None, 0.9], eps=EPS, momentum=[None, 0.8], centered=[None, True],
                         weight_decay=DECAY, maximize=MAXIMIZE), {"lr": 0.02, "alpha": 0.0}],
    "Rprop": [*crossed({}, lr=[None, 0.1], etas=[None, (0.4, 1.5)], step_sizes=[None, (1e-3, 0.2)], maximize=MAXIMIZE)],
    "Adagrad": [*crossed({"lr": 0.1}, lr_decay=[None, 0.1], initial_accumulator_value=[None, 0.5], eps=EPS, weight_decay=DECAY,
                         maximize=MAXIMIZE)],
    "Adadelta": [*crossed({}, lr=[None, 0.5], rho=[None, 0.99, 0.999], eps=EPS, weight_decay=DECAY, maximize=MAXIMIZE), {"rho": 1.0}],
    "ASGD": [*crossed({"lr": 0.05}, lambd=[None, 0.01], alpha=[None, 0.5], t0=[None, 5], weight_decay=DECAY, maximize=MAXIMIZE)],
    "Adafactor": [*crossed({}, lr=[None, 0.1], beta2_decay=[None, -0.5], eps=[None, (1e-3, 0.1)], d=[None, 1.5],
                           weight_decay=DECAY, maximize=MAXIMIZE)],
    "Muon": [*crossed({"lr": 0.02}, weight_decay=[None, 0], momentum=[None, 0.5, 0.3], nesterov=[None, False],
                      adjust_lr_fn=[None, "match_rms_adamw"]),
             {"ns_steps": 3, "ns_coefficients": (3.0, -4.0, 2.0)}, {"eps": 10.0}],
    "Lion": [*crossed({"lr": 0.01}, betas=BETAS, weight_decay=[None, 0.3], maximize=MAXIMIZE)],
    "SparseAdam": [],
    "LBFGS": [],
}
RESUMED = {
    "SGD": [{"lr": 0.05, "momentum": 0.8}],
    "AdamW": [{"lr": 0.02}, {"lr": 0.02, "amsgrad": True}],
    "Adamax": [{"lr": 0.02}],
    "NAdam": [{"lr": 0.02}],
    "RAdam": [{"lr": 0.02}],
    "RMSprop": [{"lr": 0.02}, {"lr": 0.02, "momentum": 0.8, "centered": True}],
    "Rprop": [{"lr": 0.02}],
    "Adagrad": [{"lr": 0.1, "lr_decay": 0.1}],
    "Adadelta": [{"rho": 0.999}],
    "ASGD": [{"lr": 0.05, "t0": 5}],
    "Adafactor": [{"lr": 0.1}],
    "Muon": [{"lr": 0.02}],
    "Lion": [{"lr": 0.01}],
}
MIDWAY = {
    "AdamW": {"betas": (0.5, 0.9)}, "NAdam": {"betas": (0.5, 0.9)}, "RAdam": {"betas": (0.5, 0.9)}, "Adadelta": {"rho": 0.5},
    "Adam": {"betas": (0.5, 0.9)}, "SGD": {"momentum": 0.8, "nesterov": True, "dampening": 0.2}, "Lion": {"weight_decay": 0.3},
    "ASGD": {"lr": 0.2}, "Adafactor": {"d": 2.0},
}


def situations():
    for name, [options, *_] in RESUMED.items():
        groups = [{"params": [2, 0], "lr": 0.004, "name": "some", "lr_scale": 0.5}, {"params": [1], "lr": 0.1}]
        if name != "Muon":
            groups[1]["params"].append(3)
        yield case(name, options, "two groups", groups=groups)
        yield case(name, options, "lr changed at step 20", changes={20: {"lr": 0.003}})
    for name, change in MIDWAY.items():
        yield case(name, {}, f"changed at step 30: {change}", changes={30: change})
        yield case(name, {}, f"resumed, and changed at once: {change}", changes={21: change}, resume=True)
    yield case("Adam", {"lr": 0.5}, "resumed, and beta2 raised at once", changes={21: {"betas": (0.9, 0.9999)}}, resume=True)
    for name, [options, *_] in [*RESUMED.items(), ("Adafactor", [{"beta2_decay": 0.0}]), ("Adafactor", [{"beta2_decay": -0.1}])]:
        yield case(name, options, "gradients of changing sizes", sizes=[8, 2**-7, 1])
    for name in [key for key in TABLE if key not in ("LBFGS", "Muon", "SparseAdam")]:
        # A gradient of zeros is not the same as none.
        yield case(name, {}, "defaults")


def extremes():
    """Gradients that are zero, tiny, huge or not finite, seven times over."""
    finite = torch.tensor([0.0, 1e-12, 1e18, -1e18, 1e-30, 1e4, -1e-5])
    not_finite = torch.tensor([torch.nan, torch.inf, -torch.inf, 1.0, 0.0])
    for name in RESUMED:
        if name != "Muon":
            yield case(name, {}, "extreme gradients", data=([torch.ones(7)], [[finite]] * 7))
            yield case(name, {}, "not finite", data=([torch.ones(5)], [[not_finite]] * 7))
    for size in [0.0, 1e-40, 1e-30, 1e18, 1e20, 1e38, torch.inf]:
        gradient = size * torch.tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])
        yield case("Muon", {}, f"gradients of size {size}", data=([torch.ones(2, 3)], [[gradient]] * 7))


def resumed():
    """PyTorch's state after step 20, loaded into an optimizer of other options."""
    for name, rows in RESUMED.items():
        for options in rows:
            yield case(name, options, "resumed from PyTorch's state", resume=True)


def of_pytorchs_tests():
    for info in optim_db:
        name = info.optim_cls.__name__
        if name in ("LBFGS", "SparseAdam"):
            continue
        for given in info.optim_inputs_func(device="cpu"):
            yield case(name, given.kwargs, f"PyTorch's tests: {given.desc}")


def errors():
    for info in optim_db:
        name = info.optim_cls.__name__
        for given in info.optim_error_inputs_func("cpu", FLOAT):
            options = given.optimizer_error_input
            if options.params is not None:
                continue
            params = [torch.zeros(2, 2, requires_grad=True)]
            try:
                info.optim_cls(params, **options.kwargs)
                raise SystemExit(f"{name} {options.desc}: no error")
            except (ValueError, RuntimeError, TypeError) as error:
                yield head(name, options.kwargs) | {"error": first_line(error), "raises": type(error).__name__}
    more = {
        "SGD": [{"lr": -1.0}, {"momentum": -0.5}, {"weight_decay": -0.5}, {"nesterov": True}, {"fused": True, "foreach": True},
                {"fused": True, "differentiable": True}],
        "Adam": [{"eps": -0.5}, {"fused": True, "foreach": True}],
        "AdamW": [{"lr": -0.5}, {"weight_decay": -0.5}, {"betas": (0.9, 1.5)}],
        "Adamax": [{"lr": -0.5}, {"eps": -0.5}, {"betas": (-0.5, 0.9)}, {"weight_decay": -0.5}],
        "NAdam": [{"lr": -0.5}, {"eps": -0.5}, {"betas": (0.9, 1.5)}, {"weight_decay": -0.5}],
        "RAdam": [{"lr": -0.5}, {"eps": -0.5}, {"betas": (0.9, 1.5)}],
        "RMSprop": [{"lr": -0.5}, {"eps": -0.5}, {"weight_decay": -0.5}, {"alpha": -0.5}],
        "Rprop": [{"lr": -0.5}, {"etas": (0.5, 0.9)}, {"etas": (-0.5, 1.2)}],
        "Adagrad": [{"lr": -0.5}, {"eps": -0.5}, {"weight_decay": -0.5}, {"initial_accumulator_value": -0.5}],
        "Adadelta": [{"lr": -0.5}, {"eps": -0.5}, {"weight_decay": -0.5}, {"rho": -0.5}],
        "ASGD": [{"lr": -0.5}],
        "Adafactor": [{"lr": -0.5}, {"eps": (None, -0.5)}, {"weight_decay": -0.5}],
        "LBFGS": [{"lr": -0.5}],
        "SparseAdam": [{"lr": -0.5}, {"eps": -0.5}, {"betas": (0.9, 1.5)}],
        "Muon": [{"lr": -0.5}, {"momentum": -0.5}, {"weight_decay": -0.5}, {"adjust_lr_fn": "arbitrary"}],
        "Lion": [{"lr": -0.5}, {"betas": (1.5, 0.9)}, {"betas": (0.9, 1.5)}],
    }
    for name, rows in more.items():
        for options in rows:
            try:
                optimizer_class(name)([torch.zeros(2, 2, requires_grad=True)], **options)
                raise SystemExit(f"{name} {options}: no error")
            except (ValueError, RuntimeError) as error:
                yield head(name, options) | {"error": first_line(error), "raises": type(error).__name__}


def make():
    cases = [case(name, options) for name, rows in TABLE.items() for options in rows]
    named = {}
    for row in [*cases, *situations(), *extremes(), *resumed(), *of_pytorchs_tests(), *errors()]:
        named.setdefault(row["name"], row)
    shared = {"init": INIT, "grads": GRADS, "missing": MISSING}
    write("optim_rules", list(named.values()), **shared, matrices=MATRIX_INIT, matrixGrads=MATRIX_GRADS)
