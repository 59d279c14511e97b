"""Attacks, one a file: each defines `ATTACK`."""
