"""What recurrent layers must equal: PyTorch's own, in chunks and packed."""

import torch
from torch import nn
from torch.nn.utils import rnn as packing

NAMES = "weight_ih", "weight_hh", "bias_ih", "bias_hh"


def layer(kind, x, states, weights, **options):
    """Call PyTorch's layer with these weights and initial states."""
    module = kind(x.shape[-1], states[0].shape[-1], batch_first=True, **options)
    named = {f"{n}_l0": w for n, w in zip(NAMES, weights, strict=True)}
    first = tuple(s[None] for s in states)
    given = first if len(first) == 2 else first[0]
    return torch.func.functional_call(module.double(), named, (x, given))


def chunks(x, truncate):
    return x.split(truncate or x.shape[1], 1)


def torch_rnn(x, h, *weights, activation="tanh", truncate=None):
    found = []
    for part in chunks(x, truncate):
        y, last = layer(nn.RNN, part, (h,), weights, nonlinearity=activation)
        found.append(y)
        h = last[0].detach()
    return torch.cat(found, 1)


def torch_gru(x, h, *weights, truncate=None):
    found = []
    for part in chunks(x, truncate):
        y, last = layer(nn.GRU, part, (h,), weights)
        found.append(y)
        h = last[0].detach()
    return torch.cat(found, 1)


def torch_lstm(x, h, c, *weights, truncate=None):
    """Step by step, since PyTorch's layer returns the last cell state alone."""
    found = []
    for t, z in enumerate(x.split(1, 1)):
        if truncate and t % truncate == 0:
            h, c = h.detach() if t else h, c.detach() if t else c
        _, (hs, cs) = layer(nn.LSTM, z, (h, c), weights)
        h, c = hs[0], cs[0]
        found.append(torch.stack([h, c]))
    return torch.stack(found, 2)


def hidden_alone(x, h, c, *weights):
    """PyTorch's own layer, all steps at once; the cell states left out."""
    return layer(nn.LSTM, x, (h, c), weights)[0]


def torch_cell(x, h, *weights, activation="tanh"):
    return torch_rnn(x[:, None], h, *weights, activation=activation)[:, 0]


def zeroed(y, lengths):
    packed = packing.pack_padded_sequence(
        y, lengths, batch_first=True, enforce_sorted=False
    )
    T = y.shape[1]
    return packing.pad_packed_sequence(packed, True, total_length=T)[0]


def at_the_end(y, lengths):
    return torch.stack([row[n - 1] for row, n in zip(y, lengths, strict=True)])


def turned(x, lengths):
    rows = [
        torch.cat([row[:n].flip(0), row[n:]])
        for row, n in zip(x, lengths, strict=True)
    ]
    return torch.stack(rows)


def packed_both_ways(x, w_ih, w_hh, b_ih, b_hh, lengths):
    """PyTorch's own packed, bidirectional layer."""
    module = nn.RNN(
        x.shape[-1], len(b_ih[0]), batch_first=True, bidirectional=True
    ).double()
    named = {
        f"{n}_l0{way}": w[i]
        for n, w in zip(NAMES, (w_ih, w_hh, b_ih, b_hh), strict=True)
        for i, way in enumerate(("", "_reverse"))
    }
    packed = packing.pack_padded_sequence(
        x, lengths, batch_first=True, enforce_sorted=False
    )
    y, _ = torch.func.functional_call(module, named, (packed,))
    return packing.pad_packed_sequence(y, True, total_length=x.shape[1])[0]


def scanned(a, u):
    h = torch.zeros_like(u[:, 0])
    found = []
    for t in range(u.shape[1]):
        h = a[:, t] * h + u[:, t]
        found.append(h)
    return torch.stack(found, 1)


def unrolled(x, a, b, c):
    T = x.shape[1]
    powers = torch.stack([a**k for k in range(T)])
    kernel = (powers * b * c).sum(-1)
    y = [sum(kernel[k] * x[:, t - k] for k in range(t + 1)) for t in range(T)]
    return torch.stack(y, 1)


def held(delta, a, b):
    kept = torch.exp(delta * a)
    return torch.stack([kept, (kept - 1) * b / a])
