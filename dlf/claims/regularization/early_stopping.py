"""Stopping at the validation loss: design of C86."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dlf.experiments.claim import Measured, Source
from dlf.experiments.outcomes import Outcome
from dlf.experiments.statistics import estimate, family, larger
from dlf.stacked import recipes
from dlf.stacked.recipes import Recipe

RATE, PATIENCE = 0.0562, 5
FEW = Recipe(data="M1", keep=1000, steps=800, every=10, first=200)
ALL = Recipe(data="M1", steps=2400, every=40, first=200)
CELLS = {
    f"{name}, {100 * noise:.0f} % noise": replace(cell, noise=noise)
    for name, cell in (("M1-1000", FEW), ("M1", ALL))
    for noise in (0.0, 0.4)
}


def measure(cell: Recipe, seeds: Sequence[int]) -> dict[str, Any]:
    """Train; keep validation loss and test accuracy after every epoch."""
    from dlf.stacked import training

    data, net = cell.examples(seeds), cell.net(seeds, 1)
    held: list[np.ndarray] = []
    test: list[np.ndarray] = []

    def watch(step: int, net: Any) -> None:
        loss, _ = training.evaluate(net, data, data.validation)
        _, right = training.evaluate(net, data, data.test)
        held.append(loss.numpy())
        test.append(right.double().mean(1).numpy())

    recipes.train(
        cell, [RATE], seeds, net=net, data=data, every=cell.every, watch=watch
    )
    return {"held": np.stack(held, axis=1), "test": np.stack(test, axis=1)}


def rising(losses: np.ndarray) -> int:
    """Stop after five epochs that each raised the loss, and stay there."""
    for t in range(PATIENCE, len(losses)):
        if (np.diff(losses[t - PATIENCE : t + 1]) > 0).all():
            return t
    return len(losses) - 1


def best(losses: np.ndarray) -> int:
    """Stop after five epochs without a new best, and go back to that."""
    first = 0
    for t in range(1, len(losses)):
        if losses[t] < losses[first]:
            first = t
        elif t - first >= PATIENCE:
            break
    return first


def gained(kept: dict, stop: Callable[[np.ndarray], int]) -> np.ndarray:
    """Give each seed's accuracy where a rule stops, less that of the end."""
    ends = np.array([stop(losses) for losses in kept["held"]])
    test = kept["test"]
    return test[np.arange(len(test)), ends] - test[:, -1]


def judge(view: dict) -> tuple[Outcome, ...]:
    """Compare with the last epoch, and noisy with clean labels."""
    level, rule, found = family(6), larger(0.01), []
    for cell, kept in view.items():
        e = estimate(gained(kept, rising), level)
        usual = 100 * gained(kept, best).mean()
        most = 100 * (kept["test"].max(1) - kept["test"][:, -1]).mean()
        note = (
            f"going back to the best validation loss {usual:.2g} points; the "
            f"best epoch of all {most:.2g}"
        )
        found.append(Outcome(cell, rule(e), e, "points", rule, note))
    for name in ("M1-1000", "M1"):
        clean, noisy = (
            gained(view[f"{name}, {n} % noise"], rising) for n in (0, 40)
        )
        e = estimate(noisy - clean, level)
        cell = f"{name}, 40 % less 0 % noise"
        found.append(Outcome(cell, rule(e), e, "points", rule))
    return tuple(found)


C86 = Measured(
    number="C86",
    title="Early stopping prevents overfitting, the more so with noisy labels",
    sources=(
        Source("S0", "§10.4", "Monitor validation loss"),
        Source("S0", "§10.4", "Prevents overfitting"),
        Source("S0", "§10.4", "Especially useful when … data is noisy"),
    ),
    hypothesis=(
        "“Prevents overfitting”: a net that is stopped by its “validation "
        "loss” has a test accuracy at least 1 point above that after the last "
        "epoch; and “especially” with noisy labels: at least 1 point more with "
        "40 % noise than with none."
    ),
    rule=(
        "The source's own rule: stop after five epochs that each raised the "
        "validation loss. R(1 point) on test accuracy there less that after "
        "the last of 80 epochs of 1,000 and of 60 epochs of 4,000 training "
        "examples of MNIST-1D, with none and with 40 % of the training labels "
        "drawn at random, and R(1 point) on the two differences of noisy and "
        "clean: six cells, intervals widened together. An MLP of two hidden "
        "layers, momentum at a rate of 0.0562, 20 seeds; both are read off the "
        "same runs. Going back to the best validation loss is reported beside "
        "it."
    ),
    literature=(
        "Prechelt (1998): criteria, among them runs of increases. Li, "
        "Soltanolkotabi and Oymak (2020): gradient descent that is stopped "
        "early is robust to noisy labels. Heckel and Yilmaz (2021): test error "
        "may fall a second time."
    ),
    expects=("mixed", "mostly supported", "mostly not"),
    cuts=(
        "No characters, on which nets with noisy labels are no better than a "
        "linear model; validation labels have no noise."
    ),
    cells=CELLS,
    measure=measure,
    judge=judge,
    seeds=20,
)
