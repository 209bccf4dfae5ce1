"""The chapter on activations from scratch."""
