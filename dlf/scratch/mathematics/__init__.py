"""The chapter on mathematics from scratch."""
