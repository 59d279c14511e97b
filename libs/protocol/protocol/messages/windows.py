"""Opening a window: ``POST /windows`` at every host of the manifest's zone."""

from protocol.deployment import B64

from .base import Bytes16, Bytes64, Message


class OpenWindow(Message):
    """A manifest's exact bytes and the officers' signatures by officer id."""

    manifest: B64
    signatures: dict[str, Bytes64]


class WindowOpened(Message):
    """The window as this host now has it."""

    id: Bytes16
    expires: int
    """Seconds since the epoch."""
    remaining: dict[str, int]
    """What is left of each quota here."""
