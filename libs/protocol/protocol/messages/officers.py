"""The officers' lists at a host, and what one officer may ask of it."""

from typing import Annotated

from pydantic import Field, StrictInt

from protocol.deployment import B64

from .base import Bytes16, Bytes64, Message


class Officers(Message):
    """``PUT /officers`` sends the list that follows the current one; ``GET /officers`` answers with the current one.

    The answer about a list that deployment.json pins carries no signatures: everybody pins it too.
    """

    officers: B64
    """The list's exact bytes (:class:`protocol.officers.SignedOfficerList`)."""
    signatures: Annotated[dict[str, Bytes64], Field(max_length=64)]
    """By officer id."""


class OfficersAccepted(Message):
    """The number of the officers' list that the host now goes by."""

    number: int


class OfficerCall(Message):
    """``POST /officers/requests``: one current officer asks for the windows that are open here, or closes one."""

    officer: str
    request: B64
    """Exact bytes of a :class:`protocol.officers.OfficerRequest`."""
    signature: Bytes64


class QuotaState(Message):
    """One use of a window."""

    quota: int
    left: int


class WindowState(Message):
    """One window at this host whose time is not over."""

    id: Bytes16
    purpose: str
    expires: StrictInt
    """Seconds since the epoch."""
    quotas: dict[str, QuotaState]
    closed: bool


class WindowsHere(Message):
    """The windows whose time is not over, those that end first before the others."""

    windows: tuple[WindowState, ...]
