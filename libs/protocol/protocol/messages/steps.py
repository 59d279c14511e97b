"""Steps at programs: absolute totals of a device-local day."""

from datetime import date
from typing import Annotated

from pydantic import Field

from .base import Bytes16, Message


class StepDay(Message):
    """All steps of one day as the phone's system counts them; a newer ``seq`` of the same install replaces, also by less."""

    day: date
    steps: Annotated[int, Field(ge=0, le=200_000)]
    seq: Annotated[int, Field(ge=0, lt=2**62)]


class PutStepDays(Message):
    """``PUT /me/step-days``: at most 62 days of one installation; answered with :class:`protocol.messages.records.Results`."""

    install: Bytes16
    """Random id of this installation, made for this host alone."""
    items: Annotated[tuple[StepDay, ...], Field(min_length=1, max_length=62)]


class StepDays(Message):
    """``GET /me/step-days?since=&until=``: one total a day, the largest of the member's installations."""

    items: tuple[StepDay, ...]
