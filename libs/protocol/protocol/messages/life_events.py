"""What happens to a member over the years, as the registrar tells the authorities. Rows are sorted by ``ref``.

Every row of these calls proves that its reference is on the list that the officers signed. All may be repeated.
"""

from typing import Annotated

from pydantic import Field

from protocol.subjects import SubjectProof

from .base import BATCH_ROWS, Bytes16, Message
from .verifiers import EnrolledVerifier, Time

RECOVERY_DELAY = 24 * 3600
"""Seconds until a recovery takes effect, so that whoever still has a way in can cancel it."""


class Recovery(Message):
    """New verifiers for a member who may have been released to."""

    ref: Bytes16
    subject: SubjectProof
    verifiers: Annotated[tuple[EnrolledVerifier, ...], Field(min_length=1, max_length=8)]
    """Take effect after :data:`RECOVERY_DELAY`, unless cancelled. Those of the same kind and role that have ended are
    removed, and pending ones are replaced."""


class Recover(Message):
    """``POST /recoveries`` (window ``recover``; spends quota ``recover``, one a row)."""

    rows: Annotated[tuple[Recovery, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class Recovering(Message):
    """When each row's verifiers take effect; the same call again does not move it."""

    not_before: tuple[Time, ...]


class Access(Message):
    """Until when a member may sign in. Says the whole: what is left out has no end."""

    ref: Bytes16
    subject: SubjectProof
    ends: Time | None = None
    """From then on nothing is released to the member; open sessions end with it."""
    work_account_ends: Time | None = None
    """From then on the group's provider no longer vouches for the member."""
    guardians_end: Time | None = None
    """From then on no guardian signs in to the member's account, though the guardianship would last longer. Guardians' letters
    are withdrawn at once. When the time has come all else of guardians is removed too, and open sessions end: another guardian is
    a recovery, and nothing brings the earlier one back."""


class SetAccess(Message):
    """``POST /access`` (window ``suspend``; spends quota ``suspend``, one a row)."""

    rows: Annotated[tuple[Access, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class Erasure(Message):
    """A member to be forgotten: salts, verifiers, references, bundle and record go, and cannot come back."""

    ref: Bytes16
    subject: SubjectProof


class Erase(Message):
    """``POST /erasures`` (window ``erase``; spends quota ``erase``, one a row)."""

    rows: Annotated[tuple[Erasure, ...], Field(min_length=1, max_length=BATCH_ROWS)]


class Withdraw(Message):
    """``POST /letters/withdrawals`` (window ``enrol``; spends quota ``withdraw``, one a row): their letters end."""

    refs: Annotated[tuple[Bytes16, ...], Field(min_length=1, max_length=BATCH_ROWS)]
