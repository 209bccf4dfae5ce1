"""Recurrent layers, padding, linear state spaces: `y, vjp = f(x, w, …)`."""
