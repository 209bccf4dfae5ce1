"""The bench of Adam's step times equal work, and its process reports it."""

import numpy as np

from dlf.bench import optimizer_steps


def test_all_contenders_make_the_same_step():
    made = optimizer_steps.contenders()
    ours = made.pop("scratch")
    first = {k: w.copy() for k, w in ours().items()}
    second = ours()
    for name, step in made.items():
        leaves = step.__self__.param_groups[0]["params"]
        for wanted in (first, second):
            step()
            for w, leaf in zip(wanted.values(), leaves, strict=True):
                np.testing.assert_allclose(
                    leaf.detach(), w, atol=2e-6, err_msg=name
                )


def test_a_process_of_its_own_reports_every_contender():
    rows = optimizer_steps.apart(rounds=2)
    assert [*rows] == [*optimizer_steps.WAYS, "scratch"]
    assert all(seconds > 0 for seconds in rows.values())
