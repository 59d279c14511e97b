"""The short way to a route: called by its exact path, with what its signature asks for, and answered.

FastAPI's own handling of one request took about a fifth of a release's processor time: a dozen wrapped coroutines, two context
stacks, a parsed body parsed again. A route takes the short way when its signature says all there is to know: a fixed path,
parameters of the query, at most one JSON body, dependencies that ask for the request and for each other, an answer that is a
response or a model. Nothing is written twice for it; every other request, also one whose body is no JSON or whose query is not as
it should be, goes to FastAPI, which would answer the same.
"""

import inspect
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, get_type_hints

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.intake import PARSED
from chassis.problems import Problem, response

Solved = dict[Callable[..., Any], object]
"""What the dependencies of one request returned: each is asked once."""
Solve = Callable[[Request, Solved], Awaitable[dict[str, Any]]]
Malformed = Callable[[Sequence[Any], Scope], Response]
"""Takes pydantic's errors and the request's scope, and returns the answer to them."""


class AnsweringRoute(APIRoute):
    """A route that answers some exceptions in a way of its own, on either way to it."""

    answers: ClassVar[Mapping[type[Exception], Callable[[Any, Request], Response]]] = {}
    """By class of exception; the first that fits."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler with these answers."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except tuple(self.answers) as error:
                return self.answer_to(error, request)

        return handler

    def answer_to(self, error: Exception, request: Request) -> Response:
        """Return the answer to one of these exceptions."""
        return next(answer for kind, answer in self.answers.items() if isinstance(error, kind))(error, request)


@dataclass(frozen=True)
class _Short:
    """A route that may be called directly."""

    route: APIRoute
    solve: Solve
    endpoint: Callable[..., Awaitable[Any]]
    body: str | None
    """The name of the parameter that takes the body."""
    status: int
    exceptions: tuple[type[Exception], ...]
    """Which the route answers itself."""


class Direct:
    """Answer the routes that allow it; hand everything else on."""

    def __init__(self, app: ASGIApp, routers: Iterable[APIRouter], malformed: Malformed) -> None:
        """Look at the routes of the application once."""
        self._app = app
        self._malformed = malformed
        self._routes = dict(_short_ways(routers))

    @property
    def routes(self) -> "set[tuple[str, str]]":
        """The methods and paths that are answered directly."""
        return set(self._routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        short = self._routes.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if short is None or (short.body is not None and PARSED not in scope):
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        wanted = short.route.dependant.query_params
        query, errors = request_params_to_args(wanted, request.query_params) if wanted else ({}, [])
        if errors:
            await self._app(scope, receive, send)
            return
        scope["route"] = short.route
        try:
            answer = await self._answer(short, request, query)
        except short.exceptions as error:
            assert isinstance(short.route, AnsweringRoute)
            answer = short.route.answer_to(error, request)
        except Problem as problem:
            answer = response(problem, scope)
        except RequestValidationError as error:
            answer = self._malformed(error.errors(), scope)
        await answer(scope, receive, send)

    async def _answer(self, short: _Short, request: Request, query: dict[str, Any]) -> Response:
        arguments = await short.solve(request, {}) | query
        if short.body is not None:
            field = short.route.dependant.body_params[0]
            value, errors = field.validate(request.scope[PARSED], {}, loc=("body",))
            if errors:
                return self._malformed(errors, request.scope)
            arguments[short.body] = value
        result = await short.endpoint(**arguments)
        if isinstance(result, Response):
            return result
        said = result.model_dump_json(by_alias=True, exclude_none=short.route.response_model_exclude_none)
        return Response(said, short.status, media_type="application/json")


def _short_ways(routers: Iterable[APIRouter]) -> Iterable[tuple[tuple[str, str], _Short]]:
    for router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute) and (short := _short(route)) is not None:
                for method in route.methods or ():
                    yield (method, route.path), short


def _short(route: APIRoute) -> _Short | None:
    dependant = route.dependant
    endpoint = dependant.call
    if "{" in route.path or endpoint is None or not inspect.iscoroutinefunction(endpoint):
        return None
    if type(route).get_route_handler not in (APIRoute.get_route_handler, AnsweringRoute.get_route_handler):
        return None
    answer = get_type_hints(endpoint).get("return")
    if not (isinstance(answer, type) and issubclass(answer, Response | BaseModel)):
        return None
    body = dependant.body_params
    # Several bodies, or one under its own name, are wrapped in an object.
    if len(body) > 1 or (body and not _is_model(body[0].field_info.annotation)):
        return None
    solve = _solver(dependant, query=True)
    if solve is None:
        return None
    exceptions = tuple(route.answers) if isinstance(route, AnsweringRoute) else ()
    return _Short(route, solve, endpoint, body[0].name if body else None, route.status_code or 200, exceptions)


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _solver(dependant: Dependant, *, query: bool = False) -> Solve | None:
    """Return what finds a signature's arguments, but for the query's and the body; None where it asks for more than the request."""
    asks = (
        dependant.path_params,
        [] if query else dependant.query_params,
        dependant.header_params,
        dependant.cookie_params,
        dependant.websocket_param_name,
        dependant.response_param_name,
        dependant.background_tasks_param_name,
        dependant.security_scopes_param_name,
    )
    if any(asks):
        return None
    requests = [name for name in (dependant.request_param_name, dependant.http_connection_param_name) if name]
    needed: list[tuple[str | None, Callable[..., Awaitable[object]], Solve]] = []
    for each in dependant.dependencies:
        call, solve = each.call, _solver(each)
        # A generator would have something to finish after the answer.
        if solve is None or each.body_params or call is None or not inspect.iscoroutinefunction(call):
            return None
        needed.append((each.name, call, solve))

    async def solved(request: Request, before: Solved) -> dict[str, Any]:
        arguments: dict[str, Any] = dict.fromkeys(requests, request)
        for name, call, solve in needed:
            if call not in before:
                before[call] = await call(**await solve(request, before))
            if name is not None:
                arguments[name] = before[call]
        return arguments

    return solved
