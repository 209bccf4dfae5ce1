"""The chapter on backpropagation from scratch."""
