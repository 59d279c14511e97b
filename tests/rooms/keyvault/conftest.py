"""Authorities for one test."""

from support.authority_fixtures import identity, keyvault, world

__all__ = ["identity", "keyvault", "world"]
