"""What was found of each claim of recurrent networks, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C99": Finding(
        "On English text tanh is behind sigmoid and He's ReLU: {mean[CH, tanh "
        "against sigmoid]} and {mean[CH, tanh against ReLU]} in nats. Over 40 "
        "steps of recall outcomes are all or nothing, and ten seeds do not "
        "tell.",
        ends={"ratio": ("against the claim", "as claimed")},
    ),
}
