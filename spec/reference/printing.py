"""str(tensor), as PyTorch prints it. Our int32 stands for PyTorch's int64, so integers are printed from int64 tensors."""

import torch
from torch import nn, tensor
from torch.nn import functional as F

from golden import encode, write

inf, nan = torch.inf, torch.nan

VALUES = """
tensor(1.5)
tensor(2.0)
tensor(-0.0)
tensor(3)
tensor(-7)
tensor(True)
tensor(nan)
tensor(inf)
tensor(-inf)
tensor(1e-5)
tensor(1e10)
tensor(123456789.0)
tensor(0.1 + 0.2)
tensor([])
torch.zeros(0, 3)
torch.zeros(2, 0)
torch.zeros(0, dtype=torch.int64)
torch.zeros(0, dtype=torch.bool)
torch.zeros(2, 0, dtype=torch.int64)
tensor([1.0])
tensor([1.0, 2.0, 3.0])
tensor([-1.0, 2.0, 300.0])
tensor([1.5, 2.25, -3.125])
tensor([0.1, 0.12345678, 10.5])
tensor([1, 2, 3])
tensor([-1, 20, 300])
tensor([True, False, True])
tensor([1.0, nan, 2.0])
tensor([1.5, inf, -inf, nan])
tensor([nan, nan])
tensor([inf, -inf])
tensor([0.0, -0.0])
tensor([1e-5, 1.0])
tensor([1e-4, 1.0])
tensor([1e-3, 1.0])
tensor([1e-8, 2e-8])
tensor([1e10, 1.0])
tensor([1e10, 2e10])
tensor([1e8, 1.0])
tensor([99999999.0, 1.0])
tensor([1e5, 1e5 + 0.5])
tensor([1000.5, 0.5])
tensor([1001.5, 0.5])
tensor([1000.0, 1.0])
tensor([123456.0, 0.0])
tensor([0.00011, 0.00022])
tensor([0.99995, 0.00004])
tensor([1e-20, 1e20])
tensor([3.4e38, -3.4e38])
tensor([2147483647, -2147483648])
tensor([[1.0, 2.0], [3.0, 4.0]])
tensor([[1.5, -2.0], [30.25, 4.0]])
tensor([[1, 2, 3], [40, 50, 60]])
tensor([[True], [False]])
tensor([[1.0, nan], [inf, -2.5]])
tensor([[1e-6, 1.0], [2.0, 3.0]])
torch.arange(24.0).reshape(2, 3, 4)
torch.arange(24).reshape(2, 3, 4)
torch.arange(8.0).reshape(1, 2, 2, 2) / 8
torch.arange(16.0).reshape(2, 2, 2, 2)
torch.arange(8.0).reshape(2, 2, 2) > 3
torch.arange(24.0).reshape(1, 1, 24)
torch.arange(25.0)
torch.arange(25)
torch.arange(30.0) / 7
torch.arange(60.0).reshape(2, 30)
torch.arange(30.0) * 1e5
torch.arange(12.0) / 1e6
torch.arange(40) % 2 == 0
torch.arange(1000.0)
torch.arange(1000)
torch.arange(1001.0)
torch.arange(1001)
torch.arange(2000.0) / 3
torch.arange(1200.0).reshape(40, 30)
torch.arange(1200.0).reshape(400, 3)
torch.arange(1200.0).reshape(3, 400)
torch.arange(1200).reshape(4, 300)
torch.arange(1400.0).reshape(7, 200)
torch.arange(1200.0).reshape(6, 200)
torch.arange(8000.0).reshape(20, 20, 20)
torch.arange(1200.0).reshape(2, 3, 200)
torch.arange(3000) % 3 == 0
torch.zeros(1001, 0)
torch.cat([torch.zeros(500), tensor([1e-9]), torch.zeros(600)])
torch.randn(4, 5)
torch.randn(3, 30)
torch.randn(2, 2, 3) * 1000
torch.randn(3, 3) * 1e-4
torch.rand(10)
""".strip().split("\n")

