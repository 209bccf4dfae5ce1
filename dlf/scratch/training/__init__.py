"""The chapter on training from scratch."""
