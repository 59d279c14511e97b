"""How refusals leave: as OAuth's JSON to applications, as pages to people."""

from collections.abc import Callable, Coroutine
from typing import Any

from chassis.problems import Problem
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from gateway.errors import OAuthError, PageError
from gateway.messages import OAuthRefusal
from gateway.pages import page
from gateway.parameters import ParametersRefused

OAUTH_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": OAuthRefusal, "description": "Refused (RFC 6749 section 5.2)"},
    401: {"model": OAuthRefusal, "description": "client_id is not a registered one"},
    429: {"model": OAuthRefusal, "description": "A code was tried too often"},
    503: {"model": OAuthRefusal, "description": "Please ask again"},
}


def redirected(where: str) -> dict[int | str, dict[str, Any]]:
    """Return what ``responses=`` says about a redirect."""
    return {303: {"description": where, "headers": {"Location": {"required": True, "schema": {"type": "string"}}}}}


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OAuthRoute(APIRoute):
    """A route for applications that speak OAuth."""

    def get_route_handler(self) -> Handler:
        """Wrap the handler."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except OAuthError as error:
                return _refusal(error)
            except ParametersRefused:
                return _refusal(OAuthError("invalid_request", "parameters are not a form in UTF-8, too long, or repeated"))

        return handler


class PageRoute(APIRoute):
    """A route that a person's browser is sent to."""

    def get_route_handler(self) -> Handler:
        """Wrap the handler."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except PageError as error:
                return page(error.page, error.back)
            except ParametersRefused:
                return page("expired")
            except Problem:
                return page("unavailable")

        return handler


def _refusal(error: OAuthError) -> JSONResponse:
    body = OAuthRefusal(error=error.error, error_description=error.description)
    return JSONResponse(body.model_dump(), error.status, headers={"Cache-Control": "no-store"})
