"""What a route asks for in its signature."""

from typing import Annotated

from chassis.deps import state

from anon_data.analysts import Analysts
from anon_data.portal_use import PortalUse

__all__ = ["Asked", "Use"]

Use = Annotated[PortalUse, state("portal_use")]
"""Told of whoever has read something: ``use.read_by(reader)``, once the use case has admitted them."""

Asked = Annotated[Analysts, state("analysts")]
"""The newest snapshot: ``analysts.ask(question)``."""
