"""The schedules of `dlf.nn` are those of `dlf.scratch`; sharpness is right."""

import math

import pytest
import torch
from torch.optim import lr_scheduler

from dlf.nn import schedules
from dlf.scratch.schedules import decays, phases


def stepper() -> torch.optim.Optimizer:
    leaf = torch.zeros(1, requires_grad=True)
    leaf.grad = torch.zeros(1)
    return torch.optim.SGD([leaf], 0.1)


def rates(optimizer, scheduler, steps: int) -> list[float]:
    found = []
    for _ in range(steps):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return found


@pytest.mark.filterwarnings("ignore:The epoch parameter")
def test_warmup_and_cosine_are_those_from_scratch():
    optimizer = stepper()
    scheduler = schedules.warmup_cosine(optimizer, 5, 20, start=0.2)
    ours = phases.warmed_up(decays.cosine(0.1, 15), 5, start=0.2)
    got = rates(optimizer, scheduler, 20)
    assert got == pytest.approx([ours(t) for t in range(20)])
    assert got[5] == 0.1


@pytest.mark.filterwarnings("ignore:The epoch parameter")
def test_after_its_end_the_cosine_does_not_come_up_again():
    optimizer = stepper()
    scheduler = schedules.warmup_cosine(optimizer, 10, 40)
    ours = phases.warmed_up(decays.cosine(0.1, 30), 10, start=0.01)
    got = rates(optimizer, scheduler, 120)
    assert got == pytest.approx([ours(t) for t in range(120)], abs=1e-12)
    assert got[39] > 0
    assert got[40:] == [0.0] * 80


@pytest.mark.filterwarnings("ignore:The epoch parameter")
def test_a_resumed_warmup_and_cosine_goes_on_where_it_was():
    for stop in (5, 25, 45):
        optimizer = stepper()
        scheduler = schedules.warmup_cosine(optimizer, 10, 40)
        rates(optimizer, scheduler, stop)
        kept = optimizer.state_dict(), scheduler.state_dict()
        whole = rates(optimizer, scheduler, 30)
        other = stepper()
        again = schedules.warmup_cosine(other, 10, 40)
        other.load_state_dict(kept[0])
        again.load_state_dict(kept[1])
        assert rates(other, again, 30) == pytest.approx(whole, abs=1e-15)


def test_wsd_is_that_from_scratch():
    optimizer = stepper()
    factor = schedules.wsd_factor(4, 6, 5)
    scheduler = lr_scheduler.LambdaLR(optimizer, factor)
    ours = phases.warmup_stable_decay(0.1, 4, 6, 5)
    got = rates(optimizer, scheduler, 18)
    assert got == pytest.approx([ours(t) for t in range(18)])
    assert got[0] == 0.0
    assert got[15] == got[17] == 0.0


@pytest.mark.parametrize("divided", [False, True])
def test_sharpness_is_the_largest_eigenvalue(divided):
    torch.manual_seed(0)
    root = torch.randn(6, 6, dtype=torch.float64)
    h = root @ root.T
    w = [
        torch.randn(n, dtype=torch.float64, requires_grad=True) for n in (4, 2)
    ]
    x = torch.cat(w)
    divisor = torch.rand(6, dtype=torch.float64) + 0.5 if divided else None
    start = torch.ones(6, dtype=torch.float64) / math.sqrt(6)
    got, v = schedules.sharpness(x @ h @ x / 2, w, start, 200, divisor)
    want = h / divisor[:, None] if divisor is not None else h
    assert got == pytest.approx(torch.linalg.eigvals(want).real.max().item())
    assert v.norm().item() == pytest.approx(1)


def test_the_length_of_the_start_does_not_matter():
    w = torch.ones(2, dtype=torch.float64, requires_grad=True)
    start = torch.tensor([10.0, 0.0], dtype=torch.float64)
    got, v = schedules.sharpness((w * w).sum(), iter([w]), start, 1)
    assert got == pytest.approx(2)
    assert v.tolist() == [1.0, 0.0]


def test_a_flat_loss_has_sharpness_0_and_a_direction_to_go_on_from():
    w = torch.ones(2, dtype=torch.float64, requires_grad=True)
    start = torch.tensor([0.6, 0.8], dtype=torch.float64)
    got, v = schedules.sharpness((0 * w * w).sum(), [w], start, 3)
    assert got == 0
    assert v.tolist() == pytest.approx([0.6, 0.8])


def test_a_diverged_loss_does_not_spoil_the_direction():
    w = torch.full((2,), math.nan, dtype=torch.float64, requires_grad=True)
    start = torch.tensor([0.6, 0.8], dtype=torch.float64)
    got, v = schedules.sharpness((w**4).sum(), [w], start, 3)
    assert math.isnan(got)
    assert v.tolist() == pytest.approx([0.6, 0.8])


def test_a_negative_curvature_keeps_its_sign():
    w = torch.tensor([1.0, 1.0], dtype=torch.float64, requires_grad=True)
    loss = (w * w * torch.tensor([1.0, -3.0])).sum()
    start = torch.tensor([0.6, 0.8], dtype=torch.float64)
    got, _ = schedules.sharpness(loss, [w], start, 60)
    assert got == pytest.approx(-6)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: schedules.warmup_cosine(stepper(), 5, 5),
            "warmup_cosine: `warm`",
        ),
        (lambda: schedules.warmup_cosine(stepper(), 0, 5), "got 0 of 5"),
        (
            lambda: schedules.warmup_cosine(stepper(), 2, 5, math.nan),
            "warmup_cosine: `start`",
        ),
        (
            lambda: schedules.warmup_cosine(stepper(), 2, 5, 0.0),
            "warmup_cosine: `start`",
        ),
        (lambda: schedules.wsd_factor(0, 1, 1), "wsd_factor: `warm`"),
        (lambda: schedules.wsd_factor(1, -1, 1), "got 1, -1 and 1"),
        (lambda: schedules.wsd_factor(1, 1, 0), "got 1, 1 and 0"),
    ],
)
def test_counts_out_of_range_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("shape", [(3,), (2, 1)])
def test_a_start_for_other_weights_is_refused(shape):
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match=r"sharpness: `start` .* shape \(2,\)"):
        schedules.sharpness((w * w).sum(), [w], torch.ones(shape), 1)


def test_no_product_is_refused():
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="sharpness: `products`"):
        schedules.sharpness((w * w).sum(), [w], torch.ones(2), 0)


@pytest.mark.parametrize("divisor", [0.0, -1.0])
def test_a_divisor_that_is_not_positive_is_refused(divisor):
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="sharpness: `divisor`"):
        schedules.sharpness(
            (w * w).sum(), [w], torch.ones(2), 1, torch.tensor([1.0, divisor])
        )


def test_a_start_without_direction_is_refused():
    w = torch.ones(2, requires_grad=True)
    with pytest.raises(ValueError, match="sharpness: `start`"):
        schedules.sharpness((w * w).sum(), [w], torch.zeros(2))