WITH_GRAD = """
tensor([1.0, 2.0]).requires_grad_()
tensor(1.5).requires_grad_()
tensor([1.0, 2.0], requires_grad=True) * 2
tensor([1.0, 2.0], requires_grad=True) + 1
tensor([1.0, 2.0], requires_grad=True) - 1
tensor([1.0, 2.0], requires_grad=True) / 2
-tensor([1.0, 2.0], requires_grad=True)
tensor([1.0, 2.0], requires_grad=True) ** 2
tensor([1.0, 2.0], requires_grad=True) ** tensor([2.0, 2.0])
tensor([1.0, 2.0], requires_grad=True).sum()
tensor([1.0, 2.0], requires_grad=True).sum(0)
tensor([1.0, 2.0], requires_grad=True).mean()
tensor([1.0, 2.0], requires_grad=True).mean(0)
tensor([1.0, 2.0], requires_grad=True).prod()
tensor([1.0, 2.0], requires_grad=True).max()
tensor([1.0, 2.0], requires_grad=True).max(0).values
tensor([1.0, 2.0], requires_grad=True).amax(0)
tensor([1.0, 2.0], requires_grad=True).std()
tensor([1.0, 2.0], requires_grad=True).var()
tensor([1.0, 2.0], requires_grad=True).norm()
tensor([1.0, 2.0], requires_grad=True).logsumexp(0)
tensor([1.0, 2.0], requires_grad=True).cumsum(0)
tensor([1.0, 2.0], requires_grad=True).exp()
tensor([1.0, 2.0], requires_grad=True).log()
tensor([1.0, 2.0], requires_grad=True).sqrt()
tensor([1.0, 2.0], requires_grad=True).rsqrt()
tensor([1.0, 2.0], requires_grad=True).square()
tensor([1.0, 2.0], requires_grad=True).abs()
tensor([1.0, 2.0], requires_grad=True).sign()
tensor([1.0, 2.0], requires_grad=True).relu()
tensor([1.0, 2.0], requires_grad=True).sigmoid()
tensor([1.0, 2.0], requires_grad=True).tanh()
tensor([1.0, 2.0], requires_grad=True).sin()
tensor([1.0, 2.0], requires_grad=True).erf()
tensor([1.0, 2.0], requires_grad=True).expm1()
tensor([1.0, 2.0], requires_grad=True).log1p()
tensor([1.0, 2.0], requires_grad=True).floor()
tensor([1.0, 2.0], requires_grad=True).round()
tensor([1.0, 2.0], requires_grad=True).reciprocal()
tensor([1.0, 2.0], requires_grad=True).clamp(0, 1)
tensor([1.0, 2.0], requires_grad=True).maximum(tensor([0.0, 3.0]))
tensor([1.0, 2.0], requires_grad=True).softmax(0)
tensor([1.0, 2.0], requires_grad=True).log_softmax(0)
tensor([1.0, 2.0], requires_grad=True).reshape(2, 1)
tensor([1.0, 2.0], requires_grad=True).view(2, 1)
tensor([1.0, 2.0], requires_grad=True).flatten()
tensor([[1.0, 2.0]], requires_grad=True).flatten()
tensor([[1.0, 2.0]], requires_grad=True).squeeze()
tensor([[1.0, 2.0]], requires_grad=True).squeeze(0)
tensor([1.0, 2.0], requires_grad=True).unsqueeze(0)
tensor([[1.0, 2.0]], requires_grad=True).transpose(0, 1)
tensor([[1.0, 2.0]], requires_grad=True).t()
tensor([[1.0, 2.0]], requires_grad=True).permute(1, 0)
tensor([1.0, 2.0], requires_grad=True).expand(2, 2)
tensor([1.0, 2.0], requires_grad=True).repeat(2)
tensor([1.0, 2.0], requires_grad=True).flip(0)
tensor([[1.0, 2.0]], requires_grad=True).tril()
tensor([1.0, 2.0], requires_grad=True).select(0, 1)
tensor([1.0, 2.0], requires_grad=True).narrow(0, 0, 1)
tensor([1.0, 2.0], requires_grad=True).split(1)[0]
tensor([1.0, 2.0], requires_grad=True).chunk(2)[1]
tensor([1.0, 2.0], requires_grad=True).index_select(0, tensor([1]))
tensor([1.0, 2.0], requires_grad=True).gather(0, tensor([1]))
tensor([1.0, 2.0], requires_grad=True)[tensor([1])]
tensor([1.0, 2.0], requires_grad=True)[1]
tensor([1.0, 2.0], requires_grad=True)[0:1]
torch.cat([tensor([1.0, 2.0], requires_grad=True), tensor([3.0])])
torch.stack([tensor([1.0, 2.0], requires_grad=True), tensor([3.0, 4.0])])
torch.where(tensor([True, False]), tensor([1.0, 2.0], requires_grad=True), 0.0)
torch.ones(2, 2, requires_grad=True) @ torch.ones(2, 2)
torch.ones(2, 2, requires_grad=True) @ torch.ones(2)
torch.ones(2, requires_grad=True) @ torch.ones(2)
torch.ones(1, 2, 2, requires_grad=True) @ torch.ones(1, 2, 2)
torch.ones(1, 2, 2, requires_grad=True).bmm(torch.ones(1, 2, 2))
torch.addmm(torch.ones(2), torch.ones(2, 2, requires_grad=True), torch.ones(2, 2))
F.linear(torch.ones(1, 2), torch.ones(2, 2, requires_grad=True), torch.ones(2))
F.linear(torch.ones(1, 2), torch.ones(2, 2, requires_grad=True))
F.mse_loss(tensor([1.0, 2.0], requires_grad=True), tensor([0.0, 0.0]))
F.cross_entropy(tensor([[1.0, 2.0]], requires_grad=True), tensor([0]))
F.cross_entropy(tensor([[1.0, 2.0]], requires_grad=True), tensor([[0.5, 0.5]]))
F.nll_loss(tensor([[1.0, 2.0]], requires_grad=True), tensor([0]))
F.dropout(tensor([1.0, 2.0], requires_grad=True), 1.0)
tensor([1.0, 2.0], requires_grad=True).clone()
tensor([1.0, 2.0], requires_grad=True).detach()
(tensor([1.0, 2.0], requires_grad=True) * 1).add_(1)
(tensor([1.0, 2.0], requires_grad=True) * 1).mul_(2)
torch.arange(30.0, requires_grad=True) * 2
torch.arange(24.0, requires_grad=True).reshape(2, 3, 4) * 1
torch.arange(17.0, requires_grad=True) * 2
torch.arange(13.0, requires_grad=True) * 2
torch.arange(10.0, requires_grad=True) * 2
torch.arange(15.0, requires_grad=True) / 4
torch.arange(2000.0, requires_grad=True) * 2
torch.zeros(0, requires_grad=True)
torch.zeros(2, 0, requires_grad=True) * 2
nn.Parameter(tensor([1.0, 2.0]))
nn.Parameter(tensor([[1.5, 2.0], [3.0, 4.0]]))
nn.Parameter(tensor(1.0))
nn.Parameter(tensor([1.0]), requires_grad=False)
""".strip().split("\n")


def case(python):
    torch.manual_seed(0)
    value = eval(python)
    return {"name": python, "tensor": encode(value), "requiresGrad": value.requires_grad, "str": str(value)}


def make():
    cases = [case(python) | {"kind": "value"} for python in VALUES]
    write("printing", [*cases, *(case(python) | {"kind": "grad"} for python in WITH_GRAD)])
