"""Steps at programs: absolute totals of a device-local day."""

from datetime import date
from typing import Annotated

from pydantic import Field

from .base import Bytes16, Bytes32, Message
from .records import ItemResult

MOST_STEPS = 200_000
_Steps = Annotated[int, Field(ge=0, le=MOST_STEPS)]


class StepDay(Message):
    """All steps of one day as the phone's system counts them; a newer ``seq`` of the same install replaces, also by less.

    The day is the device's own calendar day, wherever it was; hosts never move it.
    """

    day: date
    steps: _Steps
    """Measured ones alone."""
    manual_steps: _Steps = 0
    """Typed by the member, in addition."""
    seq: Annotated[int, Field(ge=0, lt=2**62)]


class PutStepDays(Message):
    """``PUT /me/step-days``, ``PUT /install/step-days``: at most 62 days of one installation."""

    install: Bytes16
    """Random id of this installation, made for this host alone."""
    items: Annotated[tuple[StepDay, ...], Field(min_length=1, max_length=62)]


class StepResults(Message):
    """One result an item, in their order, and when to come back."""

    results: tuple[ItemResult, ...]
    next_sync_after: int
    """Seconds from now, different for everybody: phones that were all unlocked at eight shall not all come again at nine."""


class StepDays(Message):
    """``GET /me/step-days?since=&until=``: one total a day, of the chosen installation, or else the largest of all."""

    items: tuple[StepDay, ...]


class StepSource(Message):
    """``PUT``, ``GET /me/step-source``: the installation that counts where it has a total; None: the largest counts."""

    install: Bytes16 | None


class PutInstallKey(Message):
    """``PUT /me/install-keys``: lets a key of this installation write steps, and nothing else, also after the member logged off."""

    install: Bytes16
    jkt: Bytes32
    """RFC 7638 thumbprint of the installation's P-256 key."""


class RevokeInstallKey(Message):
    """``POST /me/install-keys/revocations``: no key of this installation writes any more."""

    install: Bytes16


class InstallKeys(Message):
    """``GET /me/install-keys``: the installations whose keys may write."""

    installs: tuple[Bytes16, ...]
