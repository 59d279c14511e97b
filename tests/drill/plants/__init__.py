"""Planted weaknesses, one a file: each defines `PLANT` and names the attack that must find it."""
