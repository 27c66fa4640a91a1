"""SGD and Adam: every option crossed, parameters after many steps, and the state they end in.

All cases share "init" (parameters of shapes [], [3], [2, 3]) and "grads" (one list per step). A case may have
  "groups"     parameter groups: positions into init, and the group's own options;
  "missing"    {step: [parameters without a gradient in that step]} (steps count from 1);
  "changes"    {step: {option: value}} set on every group before that step.
"out" has the parameters, one behind the other, after some steps in float32, "out64" after the last one in float64, and "drift" says
how far the two are apart in the end.
"""

from itertools import product

import torch

from golden import FLOAT, camel_keys, encode, thrown, warning, write

STEPS, SHOWN = 50, [1, 5, 50]
SHAPES = [[], [3], [2, 3]]

seeded = torch.Generator().manual_seed(2024)
INIT = [torch.randn(shape, generator=seeded) for shape in SHAPES]
GRADS = [[torch.randn(shape, generator=seeded) for shape in SHAPES] for _ in range(STEPS)]


def train(make, dtype, groups=None, missing={}, changes={}, init=INIT, grads=GRADS, steps=STEPS):
    """Run an optimizer; gives the parameters at the shown steps, and the optimizer."""
    params = [p.to(dtype, copy=True).requires_grad_() for p in init]
    chosen = params if groups is None else [{**group, "params": [params[i] for i in group["params"]]} for group in groups]
    optimizer = make(chosen)
    shown = {}
    for step in range(1, steps + 1):
        for i, p in enumerate(params):
            p.grad = None if i in missing.get(step, []) else grads[step - 1][i].to(dtype, copy=True)
        for group in optimizer.param_groups:
            group.update(changes.get(step, {}))
        optimizer.step()
        if step in [*SHOWN, steps]:
            shown[step] = flat(params)
    return shown, optimizer


def flat(params):
    return torch.cat([p.detach().flatten() for p in params])


def case(name, options, note="", groups=None, **how):
    make = lambda params: getattr(torch.optim, name)(params, **options)
    shown, optimizer = train(make, FLOAT, groups, **how)
    last = max(shown)
    last64 = train(make, torch.float64, groups, **how)[0][last]
    text = " ".join(f"{key}={value}" for key, value in options.items())
    case = {"optimizer": name, "name": f"{name} {text}" + (f" ({note})" if note else ""), "options": camel_keys(options)}
    if groups:
        case["groups"] = [camel_keys(group) for group in groups]
    case |= {key: encode({step: camel_keys(value) if key == "changes" else value for step, value in value.items()})
             for key, value in how.items() if key in ("missing", "changes")}
    drift = (shown[last].double() - last64).abs().max().item()
    return case | {"out": encode(shown), "out64": encode(last64), "drift": encode(drift), "stateDict": encode(optimizer.state_dict())}


def crossed(**choices):
    """Every combination; an option that is None is left to its default."""
    for values in product(*choices.values()):
        yield {key: value for key, value in zip(choices, values) if value is not None}


def sgd():
    for lr in [0.1, 0.01]:
        for options in crossed(momentum=[None, 0.9], dampening=[None, 0.1], weight_decay=[None, 0.01],
                               nesterov=[None, True], maximize=[None, True]):
            if "nesterov" not in options or ("momentum" in options and "dampening" not in options):
                yield case("SGD", {"lr": lr, **options})
    yield case("SGD", {})


def adam():
    for options in crossed(betas=[None, (0.8, 0.99)], eps=[None, 1e-4], weight_decay=[None, 0.01],
                           amsgrad=[None, True], maximize=[None, True], decoupled_weight_decay=[None, True]):
        if "decoupled_weight_decay" not in options or "weight_decay" in options:
            yield case("Adam", {"lr": 0.05, **options})
    yield case("Adam", {})
    yield case("Adam", {"lr": 0.05, "betas": (0.0, 0.999)}, note="beta1 0")
    yield case("Adam", {"lr": 0.05, "betas": (0.9, 0.0)}, note="beta2 0")
    yield case("Adam", {"lr": 0.05, "eps": 0}, note="eps 0")


MOMENTUM = {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01}
PLAIN = {"SGD": MOMENTUM, "Adam": {"lr": 0.05, "weight_decay": 0.01}}
MISSING = {1: [1], 2: [0], 3: [1, 2], 10: [0, 1, 2], 24: [2], 49: [2], 50: [0]}


