"""Regularization: keeping a network from learning the noise."""
