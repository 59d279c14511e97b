"""Calls that one partner alone may make, known by a certificate: at a listener of their own, and nowhere else where there is one.

A dependency or an endpoint says whose call it is (`partner`). A partner's name is the last part of a URI in its certificate,
``urn:warifu:partner:NAME``; what the listener read there stands in a request's state. At everybody's listener nothing does.
"""

import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

URN: Final = "urn:warifu:partner:"
STATE: Final = "partners"
"""Where a connection's names stand in a request's state."""
_MARK: Final = "__partner__"
_NOWHERE: Final = "/-"
"""A path that nobody has."""

F = TypeVar("F", bound=Callable[..., Any])


def partner(name: str) -> Callable[[F], F]:
    """Mark a dependency or an endpoint as one partner's."""

    def mark(function: F) -> F:
        setattr(function, _MARK, name)
        return function

    return mark


def names_in(connection: ssl.SSLObject) -> frozenset[str]:
    """Return the partners' names in the certificate of the other end."""
    said: Any = (connection.getpeercert() or {}).get("subjectAltName", ())
    return frozenset(value.removeprefix(URN) for kind, value in said if kind == "URI" and value.startswith(URN))


@dataclass(frozen=True)
class PartnersRoute:
    """One route that is a partner's."""

    partner: str
    methods: frozenset[str]
    path: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return compile_path(self.path)[0]

    def takes(self, scope: Scope) -> bool:
        """Whether a request goes there."""
        return scope["method"] in self.methods and self._pattern.match(scope["path"]) is not None


class PartnersApart:
    """Answer a partner's calls at the partners' listener to itself, all others at everybody's; elsewhere they are unknown."""

    def __init__(self, app: ASGIApp, routers: Sequence[APIRouter]) -> None:
        """Look at the routes once."""
        self._app = app
        self._routes = partners_routes(routers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and not self._belongs(scope):
            scope = {**scope, "path": _NOWHERE, "raw_path": _NOWHERE.encode()}
        await self._app(scope, receive, send)

    def _belongs(self, scope: Scope) -> bool:
        owner = next((route.partner for route in self._routes if route.takes(scope)), None)
        shown: frozenset[str] | None = scope.get("state", {}).get(STATE)
        return owner is None if shown is None else owner in shown


def partners_routes(routers: Sequence[APIRouter]) -> list[PartnersRoute]:
    """Return the routes whose endpoint, or one of whose dependencies, is marked as a partner's."""
    found = []
    for context in iter_route_contexts([route for router in routers for route in router.routes]):
        route = context.original_route
        if isinstance(route, APIRoute) and (name := _mark_of(route.endpoint, route.dependant)):
            found.append(PartnersRoute(name, frozenset(context.methods or ()), context.path or ""))
    return found


def _mark_of(function: Callable[..., Any], dependant: Dependant) -> str | None:
    own: str | None = getattr(function, _MARK, None)
    return own or next((found for inner in dependant.dependencies if inner.call and (found := _mark_of(inner.call, inner))), None)
