"""The chapter on gpu from scratch."""
