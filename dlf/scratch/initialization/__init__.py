"""Weight initialization from scratch: random weights, and what they pass on."""
