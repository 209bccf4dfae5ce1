"""Tests of second-order methods."""
