"""An optimizer of a program's own: SAM (Foret et al. 2020), which climbs before it asks for the gradient, around SGD."""

import torch

from golden import encode, write

STEPS = 20


class SAM(torch.optim.Optimizer):
    def __init__(self, params, base, rho=0.05, **options):
        super().__init__(params, dict(rho=rho, **options))
        self.base = base(self.param_groups, **options)
        self.param_groups = self.base.param_groups

    @torch.no_grad()
    def step(self, closure):
        closure = torch.enable_grad()(closure)
        loss = closure()
        params = [p for group in self.param_groups for p in group["params"]]
        norm = torch.stack([p.grad.norm() for p in params]).norm()
        for group in self.param_groups:
            for p in group["params"]:
                self.state[p]["old"] = p.clone()
                self.state[p]["climbs"] = self.state[p].get("climbs", 0) + 1
                p.add_(p.grad * (group["rho"] / (norm + 1e-12)))
        self.zero_grad()
        closure()
        for p in params:
            p.copy_(self.state[p]["old"])
        self.base.step()
        return loss


def make():
    drawn = torch.Generator().manual_seed(4)
    x, y = torch.randn(16, 3, generator=drawn), torch.randn(16, 2, generator=drawn)
    first = [torch.randn(3, 2, generator=drawn), torch.randn(2, generator=drawn)]
    weight, bias = params = [p.clone().requires_grad_() for p in first]
    groups = [{"params": [weight], "name": "weight"}, {"params": [bias], "rho": 0.2, "name": "bias"}]
    optimizer = SAM(groups, torch.optim.SGD, lr=0.1, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 5, 0.5)
    losses = []

    def closure():
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss((x @ weight + bias).tanh(), y)
        loss.backward()
        return loss

    for _ in range(STEPS):
        losses.append(optimizer.step(closure).item())
        scheduler.step()
    state = {str(key): encode(value) for key, value in optimizer.state_dict()["state"].items()}
    base = {str(key): encode(value) for key, value in optimizer.base.state_dict()["state"].items()}
    case = {"x": x, "y": y, "first": first, "losses": losses, "params": params}
    groups = [{key: value for key, value in group.items() if key in ("params", "rho", "name", "lr", "momentum", "initial_lr")}
              for group in optimizer.state_dict()["param_groups"]]
    write("optim_own", [encode(case) | {"name": "SAM", "state": state, "base": base, "groups": groups}])