def situations():
    for name, options in PLAIN.items():
        yield case(name, options, "no gradient now and then", missing=MISSING)
        yield case(name, options, "a parameter that never has a gradient", missing={s: [1] for s in range(1, STEPS + 1)})
        yield case(name, options, "lr changed at step 10", changes={10: {"lr": 0.002}})
        yield case(name, options, "weight_decay changed at step 3", changes={3: {"weight_decay": 0.1}})
        groups = [{"params": [0, 2]}, {"params": [1], "lr": 0.01, "weight_decay": 0.2}]
        yield case(name, options, "two groups", groups=groups)
        yield case(name, options, "two groups and missing gradients", groups=groups, missing=MISSING)
        groups = [{"params": [2], "lr": 0.2}, {"params": [0, 1], "maximize": True}]
        yield case(name, options, "groups in another order", groups=groups)
    yield case("Adam", {"lr": 0.05}, "betas changed at step 12", changes={12: {"betas": (0.5, 0.9)}})
    yield case("SGD", MOMENTUM, "momentum changed at step 12", changes={12: {"momentum": 0.5}})
    yield case("SGD", {"lr": 0.1}, "momentum from step 5", changes={5: {"momentum": 0.9}})
    yield case("Adam", {"lr": 0.05, "amsgrad": True}, "no gradient now and then", missing=MISSING)
    yield case("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}, "no gradient now and then", missing=MISSING)


def extremes():
    """Gradients that are zero, huge, tiny or not finite: init and grads of their own, 5 steps."""
    values = torch.tensor([0.0, 1e-12, 1e20, -1e20, 1e-30])
    for name, options in [*PLAIN.items(), ("Adam", {"lr": 0.05, "amsgrad": True})]:
        for note, grad in [("extreme gradients", values), ("not finite", torch.tensor([torch.nan, torch.inf, -torch.inf, 1.0, 0.0]))]:
            own = {"init": [torch.ones(5)], "grads": [[grad]] * 5}
            shown = case(name, options, note, steps=5, **own)
            yield shown | {"init": encode(own["init"]), "grads": encode(own["grads"])}


def resumed():
    """10 steps, state_dict, a new optimizer that loads it (its own options are overwritten), and on to the end."""
    for name, options in [*PLAIN.items(), ("Adam", {"lr": 0.05, "amsgrad": True}), ("SGD", {"lr": 0.1})]:
        make = lambda params: getattr(torch.optim, name)(params, **options)
        params = [p.clone().requires_grad_() for p in INIT]
        optimizer = make(params)
        for step in range(STEPS):
            if step == 10:
                saved, at = encode(optimizer.state_dict()), encode([p.clone() for p in params])
                other = getattr(torch.optim, name)(params, lr=123)
                other.load_state_dict(optimizer.state_dict())
                optimizer = other
            for p, g in zip(params, GRADS[step]):
                p.grad = g.clone()
            optimizer.step()
        yield {"optimizer": name, "name": f"{name} {options} resumed after step 10", "options": camel_keys(options),
               "resume": {"step": 10, "params": at, "stateDict": saved},
               "out": {STEPS: encode(flat(params))}, "stateDict": encode(optimizer.state_dict())}


def added_group():
    """add_param_group after step 5."""
    for name, options in PLAIN.items():
        params = [p.clone().requires_grad_() for p in INIT]
        optimizer = getattr(torch.optim, name)(params[:2], **options)
        for step in range(STEPS):
            if step == 5:
                optimizer.add_param_group({"params": [params[2]], "lr": 0.02})
            for p, g in zip(params, GRADS[step]):
                p.grad = g.clone()
            optimizer.step()
        yield {"optimizer": name, "name": f"{name} a group added after step 5", "options": camel_keys(options),
               "groups": [{"params": [0, 1]}], "addGroup": {"5": {"params": [2], "lr": 0.02}},
               "out": {STEPS: encode(flat(params))}, "stateDict": encode(optimizer.state_dict())}


def fresh_state_dicts():
    """state_dict() before the first step: no state, and every option with its default, in PyTorch's order."""
    for name in PLAIN:
        optimizer = getattr(torch.optim, name)([p.clone().requires_grad_() for p in INIT])
        yield {"optimizer": name, "name": f"{name} before the first step", "options": {}, "out": {},
               "stateDict": encode(optimizer.state_dict())}


def errors():
    one = lambda: [torch.zeros(2, requires_grad=True)]
    rows = [("SGD", options) for options in [{"lr": -0.1}, {"momentum": -0.9}, {"weight_decay": -0.01}, {"nesterov": True},
                                             {"nesterov": True, "momentum": 0.9, "dampening": 0.1}]]
    rows += [("Adam", options) for options in [{"lr": -0.1}, {"eps": -1e-8}, {"betas": (1.0, 0.999)}, {"betas": (-0.1, 0.999)},
                                               {"betas": (0.9, 1.0)}, {"betas": (0.9, -0.5)}, {"weight_decay": -0.01}]]
    for name, options in rows:
        yield {"optimizer": name, "name": f"{name} {options}", "options": encode(camel_keys(options))} | thrown(
            lambda: getattr(torch.optim, name)(one(), **options))

    p, q = one()[0], one()[0]
    wrong = {
        "no parameters": lambda: [],
        "the same parameter in two groups": lambda: [{"params": [p]}, {"params": [p]}],
        "a tensor instead of a list": lambda: p,
        "not a tensor": lambda: [p, 3],
        "a tensor that is not a leaf": lambda: [p * 2],
        "a group without params": lambda: [{"lr": 0.1}],
        "a parameter among groups": lambda: [{"params": [p]}, q],
    }
    warned = {
        "a group without parameters": lambda: [{"params": []}],
        "the same parameter twice in a group": lambda: [{"params": [p, p]}],
        "the same parameter twice": lambda: [p, p],
    }
    for name in PLAIN:
        for what, params in wrong.items():
            yield {"optimizer": name, "name": f"{name}: {what}", "wrong": what} | thrown(
                lambda: getattr(torch.optim, name)(params()))
        for what, params in warned.items():
            yield {"optimizer": name, "name": f"{name}: {what}", "wrong": what} | warning(
                lambda: getattr(torch.optim, name)(params()))

    for name in PLAIN:
        for what, wrong_state in {
            "load_state_dict with another number of groups": lambda s: {**s, "param_groups": s["param_groups"] * 2},
            "load_state_dict with another number of parameters":
                lambda s: {**s, "param_groups": [{**s["param_groups"][0], "params": [0, 1]}]},
        }.items():
            optimizer = getattr(torch.optim, name)(one())
            yield {"optimizer": name, "name": f"{name}: {what}", "wrong": what} | thrown(
                lambda: optimizer.load_state_dict(wrong_state(optimizer.state_dict())))


def make():
    cases = [*sgd(), *adam(), *situations(), *extremes(), *resumed(), *added_group(), *fresh_state_dicts(), *errors()]
    write("optim", cases, init=INIT, grads=GRADS)
