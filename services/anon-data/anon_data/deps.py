"""What a route asks for in its signature."""

from typing import Annotated

from chassis.deps import state

from anon_data.analysts import Analysts
from anon_data.plan_shelf import PlanShelf
from anon_data.portal_use import PortalUse

__all__ = ["Asked", "Shelf", "Use"]

Use = Annotated[PortalUse, state("portal_use")]
"""Told of whoever has read something: ``use.read_by(reader)``, once the use case has admitted them."""

Asked = Annotated[Analysts, state("analysts")]
"""The newest snapshot: ``analysts.ask(question)``."""

Shelf = Annotated[PlanShelf, state("plan_shelf")]
"""The Data Health Plans: ``shelf.plan(name)``."""
