"""Learning rates of StepLR, LinearLR and ReduceLROnPlateau over 200 steps, for two groups, in float64.

"lrs" has [lr of group 0, lr of group 1] before the first scheduler step and after each one. Metrics are shared: a case
names its series. Schedulers' state_dict() is without the keys that begin with "_".
"""

import math
from itertools import product

import torch
from torch.optim.lr_scheduler import LinearLR, ReduceLROnPlateau, StepLR

from golden import camel_keys, encode, inf, nan, thrown, warning, write

STEPS = 200
LRS = [0.1, 0.025]

noise = torch.rand(STEPS, generator=torch.Generator().manual_seed(5), dtype=torch.float64).tolist()
METRICS = {
    "falling": [math.exp(-i / 40) + 0.02 * noise[i] for i in range(STEPS)],
    "plateau": [1 / (1 + min(i, 30)) + 0.001 * noise[i] for i in range(STEPS)],
    "rising": [1 - math.exp(-i / 20) + 0.05 * noise[i] for i in range(STEPS)],
    "constant": [1.0] * STEPS,
    "barely falling": [1 - 5e-5 * i for i in range(STEPS)],
    "negative": [-math.log1p(i) + noise[i] for i in range(STEPS)],
    "with NaN": [nan if i % 7 == 3 or 60 <= i < 90 else math.exp(-i / 40) for i in range(STEPS)],
    "with infinities": [inf if i % 11 == 0 else -inf if i == 100 else 1 - i / 500 for i in range(STEPS)],
    "starts with NaN": [nan] * 20 + [0.5] * 20 + [nan] * 20 + [0.4] * (STEPS - 60),
}


def optimizer():
    weights = [torch.zeros(2, requires_grad=True) for _ in LRS]
    return torch.optim.SGD([{"params": [w], "lr": lr} for w, lr in zip(weights, LRS)], lr=1.0)


def public(state):
    return encode({key: value for key, value in state.items() if not key.startswith("_")})


def lrs(opt):
    return [group["lr"] for group in opt.param_groups]


def case(scheduler_class, options, metric=None, by_hand=None, resume=None, steps=STEPS):
    """by_hand: {step: lrs} put into the groups before that scheduler step. resume: continue from state_dicts there."""
    opt = optimizer()
    scheduler = scheduler_class(opt, **options)
    name = f"{scheduler_class.__name__} " + " ".join(f"{key}={value}" for key, value in options.items())
    case = {"scheduler": scheduler_class.__name__, "name": name.strip(), "lr": LRS, "options": encode(camel_keys(options))}
    if metric:
        case |= {"metric": metric, "name": f"{name} on {metric}"}
    if by_hand:
        case |= {"byHand": encode(by_hand), "name": f"{case['name']} with lr changed by hand"}

    seen = [lrs(opt)]
    for step in range(steps):
        if step == resume:
            saved, group_state = scheduler.state_dict(), opt.state_dict()
            case |= {"name": f"{case['name']} resumed at {step}"}
            case["resume"] = {"step": step, "stateDict": public(saved), "optimizer": encode(group_state),
                              "lastLr": scheduler.get_last_lr()}
            opt = optimizer()
            scheduler = scheduler_class(opt, **options)
            opt.load_state_dict(group_state)
            scheduler.load_state_dict(saved)
        for group, lr in zip(opt.param_groups, (by_hand or {}).get(step, lrs(opt))):
            group["lr"] = lr
        opt.step()
        scheduler.step(*([METRICS[metric][step]] if metric else []))
        seen.append(lrs(opt))
    return case | {"lrs": seen, "lastLr": scheduler.get_last_lr(), "stateDict": public(scheduler.state_dict()),
                   "paramGroups": encode(opt.state_dict()["param_groups"])}


BY_HAND = {50: [0.3, 0.07], 120: [1e-3, 2.0]}

STEP = [{"step_size": 30}, {"step_size": 30, "gamma": 0.5}, {"step_size": 1, "gamma": 0.97}, {"step_size": 7, "gamma": 0.9},
        {"step_size": 250}, {"step_size": 10, "gamma": 1.1}, {"step_size": 20, "gamma": 0}]
