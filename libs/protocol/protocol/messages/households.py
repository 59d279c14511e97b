"""Household views at anon-data: what a member lets somebody else read, by a key that the two hand over between themselves."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field

from .base import Bytes32, Message

Shown = Literal["checkups", "costs"]
SHOWN: tuple[Shown, ...] = get_args(Shown)


class GiveView(Message):
    """``PUT /me/views``: let whoever has a code and its PIN read some of this mailbox. 201, or 200 for the same again."""

    handle: Bytes32
    """Random to this host, by which the view is found: of :class:`protocol.view_code.ViewCode`."""
    jkt: Bytes32
    """Thumbprint of the P-256 key that reads; it follows from the code and the PIN."""
    shows: Annotated[tuple[Shown, ...], Field(min_length=1, max_length=len(SHOWN))]
    """Sorted, each once."""
    until: date
    """The last day (UTC) on which it reads."""


class EndView(Message):
    """``POST /me/views/endings``: end a view. Its handle stands in no path, because proxies write paths down."""

    handle: Bytes32


class ViewGiven(Message):
    """A view as its giver sees it."""

    handle: Bytes32
    shows: tuple[Shown, ...]
    until: date
    reads: bool
    """Whether it still reads: not after its last day, ten wrong PINs, or a change of the giver's reader key."""


class ViewsGiven(Message):
    """``GET /me/views``."""

    views: tuple[ViewGiven, ...]
