"""Optimizers of stacked nets are those of torch, net by net."""

import pytest
import torch

from dlf.stacked import optimizers

RATES = (0.03, 0.1)
TORCH = {
    "sgd": lambda p, lr: torch.optim.SGD(p, lr),
    "momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9),
    "nesterov": lambda p, lr: torch.optim.SGD(
        p, lr, momentum=0.9, nesterov=True
    ),
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "amsgrad": lambda p, lr: torch.optim.Adam(p, lr, amsgrad=True),
    "nadam": torch.optim.NAdam,
}


def drawn(*shape):
    generator = torch.Generator().manual_seed(len(shape))
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def loss(params, steps):
    """Sum for each net what has another gradient at every step."""
    return sum(
        ((p * p).cos() + p * (1 + steps % 3)).flatten(1).sum(1) for p in params
    )


def stacked(make, steps=12):
    """Train two nets of two parameters side by side."""
    params = [drawn(2, 3, 4).requires_grad_(), drawn(2, 5).requires_grad_()]
    update = make(params, torch.tensor(RATES, dtype=torch.float64))
    for step in range(steps):
        update(torch.autograd.grad(loss(params, step).sum(), params))
    return [p.detach() for p in params]


def alone(make, k, steps=12, clip=None):
    """Train one of them with an optimizer of torch."""
    params = [drawn(2, 3, 4)[k : k + 1], drawn(2, 5)[k : k + 1]]
    params = [p.clone().requires_grad_() for p in params]
    step = make(params, RATES[k])
    for n in range(steps):
        step.zero_grad()
        loss(params, n).sum().backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(params, clip)
        step.step()
    return [p.detach() for p in params]


def assert_same(make, reference, **how):
    together = stacked(make)
    for k in range(2):
        for ours, theirs in zip(
            together, alone(reference, k, **how), strict=True
        ):
            torch.testing.assert_close(
                ours[k : k + 1], theirs, rtol=1e-5, atol=1e-5
            )


@pytest.mark.parametrize("name", TORCH)
def test_an_optimizer_is_that_of_torch(name):
    assert_same(optimizers.OPTIMIZERS[name](), TORCH[name])


def test_lion_is_that_of_scratch():
    from dlf.scratch.optimizers.lion import lion

    together = stacked(optimizers.lion())
    for k in range(2):
        init, update = lion(lr=RATES[k])
        w = {
            "0": drawn(2, 3, 4)[k : k + 1].numpy(),
            "1": drawn(2, 5)[k : k + 1].numpy(),
        }
        state = init(w)
        for step in range(12):
            params = [torch.tensor(v, requires_grad=True) for v in w.values()]
            grads = torch.autograd.grad(loss(params, step).sum(), params)
            grads = {n: g.numpy() for n, g in zip("01", grads, strict=True)}
            w, state = update(w, grads, state)
        for ours, theirs in zip(together, w.values(), strict=True):
            torch.testing.assert_close(ours[k : k + 1], torch.tensor(theirs))


def test_decay_is_l2_or_decoupled():
    adam = optimizers.adam()
    assert_same(
        optimizers.decayed(adam, 0.3, decoupled=True),
        lambda p, lr: torch.optim.AdamW(p, lr, weight_decay=0.3),
    )
    assert_same(
        optimizers.decayed(adam, 0.3, decoupled=False),
        lambda p, lr: torch.optim.Adam(p, lr, weight_decay=0.3),
    )


def test_clipping_shortens_each_net_by_its_own_norm():
    make = optimizers.clipped(optimizers.momentum(0.0), 2.0)
    assert_same(make, TORCH["sgd"], clip=2.0)


def test_a_knob_may_be_each_nets_own():
    m = torch.tensor([0.0, 0.9], dtype=torch.float64)
    together = stacked(optimizers.momentum(m))
    plain, heavy = (stacked(optimizers.momentum(v)) for v in (0.0, 0.9))
    for ours, first, second in zip(together, plain, heavy, strict=True):
        assert torch.equal(ours[0], first[0])
        assert torch.equal(ours[1], second[1])
