"""Whether the process lives, and whether it can serve: for supervisors and load balancers, outside the contract."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from chassis.deps import Db, state
from chassis.migrate import differences
from chassis.problems import Unavailable, problems
from chassis.service import Service

router = APIRouter(prefix="/health", include_in_schema=False)
ServiceState = Annotated[Service, state("service")]


class Health(BaseModel):
    """The answer of a healthy service."""

    status: str


@router.get("/live")
async def live() -> Health:
    """Answer while the process serves."""
    return Health(status="live")


async def _ready(db: Db, service: ServiceState) -> Health:
    if await differences(db, service.migrations):
        raise Unavailable
    return Health(status="ready")


@router.get("/ready", responses=problems(Unavailable))
async def ready(health: Annotated[Health, Depends(_ready)]) -> Health:
    """Answer when the database is there and its schema is the one this code was written for."""
    return health
