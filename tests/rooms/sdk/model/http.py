"""What the model's applications share."""

from collections.abc import Awaitable, Callable

from protocol.jose import TokenRefused
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Handler = Callable[[Request], Awaitable[Response]]


class Refused(Exception):
    """A problem document."""

    def __init__(self, status: int, slug: str) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug


def route(path: str, method: str, handler: Handler) -> Route:
    """Return a route that answers refusals as problem documents."""

    async def endpoint(request: Request) -> Response:
        try:
            return await handler(request)
        except Refused as error:
            document = {"type": error.slug, "title": error.slug, "status": error.status}
            return JSONResponse(document, error.status, media_type="application/problem+json")
        except TokenRefused:
            return JSONResponse({"type": "token-refused", "title": "", "status": 401}, 401)

    return Route(path, endpoint, methods=[method])


def answer(message: BaseModel, status: int = 200) -> Response:
    """Return a body of the wire."""
    return Response(message.model_dump_json(exclude_none=True), status, media_type="application/json")
