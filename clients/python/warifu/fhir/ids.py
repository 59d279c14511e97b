"""Addresses of resources in bundles: they follow from what a resource is, so the same one has the same."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

_NAMESPACE = UUID("6b0e7f5e-5d0b-5c8e-9a50-7d1d0d6f2f6a")


def uuid_of(*names: str) -> UUID:
    """Return the id that these names have together."""
    return uuid5(_NAMESPACE, "/".join(names))


PATIENT_URL = f"urn:uuid:{uuid_of('patient')}"
"""The member, where a bundle is about one alone."""


def document_url(document: Mapping[str, Any]) -> str:
    """Return the address of a document, by its identifier."""
    return f"urn:uuid:{uuid_of('document', document['identifier']['value'])}"


def observation_url(observation: Mapping[str, Any]) -> str:
    """Return the address of an observation, by its id."""
    return f"urn:uuid:{uuid_of('observation', observation['id'])}"
