"""The chapter on interpretability from scratch."""
