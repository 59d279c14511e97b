"""The routes of an authority."""

from collections.abc import Sequence

from fastapi import APIRouter

from authority.routes import enrolment, life_events, log, public, release, rotation, search, verifiers
from authority.routes import logout as logging_out

# Routes are tried one after the other: what every session asks for comes first.
_COMMON = (
    release.router,
    rotation.router,
    verifiers.router,
    enrolment.router,
    life_events.router,
    search.router,
    public.router,
    log.router,
)


def routers(*, logout: bool = False) -> Sequence[APIRouter]:
    """Return the routes that every authority has; with ``logout`` those that end a session, which the gateway has as its own."""
    return [*_COMMON, logging_out.router] if logout else _COMMON
