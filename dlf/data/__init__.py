"""Loaders: embedded data by default, real data where it can be had."""
