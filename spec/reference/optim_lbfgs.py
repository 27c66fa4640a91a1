"""LBFGS, with and without line search: losses, parameters and state over some steps of small problems.

"problem" names a function of the parameters "init", which the spec has too: see PROBLEMS. "losses" is what each step returned (the loss
at its start) and "evaluations" how often it called the closure; "out" the parameters in the end. "drift" says how far PyTorch's own
runs get from it, relatively, when the parameters are moved by a last bit; a run that such a bit leads elsewhere is cut before.
"resume" is the state dict after the second step, from where the rest follows.
"""

from itertools import product

import torch

from golden import FLOAT, camel_keys, encode, write


def rosenbrock(x):
    """The banana valley in four dimensions."""
    return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()


def quadratic(x, y):
    """Two parameters, badly scaled."""
    return (torch.tensor([1.0, 10.0, 100.0]) * x * x).sum() + ((y - 3) ** 2).sum() + (x[0] * y[1, 1])


def logistic(w, b):
    """Eight points in two classes, a little regularized."""
    x = torch.tensor([[0.5, 1.0], [1.5, -0.5], [-1.0, 0.5], [2.0, 1.0], [-0.5, -1.5], [0.0, 2.0], [-2.0, -0.5], [1.0, 0.25]])
    y = torch.tensor([1.0, 1, 0, 1, 0, 1, 0, 0])
    return torch.nn.functional.softplus(-(2 * y - 1) * (x @ w + b)).mean() + 0.05 * (w * w).sum()


PROBLEMS = {
    "rosenbrock": (rosenbrock, [[-1.2, 1.0, -0.5, 0.8]]),
    "quadratic": (quadratic, [[1.0, -2.0, 0.5], [[0.0, 1.0], [2.0, -1.0]]]),
    "logistic": (logistic, [[0.1, -0.2], [0.0]]),
}


def train(problem, options, steps, seed=None, loaded=None, params=None):
    function, init = PROBLEMS[problem]
    params = [torch.tensor(p) for p in init] if params is None else [p.clone() for p in params]
    if seed is not None:
        generator = torch.Generator().manual_seed(seed)
        params = [torch.nextafter(p, p + torch.randn(p.shape, generator=generator)) for p in params]
    for p in params:
        p.requires_grad_()
    optimizer = torch.optim.LBFGS(params, **options)
    run = {"losses": [], "evaluations": [], "params": []}
    for step in range(steps):
        calls = 0

        def closure():
            nonlocal calls
            calls += 1
            optimizer.zero_grad()
            loss = function(*params)
            loss.backward()
            return loss

        run["losses"].append(optimizer.step(closure).item())
        run["evaluations"].append(calls)
        run["params"].append([p.detach().clone() for p in params])
        if step == 1:
            run["half"] = encode(optimizer.state_dict())
    return run, optimizer


def apart(a, b):
    return max(((x - y).abs() / (1 + x.abs())).max().item() for x, y in zip(a, b))


def case(problem, options, steps):
    others = [train(problem, options, steps, seed)[0] for seed in range(10)]
    run, _ = train(problem, options, steps)
    same = lambda i: all(other["evaluations"][: i + 1] == run["evaluations"][: i + 1] for other in others)
    near = lambda i: max(apart(run["params"][i], other["params"][i]) for other in others)
    kept = next((i for i in range(steps) if not same(i) or near(i) > 1e-3), steps)
    if kept < 1:
        raise ValueError(f"LBFGS {problem} {options}: a last bit leads elsewhere at once")
    run, optimizer = train(problem, options, kept)
    text = " ".join(f"{key}={value}" for key, value in options.items())
    result = {"name": f"{problem} {text}".strip(), "problem": problem, "options": camel_keys(options), "init": PROBLEMS[problem][1]}
    result |= {key: encode(run[key]) for key in ("losses", "evaluations")}
    result |= {"out": encode(run["params"][-1]), "drift": near(kept - 1), "stateDict": encode(optimizer.state_dict())}
    if kept > 2:
        result["resume"] = {"params": encode(run["params"][1]), "stateDict": run["half"]}
    return result


def cases():
    for problem in PROBLEMS:
        for line_search_fn, lr, history_size in product([None, "strong_wolfe"], [None, 0.1], [None, 3]):
            options = {"lr": lr, "history_size": history_size, "line_search_fn": line_search_fn}
            if problem == "rosenbrock" and line_search_fn is None and lr is None:
                continue  # diverges
            given = {key: value for key, value in options.items() if value is not None}
            yield case(problem, given | {"max_iter": 6}, 5)
        # PyTorch's own tests.
        for options in [{}, {"lr": 0.01}, {"tolerance_grad": 1e-6}, {"line_search_fn": "strong_wolfe"}]:
            if problem != "rosenbrock" or options in ({"lr": 0.01}, {"line_search_fn": "strong_wolfe"}):
                yield case(problem, options, 3)
        yield case(problem, {"lr": 0.1, "max_iter": 10, "max_eval": 4}, 4)
        yield case(problem, {"line_search_fn": "strong_wolfe", "max_iter": 10, "max_eval": 7}, 4)
        yield case(problem, {"line_search_fn": "strong_wolfe", "tolerance_grad": 0.5}, 2)
        yield case(problem, {"lr": 0.05, "tolerance_change": 0.1}, 2)


def make():
    write("optim_lbfgs", list(cases()))
