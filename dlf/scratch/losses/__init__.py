"""The chapter on losses from scratch."""
