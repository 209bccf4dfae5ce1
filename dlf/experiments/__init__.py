"""Claims put to the test: hypothesis, rule, run, verdict.

A chapter's claims stand in `dlf/claims/<slug>/`, one module a design, one
constant a claim, named as in the register and gathered by the chapter's
`__init__`. Import torch inside functions, so that cards stay cheap.

**True or false**::

    C15 = Exact(
        number="C15", title="Printed ranges", sources=(Source("S1", "l.1",
        "Derivative range: (0, 1)"),), hypothesis="…", rule="…",
        literature="…", expects=("false as printed",),
        parts=(Part("tanh′", "range (0, 1)", tanh_derivative),),
    )

where ``tanh_derivative() -> (holds, "what was found")``. A part is as printed,
and one that is false makes the claim false; a theorem or a corrected version is
`BACKGROUND`, which is shown and never counted.

**Cells** are the settings under which a claim is tested. A claim writes them as
a record of its own, and `dataclasses.replace` changes some of them::

    @dataclass(frozen=True, kw_only=True)
    class Net(Cell):
        data: str
        depth: int = 2

    SHALLOW = Net(data="M1")
    CELLS = {"M1": SHALLOW, "M1, depth 8": replace(SHALLOW, depth=8)}

The rule states of each cell what differs from the record's defaults, and every
field without one: a field that a claim must always name has no default (where
the record it is derived from gives one, write ``steps: int = field()``). What
`Cell` has already, the engine reads: ``seeds``, ``first``, ``grid``,
``tuning``, ``dtype``, ``classes``. Nets of one kind have a record in
`dlf.stacked`, such as `activation_nets.Net`.

**Arms compared**: ``train(cell, arm, settings, seeds)`` trains a net for every
setting and seed, side by side (`dlf.stacked.nets`), and returns arrays
with axes setting and seed::

    def train(cell, arm, settings, seeds):
        from dlf.stacked import nets, training
        ...
        return {"val": …, "loss": …, "initial": …, "test": …, "data": {…}}

    C21 = Contrast(
        ..., cells=CELLS, arms=("swish", "relu"),
        grid=(0.01, 0.0316, 0.1, 0.316, 1.0), train=train, seeds=10,
        effects=(Effect("M1, depth 8", ("M1, depth 8",),
                        lambda r: r["swish"]["test"] - r["relu"]["test"],
                        larger(0.005)),),
    )

The engine tunes every arm on seeds 10 to 12, extends the grid, runs the choice
on seeds from 100, counts failures as chance, and judges. ``test`` may be there
for scored seeds only (the engine refuses it otherwise).

**Own statistic**: ``Measured(cells=…, measure=…, judge=…)``: ``measure(cell,
seeds)`` returns arrays with axis 0 the seed, ``judge({cell: arrays})`` returns
`Outcome`s; a `Contrast` takes a ``judge`` too. What it tunes itself it stores,
every trial, under ``found``.

**Not tested here**: ``Untested(number=…, title=…, sources=…, hypothesis=…,
rule="why it is not tested", literature=…)``. It is run and recorded as the
others are, has a card, and its sentence in ``findings.py`` says what is known.

Commit the module (that fixes the rule), then run and commit the record::

    python -m dlf.experiments run C21 --check --workers 2

A record holds the hash of all that the claim runs, `stacked`, `training` and
`datasets` included: pass functions to `fit` or subclass rather than edit those,
or every record that uses them must be run again or amended (``amend C21 --why
"…"`` says why the values are the same). A rule is never amended but for a
misprint (``--typo``): what changes it asks for a new run. While a long run is
on, leave its files alone, or run in a clone.

On the page ``claims.C21.card()`` shows the record and
``claims.C21.replicate()`` runs ``replica``, a function that returns runs of
some cells (``lambda: C21.small(("M1, depth 8",), seeds=5)`` runs them at the
recorded rates in float64), and says whether it agrees; ``here`` says how the
small version differs.
"""
