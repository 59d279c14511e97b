"""The short way to a route answers as FastAPI does, word for word, and is taken where it matters."""

from datetime import date
from typing import Annotated, Any, ClassVar

import anon_data.app
import gateway.app
import httpx
import keyvault.app
import pytest
from chassis import problems
from chassis.direct import AnsweringRoute, Direct
from chassis.intake import Guard
from chassis.problems import Problem
from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import ASGIApp

JSON = {"content-type": "application/json"}


class Full(Problem):
    """The shelf takes no more."""

    type, title, status = "shelf-full", "The shelf takes no more", 409


class Torn(Exception):
    """A book that cannot be read."""


class Answers(AnsweringRoute):
    """A route that answers torn books itself."""

    answers: ClassVar = {Torn: lambda _error, request: Response(f"torn at {request.url.path}", 418)}


class Book(BaseModel):
    """A body."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=8)
    pages: int | None = None


class Shelf:
    """An application that counts how often its dependencies are asked."""

    def __init__(self) -> None:  # noqa: C901  # a list of routes
        """Define the routes."""
        self.asked = 0
        self.router = APIRouter(dependencies=[Depends(self._open)])
        self.torn = APIRouter(route_class=Answers)

        async def who(request: Request) -> str:
            self.asked += 1
            return request.headers.get("who", "nobody")

        async def loud(who: Annotated[str, Depends(who)]) -> str:
            return who.upper()

        @self.router.post("/books", status_code=201)
        async def put(book: Book, who: Annotated[str, Depends(who)], loud: Annotated[str, Depends(loud)]) -> Book:
            if who == "full":
                raise Full
            return Book(name=loud[:8], pages=book.pages)

        @self.router.get("/raw")
        async def raw(request: Request) -> Response:
            if request.url.query == "unreadable":
                raise RequestValidationError([{"type": "unreadable", "loc": ("body", "secret"), "msg": "", "input": None}])
            return Response(request.url.query, 203, {"x-own": "1"}, media_type="text/plain")

        @self.router.get("/asks")
        async def asks(who: Annotated[str, Header()]) -> Book:
            return Book(name=who)

        @self.router.get("/pages")
        async def pages(who: Annotated[str, Depends(who)], since: date, most: int = 3) -> Book:
            return Book(name=f"{who[:1]}{since.year}", pages=most)

        async def asking(most: int = 3) -> int:
            return most

        @self.router.get("/asked")
        async def asked(most: Annotated[int, Depends(asking)]) -> Book:
            return Book(name="asked", pages=most)

        @self.torn.get("/torn", response_model_exclude_none=True)
        async def torn_or_not(request: Request) -> Book:
            match request.url.query:
                case "torn":
                    raise Torn
                case "full":
                    raise Full
            return Book(name="whole")

        @self.router.get("/books/{name}")
        async def one(name: str) -> Book:
            return Book(name=name)

    async def _open(self, request: Request) -> None:
        if "closed" in request.headers:
            raise Full

    def applications(self) -> tuple[ASGIApp, ASGIApp, Direct]:
        """Return the application by FastAPI alone, by the short way too, and the short way."""
        app = FastAPI()
        problems.install(app)
        app.include_router(self.router)
        app.include_router(self.torn)
        direct = Direct(app, [self.router, self.torn], problems.malformed_by(app))
        return Guard(app), Guard(direct), direct


REQUESTS: list[dict[str, Any]] = [
    {"method": "POST", "url": "/books", "json": {"name": "a", "pages": 3}},
    {"method": "POST", "url": "/books", "json": {"name": "a"}, "headers": {"who": "full"}},
    {"method": "POST", "url": "/books", "json": {"name": "a"}, "headers": {"closed": "1"}},
    {"method": "POST", "url": "/books", "json": {"name": 1, "secret": 2}},
    {"method": "POST", "url": "/books", "json": {"name": 1}, "headers": {"who": "full"}},
    {"method": "POST", "url": "/books", "json": [1]},
    {"method": "POST", "url": "/books", "content": b"{", "headers": JSON},
    {"method": "POST", "url": "/books", "content": b"", "headers": JSON},
    {"method": "POST", "url": "/books", "content": b'{"name":"a"}'},
    {"method": "POST", "url": "/books", "content": b'{"name":"a"}', "headers": {"content-type": "text/plain"}},
    {"method": "POST", "url": "/books", "content": b'{"name":"a"}', "headers": {"content-type": "application/x+json"}},
    {"method": "GET", "url": "/books"},
    {"method": "GET", "url": "/raw?a=1"},
    {"method": "GET", "url": "/raw?unreadable"},
    {"method": "HEAD", "url": "/raw"},
    {"method": "GET", "url": "/raw/"},
    {"method": "GET", "url": "/asks", "headers": {"who": "me"}},
    {"method": "GET", "url": "/asks"},
    {"method": "GET", "url": "/pages?since=2026-01-02&most=4"},
    {"method": "GET", "url": "/pages?since=2026-01-02"},
    {"method": "GET", "url": "/pages?since=2026-01-02&since=2027-01-02&other=1"},
    {"method": "GET", "url": "/pages?since=today&most=many"},
    {"method": "GET", "url": "/pages", "headers": {"who": "me"}},
    {"method": "GET", "url": "/pages?most=many", "headers": {"closed": "1"}},
    {"method": "GET", "url": "/asked?most=5"},
    {"method": "GET", "url": "/books/a"},
    {"method": "GET", "url": "/nothing"},
    {"method": "GET", "url": "/torn"},
    {"method": "GET", "url": "/torn?torn"},
    {"method": "GET", "url": "/torn?full"},
]


async def _answer(app: ASGIApp, request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shelf.test") as client:
        answer = await client.request(**request)
    return answer.status_code, dict(answer.headers), answer.content


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda one: f"{one['method']} {one['url']}")
async def test_both_ways_answer_alike(request_: dict[str, Any]) -> None:
    """Status, headers and body are the same, and so is how often a dependency is asked."""
    shelf = Shelf()
    long, short, _ = shelf.applications()
    expected = await _answer(long, request_)
    asked = shelf.asked

    assert await _answer(short, request_) == expected
    assert shelf.asked == 2 * asked


def test_only_plain_routes_take_it() -> None:
    """A parameter of the path, a header or anything that a dependency reads makes a route take the long way."""
    _, _, direct = Shelf().applications()

    assert direct.routes == {("POST", "/books"), ("GET", "/raw"), ("GET", "/pages"), ("GET", "/torn")}


@pytest.mark.parametrize(
    ("routers", "route"),
    [
        (gateway.app.SERVICE.routers, ("POST", "/token")),
        (keyvault.app.SERVICE.routers, ("POST", "/release")),
        (anon_data.app.SERVICE.routers, ("GET", "/me/checkups")),
        (anon_data.app.SERVICE.routers, ("PUT", "/me/vitals")),
        (anon_data.app.SERVICE.routers, ("GET", "/me/vitals")),
        (anon_data.app.SERVICE.routers, ("GET", "/fhir/Observation")),
    ],
    ids=lambda one: " ".join(one) if isinstance(one[0], str) else "",
)
def test_the_busiest_routes_take_it(routers: list[APIRouter], route: tuple[str, str]) -> None:
    """A parameter too many in their signature would cost every member as much as the cryptography."""
    app = FastAPI()

    assert route in Direct(app, routers, problems.malformed_by(app)).routes
