"""Snapshots for analysis: what of each member's fiscal years is taken into them."""
