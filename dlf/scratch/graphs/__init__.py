"""The chapter on graphs from scratch."""
