"""Recurrent cells, memory tasks, text and state spaces in PyTorch."""
