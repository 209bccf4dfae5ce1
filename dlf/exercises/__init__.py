"""Exercises that answer back, and their solutions."""
