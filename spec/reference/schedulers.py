"""Learning rates of every scheduler over 200 steps, for two groups, in float64.

"lrs" has [lr of group 0, lr of group 1] before the first scheduler step and after each one, "momenta" the same where momentum
is cycled. Metrics are shared: a case names its series. Functions are named too; the spec has the same ones, see FUNCTIONS.
Schedulers' state_dict() is without the keys that begin with "_", but for those that a scheduler cannot continue without: each
resumed case is resumed here with just these. "pytorch" is the whole of it.
"""

import math
import warnings
from itertools import product

import torch
from torch.optim.lr_scheduler import (
    ChainedScheduler, ConstantLR, CosineAnnealingLR, CosineAnnealingWarmRestarts, CyclicLR, ExponentialLR, LambdaLR, LinearLR,
    MultiplicativeLR, MultiStepLR, OneCycleLR, PolynomialLR, ReduceLROnPlateau, SequentialLR, StepLR)
from torch.optim.swa_utils import SWALR

from golden import camel_keys, encode, inf, nan, thrown, warning, write

STEPS = 200
LRS = [0.1, 0.025]
PRIVATE = {"_schedulers", "_milestones", "_schedule_phases", "_anneal_func_type", "_anneal_strategy", "_scale_fn_custom"}

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
FUNCTIONS = {
    "decay": lambda epoch: 0.95**epoch,
    "inverse": lambda epoch: 1 / (1 + epoch),
    "stairs": lambda epoch: 0.5 ** (epoch // 30),
    "factor": lambda epoch: 0.97 + 0.001 * (epoch % 5),
    "nine tenths": lambda epoch: 0.9,
}


def optimizer(rule="SGD"):
    weights = [torch.zeros(2, requires_grad=True) for _ in LRS]
    return getattr(torch.optim, rule)([{"params": [w], "lr": lr} for w, lr in zip(weights, LRS)], lr=1.0)


def build(kind, options, opt, **more):
    """The scheduler; names of functions and rows of schedulers among the options become what they name."""
    called = lambda value: [FUNCTIONS[item] for item in value] if isinstance(value, list) else FUNCTIONS[value]
    made = {key: called(value) for key, value in options.items() if key in ("lr_lambda", "scale_fn")}
    if "schedulers" in options:
        made["schedulers"] = [build(*row, opt) for row in options["schedulers"]]
    return kind(**options | made | more) if kind is ChainedScheduler else kind(opt, **options | made | more)


def described(kind, options):
    """What the spec builds the same scheduler from."""
    rows = {"schedulers": [described(*row) for row in options["schedulers"]]} if "schedulers" in options else {}
    return {"scheduler": kind.__name__, "options": encode(camel_keys(options | rows))}


def title(kind, options):
    rows = {}
    if "schedulers" in options:
        rows["schedulers"] = f"[{', '.join(title(*row) for row in options['schedulers'])}]"
    return f"{kind.__name__} {' '.join(f'{key}={value}' for key, value in (options | rows).items())}".strip()


def kept(state):
    """The part of a state dict that ours has."""
    steps = {"_step_count"} if "anneal_epochs" in state else set()
    state = {key: value for key, value in state.items() if not key.startswith("_") or key in PRIVATE | steps}
    return state | {key: [kept(own) for own in state[key]] for key in ["_schedulers"] if key in state}


def lrs(opt):
    return [group["lr"] for group in opt.param_groups]


def momenta(opt):
    return [group["betas"][0] if "betas" in group else group.get("momentum") for group in opt.param_groups]


def case(kind, options, metric=None, by_hand=None, resume=None, restart=None, epochs=None, rule="SGD", steps=STEPS):
    """by_hand: {step: lrs} put into the groups before that scheduler step. resume: continue from state_dicts there. restart:
    continue there by last_epoch. epochs: what step() is given, if anything, in the place of `steps` calls without."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        return run(kind, options, metric, by_hand or {}, resume, restart, epochs or [None] * steps, rule) | {
            "warnings": sum("before `optimizer.step()`" in str(each.message) for each in warned)}


def run(kind, options, metric, by_hand, resume, restart, epochs, rule):
    opt = optimizer(rule)
    scheduler = build(kind, options, opt)
    cycles = options.get("cycle_momentum", kind in (CyclicLR, OneCycleLR))
    case = {**described(kind, options), "name": title(kind, options), "lr": LRS, "optimizer": rule}
    note = lambda text: case.update(name=f"{case['name']} {text}")
    if rule != "SGD":
        note(f"of {rule}")
    if metric:
        case |= {"metric": metric}
        note(f"on {metric}")
    if by_hand:
        case |= {"byHand": encode(by_hand)}
        note("with lr changed by hand")
    if any(epoch is not None for epoch in epochs):
        case |= {"epochs": epochs}
        note(f"to {len(epochs)} epochs from {epochs[:4]}")

    seen, moments = [lrs(opt)], [momenta(opt)]
    for step, epoch in enumerate(epochs):
        if step == resume:
            saved, group_state = scheduler.state_dict(), opt.state_dict()
            note(f"resumed at {step}")
            case["resume"] = {"step": step, "stateDict": encode(kept(saved)), "pytorch": encode(saved),
                              "optimizer": encode(group_state["param_groups"]), "lastLr": scheduler.get_last_lr()}
            opt = optimizer(rule)
            scheduler = build(kind, options, opt)
            opt.load_state_dict(group_state)
            scheduler.load_state_dict(kept(saved))
        if step == restart:
            note(f"restarted at {step}")
            case["restart"] = {"step": step, "lastEpoch": scheduler.last_epoch - 1}
            group_state, opt = opt.state_dict(), optimizer(rule)
            opt.load_state_dict(group_state)
            scheduler = build(kind, options, opt, last_epoch=scheduler.last_epoch - 1)
        for group, lr in zip(opt.param_groups, by_hand.get(step, lrs(opt))):
            group["lr"] = lr
        opt.step()
        scheduler.step(*([METRICS[metric][step]] if metric else [] if epoch is None else [epoch]))
        seen.append(lrs(opt))
        moments.append(momenta(opt))
    return case | {"lrs": seen, "lastLr": scheduler.get_last_lr(), "stateDict": encode(kept(scheduler.state_dict())),
                   "paramGroups": encode(opt.state_dict()["param_groups"])} | ({"momenta": moments} if cycles else {})


BY_HAND = {50: [0.3, 0.07], 120: [1e-3, 2.0]}
EPOCHS = [None, None, 5, None, None, 40, 3, None, 0, None, 99, 100, 101, 7, 190, None, None]

STEP = [{"step_size": 30}, {"step_size": 30, "gamma": 0.5}, {"step_size": 1, "gamma": 0.97}, {"step_size": 7, "gamma": 0.9},
        {"step_size": 250}, {"step_size": 10, "gamma": 1.1}, {"step_size": 20, "gamma": 0}]
LINEAR = [{}, {"start_factor": 0.5, "total_iters": 4}, {"start_factor": 0.1, "end_factor": 0.9, "total_iters": 50},
          {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 100}, {"start_factor": 1e-3, "total_iters": 150},
          {"start_factor": 1.0, "end_factor": 0.01, "total_iters": 300}, {"total_iters": 1}, {"total_iters": 0}]
TABLES = [  # from here on, the first options of each are also tried by hand, to epochs, resumed and restarted
    (LambdaLR, [{"lr_lambda": "decay"}, {"lr_lambda": ["inverse", "stairs"]}]),
    (MultiplicativeLR, [{"lr_lambda": "nine tenths"}, {"lr_lambda": ["factor", "nine tenths"]}]),
    (MultiStepLR, [{"milestones": [30, 80]}, {"milestones": [80, 30, 30, 120, 30], "gamma": 0.5}, {"milestones": [0, 1, 2]},
                   {"milestones": []}]),
    (ConstantLR, [{}, {"factor": 0.5, "total_iters": 40}, {"factor": 1, "total_iters": 3}, {"total_iters": 0},
                  {"factor": 0, "total_iters": 300}]),
    (ExponentialLR, [{"gamma": 0.95}, {"gamma": 1.01}, {"gamma": 0}]),
    (PolynomialLR, [{}, {"total_iters": 50, "power": 0.9}, {"total_iters": 150, "power": 2}, {"total_iters": 300, "power": 3.5},
                    {"total_iters": 0}]),
    (CosineAnnealingLR, [{"T_max": 50}, {"T_max": 200, "eta_min": 1e-3}, {"T_max": 7, "eta_min": 0.03}, {"T_max": 1},
                         {"T_max": 300, "eta_min": 1e-10}]),
    (CosineAnnealingWarmRestarts, [{"T_0": 20}, {"T_0": 10, "T_mult": 2}, {"T_0": 1, "T_mult": 3, "eta_min": 1e-3},
                                   {"T_0": 7, "eta_min": 0.2}]),
    (CyclicLR, [{"base_lr": 1e-3, "max_lr": 0.1, "step_size_up": 20},
                {"base_lr": [1e-3, 0.01], "max_lr": [0.1, 0.2], "step_size_up": 10, "step_size_down": 35,
                 "mode": "triangular2"},
                {"base_lr": 1e-3, "max_lr": 0.1, "step_size_up": 15, "mode": "exp_range", "gamma": 0.99},
                {"base_lr": 1e-3, "max_lr": 0.1},
                {"base_lr": 1e-3, "max_lr": 0.1, "step_size_up": 12, "scale_fn": "inverse"},
                {"base_lr": 1e-3, "max_lr": 0.1, "step_size_up": 12, "scale_fn": "decay", "scale_mode": "iterations"},
                {"base_lr": 1e-3, "max_lr": 0.1, "step_size_up": 9, "cycle_momentum": False},
                {"base_lr": 1e-3, "max_lr": 0.1, "step_size_up": 9, "base_momentum": [0.5, 0.7], "max_momentum": 0.99}]),
    (OneCycleLR, [{"max_lr": 0.1, "total_steps": 200}, {"max_lr": [0.1, 1.5], "epochs": 20, "steps_per_epoch": 10},
                  {"max_lr": 0.1, "total_steps": 230, "anneal_strategy": "linear", "pct_start": 0.45},
                  {"max_lr": 0.1, "total_steps": 201, "three_phase": True, "pct_start": 0.4, "div_factor": 10},
                  {"max_lr": 0.1, "total_steps": 200, "three_phase": True, "anneal_strategy": "linear",
                   "final_div_factor": 100},
                  {"max_lr": 0.1, "total_steps": 200, "cycle_momentum": False, "pct_start": 0.0},
                  {"max_lr": 0.1, "total_steps": 200, "base_momentum": [0.6, 0.7], "max_momentum": [0.9, 0.8]}]),
    (SWALR, [{"swa_lr": 0.05}, {"swa_lr": [0.5, 0.001], "anneal_epochs": 60, "anneal_strategy": "linear"},
             {"swa_lr": 0.01, "anneal_epochs": 0}, {"swa_lr": 0.01, "anneal_epochs": 1}]),
    (SequentialLR, [
        {"schedulers": [(ConstantLR, {"factor": 0.1, "total_iters": 20}), (ExponentialLR, {"gamma": 0.9})], "milestones": [20]},
        {"schedulers": [(LinearLR, {"total_iters": 10}), (CosineAnnealingLR, {"T_max": 90}), (StepLR, {"step_size": 20})],
         "milestones": [10, 100]},
        {"schedulers": [(LinearLR, {}), (CosineAnnealingWarmRestarts, {"T_0": 15}), (PolynomialLR, {"total_iters": 30})],
         "milestones": [5, 60]},
        {"schedulers": [(ExponentialLR, {"gamma": 0.99}), (MultiStepLR, {"milestones": [10, 20]}),
                        (LambdaLR, {"lr_lambda": "decay"}), (MultiplicativeLR, {"lr_lambda": "nine tenths"}), (SWALR, {"swa_lr": 0.05})],
         "milestones": [40, 80, 120, 160]},
        {"schedulers": [(ConstantLR, {}), (ExponentialLR, {"gamma": 0.9})], "milestones": [0]},
        {"schedulers": [(StepLR, {"step_size": 20})], "milestones": []},
        {"schedulers": [(ChainedScheduler, {"schedulers": [(ExponentialLR, {"gamma": 0.99}), (LinearLR, {"total_iters": 10})]}),
                        (ConstantLR, {})], "milestones": [50]},
        {"schedulers": [(SequentialLR, {"schedulers": [(ConstantLR, {}), (ExponentialLR, {"gamma": 0.9})], "milestones": [20]}),
                        (StepLR, {"step_size": 10})], "milestones": [50]},
    ]),
    (ChainedScheduler, [
        {"schedulers": [(ConstantLR, {"factor": 0.1, "total_iters": 20}), (ExponentialLR, {"gamma": 0.9})]},
        {"schedulers": [(LinearLR, {"total_iters": 10}), (CosineAnnealingLR, {"T_max": 90}), (StepLR, {"step_size": 30})]},
        {"schedulers": [(MultiplicativeLR, {"lr_lambda": "nine tenths"}), (MultiStepLR, {"milestones": [9, 90]}),
                        (PolynomialLR, {"total_iters": 100})]},
        {"schedulers": [(SequentialLR, {"schedulers": [(LinearLR, {}), (StepLR, {"step_size": 9})], "milestones": [10]}),
                        (ExponentialLR, {"gamma": 0.99})]},
    ]),
]
COMPOSITE = (SequentialLR, ChainedScheduler)
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


def variations():
    """Every rule with the learning rates changed under way, jumps to an epoch, resumed and restarted."""
    for kind, table in TABLES:
        for options in table[:2]:
            yield case(kind, options, by_hand=BY_HAND, steps=130)
            yield case(kind, options, resume=35, steps=100)
            if kind not in COMPOSITE:
                yield case(kind, options, epochs=EPOCHS)
                yield case(kind, options, restart=21, steps=60)
        yield case(kind, table[0], resume=1, steps=30)
    for options in dict(TABLES)[CosineAnnealingWarmRestarts]:
        for epochs in [[i / 4 for i in range(240)], [0, 1, 2.5, None, 26, None, None, 12.75, None, 150.5, None, 3, None, None],
                       list(range(0, 120))]:
            yield case(CosineAnnealingWarmRestarts, options, epochs=epochs)
    yield case(CosineAnnealingWarmRestarts, {"T_0": 1, "T_mult": 3}, epochs=[120, 121, 122])
    for kind, table in TABLES:
        if kind in (CyclicLR, OneCycleLR):
            for options in table[:2]:
                yield case(kind, options, rule="Adam", steps=100)
            yield case(kind, table[1], rule="Adam", resume=35, steps=60)


def errors():
    nested = lambda *rows: {"schedulers": list(rows)}
    rows = [(LinearLR, {"start_factor": 0}), (LinearLR, {"start_factor": 1.5}), (LinearLR, {"end_factor": 1.5}),
            (LinearLR, {"end_factor": -0.1}), (ReduceLROnPlateau, {"factor": 1}), (ReduceLROnPlateau, {"factor": 1.5}),
            (ReduceLROnPlateau, {"mode": "down"}), (ReduceLROnPlateau, {"threshold_mode": "ratio"}),
            (ReduceLROnPlateau, {"min_lr": [0.1]}), (ReduceLROnPlateau, {"min_lr": [0.1, 0.1, 0.1]}),
            (StepLR, {"step_size": 3, "last_epoch": 5}), (ExponentialLR, {"gamma": 0.5, "last_epoch": 5}),
            (LambdaLR, {"lr_lambda": ["decay"]}), (MultiplicativeLR, {"lr_lambda": ["decay", "decay", "decay"]}),
            (ConstantLR, {"factor": 1.1}), (ConstantLR, {"factor": -0.1}),
            (CosineAnnealingWarmRestarts, {"T_0": 0}), (CosineAnnealingWarmRestarts, {"T_0": 1.5}),
            (CosineAnnealingWarmRestarts, {"T_0": 5, "T_mult": 0}), (CosineAnnealingWarmRestarts, {"T_0": 5, "T_mult": 1.5}),
            (CyclicLR, {"base_lr": 1e-5, "max_lr": 0, "mode": "CATS"}),
            (CyclicLR, {"base_lr": [1e-5], "max_lr": 1}), (CyclicLR, {"base_lr": 1e-5, "max_lr": [1, 1, 1]}),
            (CyclicLR, {"base_lr": 1e-5, "max_lr": 1, "base_momentum": [0.8]}),
            *((OneCycleLR, {"max_lr": 0.1} | options) for options in [
                {}, {"epochs": 3}, {"total_steps": 0}, {"total_steps": 1.5}, {"epochs": 0, "steps_per_epoch": 3},
                {"epochs": 3, "steps_per_epoch": -1}, {"max_lr": [0.1], "total_steps": 9},
                {"total_steps": 9, "pct_start": 1.1}, {"total_steps": 9, "pct_start": -0.1},
                {"total_steps": 9, "anneal_strategy": "CATS"}]),
            *((SWALR, {"swa_lr": 0.1} | options) for options in [
                {"swa_lr": [0.1]}, {"anneal_strategy": "foo"}, {"anneal_epochs": -1}, {"anneal_epochs": 1.5}]),
            (SequentialLR, nested() | {"milestones": []}),
            (SequentialLR, nested((StepLR, {"step_size": 3})) | {"milestones": [3]}),
            (SequentialLR, nested((StepLR, {"step_size": 3}), (ReduceLROnPlateau, {})) | {"milestones": [3]}),
            (ChainedScheduler, nested()), (ChainedScheduler, nested((StepLR, {"step_size": 3}), (ReduceLROnPlateau, {})))]
    rows = [*((*row, "SGD") for row in rows), (CyclicLR, {"base_lr": 0.1, "max_lr": 1}, "Adagrad"),
            (OneCycleLR, {"max_lr": 1, "total_steps": 9}, "Adagrad")]
    for kind, options, rule in rows:
        name = f"{title(kind, options)} of {rule}"
        yield {**described(kind, options), "name": name, "lr": LRS, "optimizer": rule} | thrown(
            lambda: build(kind, options, optimizer(rule)))


def before_the_optimizer():
    """scheduler.step() without an optimizer.step() before it."""
    for kind, options in [(StepLR, {"step_size": 3}), (LinearLR, {}), *((kind, table[0]) for kind, table in TABLES)]:
        if kind is CosineAnnealingWarmRestarts:
            continue  # does not warn
        scheduler = build(kind, options, optimizer())
        yield {**described(kind, options), "name": f"{kind.__name__}.step() before optimizer.step()", "lr": LRS,
               "optimizer": "SGD"} | warning(scheduler.step)


def make():
    cases = []
    for kind, table in [(StepLR, STEP), (LinearLR, LINEAR)]:
        cases += [case(kind, options) for options in table]
        cases += [case(kind, options, by_hand=BY_HAND) for options in table]
        cases += [case(kind, options, resume=step) for options in table[:3] for step in [1, 35]]
        cases += [case(kind, options, steps=5) | {"name": f"{kind.__name__} {options} after 5 steps"} for options in table[:2]]
        cases += [case(kind, options, epochs=EPOCHS) for options in table[:3]]
    cases += [case(kind, options) for kind, table in TABLES for options in table]
    cases += variations()
    cases += [case(ReduceLROnPlateau, options, metric) for options, series in PLATEAU for metric in series]
    for options, series in PLATEAU[2:6]:
        cases.append(case(ReduceLROnPlateau, options, next(iter(series)), by_hand=BY_HAND))
        cases += [case(ReduceLROnPlateau, options, list(series)[1], resume=step) for step in [10, 100]]
    write("schedulers", [*cases, *errors(), *before_the_optimizer()], metrics=METRICS)
