"""What was found of each claim of graphs, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C103": Finding(
        "Edges help, by {mean[PubMed, (a) GCN − MLP]} to {mean[karate club, "
        "(a) GCN − MLP]} points, and on the citation networks they are the "
        "cause; but a linear model that sums along them (SGC) was not beaten.",
        ends={"points": ("rival better", "GCN better")},
    ),
}
