"""A call of the registrar whose signature, window and freshness were checked."""

from dataclasses import dataclass

from protocol.manifest import Purpose


@dataclass(frozen=True)
class RegistrarCall:
    """Who calls: a window, and what belongs to it."""

    window_id: bytes
    """16 bytes."""
    purpose: Purpose
    hpke: bytes
    """The window's X-Wing public key, to which answers are sealed: 1,216 bytes."""
    body: bytes
    """The request's body as sent."""
    subjects: bytes | None = None
    """Root of the list of those the window is about, where its purpose needs one: :func:`windows.require_subjects`."""
    subject_count: int | None = None
    """How many entries that list has."""