LINEAR = [{}, {"start_factor": 0.5, "total_iters": 4}, {"start_factor": 0.1, "end_factor": 0.9, "total_iters": 50},
          {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 100}, {"start_factor": 1e-3, "total_iters": 150},
          {"start_factor": 1.0, "end_factor": 0.01, "total_iters": 300}, {"total_iters": 1}, {"total_iters": 0}]
PLATEAU = [  # options, the series they are tried on
    ({}, METRICS),
    ({"mode": "max"}, METRICS),
    ({"patience": 3, "factor": 0.5}, METRICS),
    ({"patience": 0, "factor": 0.9}, ["falling", "plateau", "with NaN"]),
    ({"patience": 2, "cooldown": 5, "factor": 0.5}, ["plateau", "falling", "with NaN"]),
    ({"mode": "max", "patience": 2, "cooldown": 3, "factor": 0.7}, ["rising", "plateau", "negative"]),
    ({"patience": 2, "min_lr": 0.001}, ["plateau", "constant"]),
    ({"patience": 2, "min_lr": [0.01, 0.0001]}, ["plateau", "constant"]),
    ({"patience": 2, "min_lr": [0.2, 0.0001]}, ["constant"]),
    ({"patience": 1, "eps": 1e-3}, ["constant"]),
    ({"patience": 1, "eps": 0, "factor": 0.2}, ["constant"]),
    ({"patience": 1}, ["constant"]),
    *[({"mode": mode, "threshold": threshold, "threshold_mode": how, "patience": 4, "factor": 0.5},
       ["falling", "barely falling", "rising", "negative"])
      for mode, threshold, how in product(["min", "max"], [1e-4, 0.05], ["rel", "abs"])],
]


def errors():
    rows = [(LinearLR, {"start_factor": 0}), (LinearLR, {"start_factor": 1.5}), (LinearLR, {"end_factor": 1.5}),
            (LinearLR, {"end_factor": -0.1}), (ReduceLROnPlateau, {"factor": 1}), (ReduceLROnPlateau, {"factor": 1.5}),
            (ReduceLROnPlateau, {"mode": "down"}), (ReduceLROnPlateau, {"threshold_mode": "ratio"}),
            (ReduceLROnPlateau, {"min_lr": [0.1]}), (ReduceLROnPlateau, {"min_lr": [0.1, 0.1, 0.1]}),
            (StepLR, {"step_size": 3, "last_epoch": 5})]
    for kind, options in rows:
        yield {"scheduler": kind.__name__, "name": f"{kind.__name__} {options}", "lr": LRS,
               "options": encode(camel_keys(options))} | thrown(lambda: kind(optimizer(), **options))


def before_the_optimizer():
    """scheduler.step() without an optimizer.step() before it."""
    for kind, options in [(StepLR, {"step_size": 3}), (LinearLR, {})]:
        scheduler = kind(optimizer(), **options)
        yield {"scheduler": kind.__name__, "name": f"{kind.__name__}.step() before optimizer.step()", "lr": LRS,
               "options": camel_keys(options)} | warning(scheduler.step)


def make():
    cases = []
    for kind, table in [(StepLR, STEP), (LinearLR, LINEAR)]:
        cases += [case(kind, options) for options in table]
        cases += [case(kind, options, by_hand=BY_HAND) for options in table]
        cases += [case(kind, options, resume=step) for options in table[:3] for step in [1, 35]]
        cases += [case(kind, options, steps=5) | {"name": f"{kind.__name__} {options} after 5 steps"} for options in table[:2]]
    cases += [case(ReduceLROnPlateau, options, metric) for options, series in PLATEAU for metric in series]
    for options, series in PLATEAU[2:6]:
        cases.append(case(ReduceLROnPlateau, options, next(iter(series)), by_hand=BY_HAND))
        cases += [case(ReduceLROnPlateau, options, list(series)[1], resume=step) for step in [10, 100]]
    write("schedulers", [*cases, *errors(), *before_the_optimizer()], metrics=METRICS)
