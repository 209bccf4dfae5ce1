"""The module that spoils a gradient, by chains, branches and tuples."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlf.nn.gradient_stability.nonfinite_gradients import (
    first_nonfinite_gradient,
    unit_length,
)

CLOSE = {"rtol": 2e-3, "atol": 1e-3}


class Root(nn.Module):
    """A square root, whose derivative at 0 is infinite."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.clamp(min=0).sqrt()


def test_the_module_that_spoils_a_gradient():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 3), Root(), nn.Linear(3, 2))
    with torch.no_grad():
        net[0].weight.zero_()
        net[0].bias.zero_()
    x = torch.randn(4, 3)
    found = first_nonfinite_gradient(net, x, lambda z: z.square().mean())
    assert found == "1 (Root)"
    with torch.no_grad():
        net[0].bias.fill_(1.0)
    net.zero_grad()
    loss = torch.Tensor.sum
    assert first_nonfinite_gradient(net, x, loss) is None


def test_a_loss_may_spoil_it_as_well():
    net = nn.Sequential(nn.Linear(3, 2))
    x = torch.zeros(4, 3)
    with torch.no_grad():
        net[0].bias.zero_()
    assert (
        first_nonfinite_gradient(net, x, lambda z: z.abs().sqrt().sum())
        == "the loss"
    )


def test_hooks_are_gone_afterwards():
    net = nn.Sequential(nn.Linear(3, 2))
    first_nonfinite_gradient(net, torch.ones(1, 3), torch.Tensor.sum)
    assert not net[0]._forward_hooks


class Both(nn.Module):
    """Two branches, added, and what stands in them by name."""

    def __init__(self, *branches: nn.Module) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.branches = nn.ModuleList(branches)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.first(x)
        return torch.stack([branch(h) for branch in self.branches]).sum(0)


def test_of_two_branches_the_bad_one_is_named():
    for branches, name in (
        ((Root(), nn.Linear(3, 3)), "branches.0 (Root)"),
        ((nn.Linear(3, 3), Root()), "branches.1 (Root)"),
    ):
        net = Both(*branches)
        with torch.no_grad():
            net.first.weight.zero_()
            net.first.bias.zero_()
        x = torch.ones(2, 3)
        assert first_nonfinite_gradient(net, x, torch.Tensor.sum) == name


class Between(nn.Module):
    """A root between two modules, in neither of them."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Linear(3, 3), nn.Linear(3, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.a(x)
        return self.b((0 * h).square().sum(1, keepdim=True).sqrt() * h)


def test_an_operation_between_modules_is_in_none_of_them():
    found = first_nonfinite_gradient(
        Between(), torch.ones(2, 3), torch.Tensor.sum
    )
    assert found == "no module"


class Last(nn.Module):
    """The last state of an LSTM, whose outputs are tuples."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.root = nn.LSTM(3, 2, batch_first=True), Root()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, (h, _) = self.lstm(x)
        return self.root(0 * h)


def test_modules_that_give_tuples():
    x = torch.ones(2, 4, 3)
    found = first_nonfinite_gradient(Last(), x, torch.Tensor.sum)
    assert found == "root (Root)"


def test_gradients_of_before_are_neither_read_nor_changed():
    net = nn.Sequential(nn.Linear(3, 2))
    net[0].weight.grad = torch.full((2, 3), float("nan"))
    x = torch.ones(1, 3)
    assert first_nonfinite_gradient(net, x, torch.Tensor.sum) is None
    assert net[0].weight.grad.isnan().all()
    assert net[0].bias.grad is None


def test_a_loss_that_is_not_finite_is_refused():
    net = nn.Sequential(nn.Linear(3, 2))
    x = torch.full((1, 3), float("nan"))
    with pytest.raises(ValueError, match="the loss must be finite"):
        first_nonfinite_gradient(net, x, torch.Tensor.sum)
    assert not net[0]._forward_pre_hooks


@pytest.mark.parametrize("kind", [torch.float16, torch.float32, torch.float64])
def test_a_row_of_zeros_has_the_gradient_zero(kind):
    x = torch.tensor([[3, 4], [0, 0]], dtype=kind, requires_grad=True)
    y = unit_length(x)
    y.backward(torch.tensor([[1, 0], [1, 1]], dtype=kind))
    torch.testing.assert_close(
        y.double(), torch.tensor([[0.6, 0.8], [0, 0]]).double(), **CLOSE
    )
    torch.testing.assert_close(
        x.grad.double(),
        torch.tensor([[0.128, -0.096], [0, 0]]).double(),
        **CLOSE,
    )


def test_rows_that_are_not_zero_are_as_in_torch():
    x = torch.randn(5, 4, dtype=torch.float64, requires_grad=True)
    torch.testing.assert_close(unit_length(x), F.normalize(x))
    assert torch.autograd.gradcheck(unit_length, x)
