"""How long a recurrent net remembers: design of C97."""

from collections.abc import Callable
from typing import Any

import numpy as np

from dlf.experiments.claim import Source
from dlf.experiments.contrast import Contrast
from dlf.experiments.outcomes import Effect
from dlf.experiments.statistics import larger, not_worse
from dlf.stacked import recipes, sequence_recipes
from dlf.stacked.sequence_recipes import Sequences

LAGS = 10, 20, 40
TASKS = "recall", "adding"
SOLVED = {"recall": 0.95, "adding": 0.02}
ARMS: dict[str, dict[str, Any]] = {
    "tanh RNN": {},
    "ReLU RNN, identity": {
        "activation": "relu",
        "start": "identity",
        "gain": 0.3,
    },
    "LSTM": {"kind": "lstm", "forget": 1.0},
    "LSTM, forget bias by lag": {"kind": "lstm", "forget": None},
    "GRU": {"kind": "gru"},
}
CELLS = {
    f"{task}, lag {lag}": Sequences(data=task, lag=lag, steps=800)
    for task in TASKS
    for lag in LAGS
}
CELLS["TS"] = Sequences(
    data="TS", steps=300, grid=(0.00316, 0.01, 0.0316), tuning=1, seeds=3
)


def runs(task: str) -> tuple[str, ...]:
    """Name the cells of a task."""
    return tuple(f"{task}, lag {lag}" for lag in LAGS)


def longest(task: str, arm: str, cells: tuple[dict, ...]) -> np.ndarray:
    """Give the log2 of the longest lag up to which each seed solves all."""
    solved = []
    for arms in cells:
        found = arms[arm]
        if task == "recall":
            right = np.asarray(found["test"], float)
            solved.append(right.reshape(len(right), -1).mean(1) >= 0.95)
        else:
            solved.append(np.asarray(found["nats"]) <= SOLVED["adding"])
    count = np.cumprod(solved, axis=0).sum(0)
    return np.log2(LAGS[0]) - 1 + count


def ahead(task: str, arm: str, other: str) -> Callable[..., np.ndarray]:
    """Make the doublings of lag by which one arm is ahead of another."""
    return lambda *cells: (
        longest(task, arm, cells) - longest(task, other, cells)
    )


def nats(arm: str, other: str) -> Callable[[dict], np.ndarray]:
    """Make the nats a character by which one arm is ahead of another."""
    return lambda arms: arms[other]["nats"] - arms[arm]["nats"]


C97 = Contrast(
    number="C97",
    title="LSTM and GRU capture long-term dependencies, plain RNNs less",
    sources=(
        Source("S0", "§2.3", "capture long-term dependencies effectively"),
        Source("S0", "§2.3", "still managing long-range context"),
        Source("S2", "Types, 4", "remember"),
    ),
    hypothesis=(
        "“Capture long-term dependencies effectively”: the longest lag that an "
        "LSTM solves is at least twice that of a tanh RNN. “Still managing "
        "long-range context”: a GRU's is at least 0.8 times the LSTM's."
    ),
    rule=(
        "Two tasks. Recall: one of eight letters, then 10, 20 or 40 steps "
        "of noise; solved at 95 % of 1,000 test sequences. Adding: two marked "
        "numbers among 10, 20 or 40; solved at a squared error of 0.02, "
        "where 1/6 needs no memory. Of each seed the longest lag up to which "
        "all are solved counts, as a base-2 logarithm, and half of the "
        "shortest where none is. R(1 doubling) on LSTM less tanh RNN, not "
        "worse by 0.32 doublings on GRU less LSTM: four cells. One layer of "
        "about 2,400 to 2,700 parameters (33,000 on text), PyTorch's spread "
        "of weights, forget bias 1; 800 steps of Adam, batches of 20, "
        "gradients clipped at norm 1. Four rates half a decade apart for each "
        "arm and lag, by validation loss on two tuning seeds, 0.01 where none "
        "learns; 5 fresh seeds. A net that learns nothing has "
        "solved no lag, and counts. Other starts, and the loss on tiny "
        "Shakespeare (windows of 50 characters, 300 steps, three rates on one "
        "tuning seed, 3 fresh ones), are background."
    ),
    literature=(
        "Hochreiter & Schmidhuber (1997); Chung et al. (2014): GRU and LSTM "
        "alike, both above tanh; Jozefowicz et al. (2015): a forget bias of 1 "
        "closes the LSTM's gap to the GRU; Le et al. (2015): an identity start "
        "lets a ReLU RNN compete."
    ),
    expects=("supported", "mostly supported", "mixed"),
    cuts=(
        "800 steps in place of 2,000, lags up to 40 in place of 100, four "
        "settings in place of ten; forget bias 0 and the orthogonal start left "
        "out; the mean over seeds in place of the median."
    ),
    cells=CELLS,
    arms=tuple(ARMS),
    grid=(0.00316, 0.01, 0.0316, 0.1),
    train=recipes.arms(ARMS, sequence_recipes.train),
    seeds=5,
    tuning=2,
    effects=(
        *(
            Effect(
                f"{task}, LSTM less tanh RNN",
                runs(task),
                ahead(task, "LSTM", "tanh RNN"),
                larger(1.0),
                "doublings",
                words="capture long-term dependencies effectively",
            )
            for task in TASKS
        ),
        *(
            Effect(
                f"{task}, GRU less LSTM",
                runs(task),
                ahead(task, "GRU", "LSTM"),
                not_worse(0.32),
                "doublings",
                words="still managing long-range context",
            )
            for task in TASKS
        ),
        *(
            Effect(
                f"{task}, {arm} less tanh RNN",
                runs(task),
                ahead(task, arm, "tanh RNN"),
                larger(1.0),
                "doublings",
                counted=False,
            )
            for arm in (
                "ReLU RNN, identity",
                "LSTM, forget bias by lag",
                "GRU",
            )
            for task in TASKS
        ),
        Effect(
            "tiny Shakespeare, LSTM less tanh RNN",
            ("TS",),
            nats("LSTM", "tanh RNN"),
            larger(0.02),
            "nats",
            counted=False,
        ),
        Effect(
            "tiny Shakespeare, GRU less LSTM",
            ("TS",),
            nats("GRU", "LSTM"),
            not_worse(0.02),
            "nats",
            counted=False,
        ),
    ),
)
