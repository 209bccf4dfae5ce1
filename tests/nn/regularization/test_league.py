"""The league's nets are those that they would be alone."""

import pytest
import torch

from dlf.data import digits
from dlf.nn.regularization import league
from dlf.scratch.regularization.penalties import max_norm, soft_threshold

PARTS = league.mislabel(digits.load())
W = torch.linspace(-1, 1, 24, dtype=torch.float64).reshape(2, 3, 4)
S = torch.tensor([0.1, 0.4], dtype=torch.float64).reshape(2, 1, 1)


def test_a_fifth_of_the_labels_is_drawn_anew_but_for_the_test_set():
    clean = league.mislabel(digits.load(), 0.0)
    for part, wrong in (("train", 0.18), ("validation", 0.18), ("test", 0)):
        differ = (PARTS[part][1] != clean[part][1]).double().mean().item()
        assert differ == pytest.approx(wrong, abs=0.04 if wrong else 1e-12)


@pytest.mark.parametrize("arm", list(league.ARMS))
def test_every_regularizer_trains_in_its_own_way(arm, monkeypatch):
    monkeypatch.setattr(league, "STEPS", 5)
    strength = 2.0 if arm == "early stopping" else 0.5
    (w, *_), (plain, *_) = (
        league.train(a, [strength], [0], PARTS) for a in (arm, "none")
    )
    assert torch.equal(w, plain) == (arm == "none")


def test_weights_are_treated_net_by_net_as_in_scratch():
    shrunk = league.weights("L1, proximal", W, W, S)
    held = league.weights("max-norm", W, W, S)
    for k in range(2):
        want, _ = soft_threshold(W[k].numpy(), league.RATE * S[k].item())
        assert shrunk[k].numpy() == pytest.approx(want)
        want = max_norm(W[k].numpy(), S[k].item())
        assert held[k].numpy() == pytest.approx(want)


def test_images_are_shifted_with_paper_at_the_edge():
    x = torch.arange(64, dtype=torch.float64).reshape(1, 1, 8, 8)
    one, none = torch.ones(1, 1), torch.zeros(1, 1)
    moved = league.shift(x, one, none)[0, 0]
    assert torch.equal(moved[1:], x[0, 0, :-1])
    assert (moved[0] == -league.INK).all()
    assert torch.equal(
        league.shift(x, none, -one)[0, 0, :, :-1], x[0, 0, :, 1:]
    )
