"""What is not in torch.nn, computed by PyTorch from its formula: focal loss of classes, GAN losses, and critics of a WGAN-GP."""

from itertools import product

import torch
import torch.nn as nn
import torch.nn.functional as F

import golden
from golden import Family, I, N, T, U, encode

family = Family("losses_adversarial")


def focal_loss(input, target, gamma=2, weight=None, ignore_index=-100, reduction="mean"):
    """Lin et al. 2017; the mean is that of the targets that count, by their weights."""
    entropy = F.cross_entropy(input, target, ignore_index=ignore_index, reduction="none")
    counted = target != ignore_index
    ones = torch.ones(input.shape[0 if input.dim() == 1 else 1], dtype=input.dtype)
    factor = (ones if weight is None else weight)[torch.where(counted, target, 0)] * counted
    losses = factor * (-torch.expm1(-entropy)) ** gamma * entropy
    return {"none": losses, "sum": losses.sum(), "mean": losses.sum() / factor.sum()}[reduction]


class FocalLoss(nn.Module):
    def __init__(self, gamma=2, weight=None, ignore_index=-100, reduction="mean"):
        super().__init__()
        self.options = {"gamma": gamma, "ignore_index": ignore_index, "reduction": reduction}
        self.register_buffer("weight", weight)

    def forward(self, input, target):
        return focal_loss(input, target, weight=self.weight, **self.options)


class GANLoss(nn.Module):
    def __init__(self, mode="vanilla", real_label=1, fake_label=0, reduction="mean"):
        super().__init__()
        self.mode, self.labels, self.reduction = mode, (float(fake_label), float(real_label)), reduction

    def forward(self, scores, is_real, for_discriminator=True):
        label = torch.full_like(scores, self.labels[is_real])
        signed = -scores if is_real else scores
        losses = {
            "vanilla": F.binary_cross_entropy_with_logits(scores, label, reduction="none"),
            "lsgan": F.mse_loss(scores, label, reduction="none"),
            "wgan": signed,
            "hinge": F.relu(1 + signed) if for_discriminator else signed,
        }[self.mode]
        return {"none": losses, "sum": losses.sum(), "mean": losses.mean()}[self.reduction]


golden.OWNERS["nn.functional"].focal_loss = focal_loss
nn.FocalLoss, nn.GANLoss = FocalLoss, GANLoss

WEIGHT = T([0.3, 1.5, 1.0, 0.7, 2.0])
for reduction, gamma, weight in product(["none", "mean", "sum"], [0, 0.5, 2, 5], [None, WEIGHT]):
    options = {"reduction": reduction} | ({} if weight is None else {"weight": weight})
    case = lambda *args, **more: family.case("focal_loss", *args, ns="nn.functional", **options, **more)
    case(N(4, 5), I(4, high=5), gamma, second=gamma == 2)
    case(N(4, 5), T([1, -100, 4, -100]), gamma, note="some are ignored")
    case(N(4, 5), T([1, 2, 4, 0]), gamma, ignore_index=1)
    case(N(2, 5, 3), I(2, 3, high=5), gamma)
    case(N(5), T(3), gamma)
family.case("focal_loss", T([[1e4, 0.0], [0.0, 1e4], [20.0, 0.0]]), T([0, 0, 0]), ns="nn.functional", reduction="none")
family.case("focal_loss", N(4, 5), T([-100] * 4), ns="nn.functional", note="all are ignored")
family.error("focal_loss", N(2, 5), T([0, 5]), ns="nn.functional")
for options in [{}, {"gamma": 3}, {"weight": WEIGHT}, {"reduction": "sum", "ignore_index": 1}]:
    family.case("FocalLoss", N(4, 5), T([1, 2, 4, 0]), ns="nn", init=([], options))

for mode, is_real, reduction in product(["vanilla", "lsgan", "wgan", "hinge"], [True, False], ["none", "mean", "sum"]):
    for more in [[], [True], [False]]:
        family.case("GANLoss", N(4, 1), is_real, *more, ns="nn", init=([mode], {"reduction": reduction}), second=mode in ["vanilla", "lsgan"])
    family.case("GANLoss", T([1.0, -1.0, 1e4, -1e4, 0.0]), is_real, ns="nn", init=([mode], {"reduction": reduction}), note="corners")
for mode, is_real in product(["vanilla", "lsgan"], [True, False]):
    family.case("GANLoss", N(2, 1, 3), is_real, ns="nn", init=([mode], {"real_label": 0.9, "fake_label": 0.1}))
family.case("GANLoss", N(4, 1), True, ns="nn", init=([], {}))


def critic_steps():
    """Five steps of a WGAN-GP's critic: its losses, penalties and parameters."""
    torch.manual_seed(0)
    critic = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 1))
    optimizer = torch.optim.Adam(critic.parameters(), lr=0.01, betas=(0.5, 0.9))
    losses, penalties = [], []
    for _ in range(5):
        real, fake = torch.randn(8, 2) + 2, torch.randn(8, 2)
        alpha = torch.rand(8, 1)
        mixed = (alpha * real + (1 - alpha) * fake).requires_grad_()
        scores = critic(mixed)
        (slope,) = torch.autograd.grad(scores, mixed, torch.ones_like(scores), create_graph=True)
        penalty = 10 * ((slope.norm(2, dim=1) - 1) ** 2).mean()
        loss = critic(fake).mean() - critic(real).mean() + penalty
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        penalties.append(penalty.item())
    return {"losses": losses, "penalties": penalties, "weights": encode(critic.state_dict())}


def make():
    golden.write(family.name, list(family.rows.values()), criticSteps=critic_steps())
