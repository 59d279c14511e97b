"""The routes of an authority."""

from collections.abc import Sequence

from fastapi import APIRouter

from authority.routes import enrolment, logout, public, release, rotation, verifiers


def routers(*, logout: bool = False) -> Sequence[APIRouter]:
    """Return the routes that every authority has; with ``logout`` those that end a session, which the gateway has as its own."""
    # Routes are tried one after the other: what every session asks for comes first.
    common = [release.router, rotation.router, verifiers.router, enrolment.router, public.router]
    return [*common, logout_router] if logout else common


logout_router = logout.router
