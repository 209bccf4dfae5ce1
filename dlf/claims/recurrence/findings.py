"""What was found of each claim of recurrent networks, in one sentence."""

from dlf.experiments.findings import Finding

FINDINGS = {
    "C97": Finding(
        "Adding two numbers, an LSTM's longest solved lag is {mean[adding, "
        "LSTM less tanh RNN]} doublings above a tanh RNN's; recalling a "
        "letter, {mean[recall, LSTM less tanh RNN]}, which five seeds cannot "
        "tell from none. GRUs lead LSTMs by {mean[recall, GRU less LSTM]} in "
        "recall.",
        ends={
            "doublings": ("shorter lags", "longer lags"),
            "nats": ("loss higher", "loss lower"),
        },
    ),
    "C98": Finding(
        "Step by step and in wide NumPy layers a GRU takes fewer seconds than "
        "an LSTM, as its operations promise. In PyTorch's layers, on a "
        "processor, the LSTM's seconds are "
        "{mean[(b) PyTorch's layers, width 32]} and {mean[(b) PyTorch's "
        "layers, width 128]} of the GRU's.",
        ends={"ratio": ("LSTM faster", "GRU faster")},
    ),
    "C99": Finding(
        "On English text tanh is behind sigmoid and He's ReLU, whose losses "
        "are {mean[CH, tanh against sigmoid]} and {mean[CH, tanh against "
        "ReLU]} of its. Over 40 steps of recall outcomes are all or nothing, "
        "and ten seeds do not tell.",
        ends={"ratio": ("against the claim", "as claimed")},
    ),
}
