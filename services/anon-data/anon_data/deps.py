"""What a route asks for in its signature."""

from collections.abc import AsyncIterator
from typing import Annotated

from chassis.deps import state
from fastapi import Depends
from mailboxes.deps import Reader

from anon_data.portal_use import PortalUse

__all__ = ["NOTED", "Use"]

Use = Annotated[PortalUse, state("portal_use")]
"""Told of whoever has read something: ``use.read_by(reader)``, once the use case has admitted them."""


async def _noted(reader: Reader, use: Use) -> AsyncIterator[None]:
    # What a route raises is raised here too, so a refused request is no reading.
    yield
    use.read_by(reader)


NOTED = Depends(_noted)
"""For ``dependencies=`` of a route by which a member reads: notes them once it has answered."""
