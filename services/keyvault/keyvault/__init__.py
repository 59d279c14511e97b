"""Sealed bundles and one of three shares."""
