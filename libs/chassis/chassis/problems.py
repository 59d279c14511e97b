"""Errors as problem documents (RFC 9457): domain classes inside, application/problem+json at the edge.

No document, and no text of one, ever repeats what was sent.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Scope

MEDIA_TYPE = "application/problem+json"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_RESERVED = frozenset({"type", "title", "status"})

Form = Callable[[Mapping[str, object]], tuple[Mapping[str, object], str]]
"""Writes a problem document as another standard writes refusals: the body and its media type."""


class Problem(Exception):  # RFC 9457's word
    """A refusal that the caller can read. Subclasses set type, title and status; keyword arguments are extension members.

    ``type`` is a slug and stands in the document as it is: a relative reference (RFC 9457 section 3.1.1), the same at every host.
    """

    type: ClassVar[str]
    title: ClassVar[str]
    status: ClassVar[int]

    def __init__(self, *, headers: Mapping[str, str] | None = None, **members: object) -> None:
        """Keep the members and headers (such as Retry-After) of this one occurrence."""
        if clash := _RESERVED & members.keys():
            raise TypeError(f"a problem's class sets {', '.join(sorted(clash))}")
        # Members stay out of the exception's text, because texts end up in logs.
        super().__init__(self.type)
        self.members = members
        self.headers = dict(headers or {})

    def __init_subclass__(cls) -> None:
        """Refuse a class that could not be shown."""
        slug: str = getattr(cls, "type", "")
        if not _SLUG.fullmatch(slug) or not getattr(cls, "title", ""):
            raise TypeError(f"{cls.__name__} needs a type (a slug), a title and a status")
        if not 400 <= getattr(cls, "status", 0) <= 599:
            raise TypeError(f"{cls.__name__} needs a status between 400 and 599")

    def document(self) -> dict[str, object]:
        """Return the problem document."""
        return {"type": self.type, "title": self.title, "status": self.status, **self.members}


class Malformed(Problem):
    """The request does not have the documented form. ``errors`` lists locations and kinds of error, never what was sent."""

    type = "malformed"
    title = "The request does not have the documented form"
    status = 422


class TooLarge(Problem):
    """The request's body is larger than the service accepts. ``limit`` is in bytes."""

    type = "too-large"
    title = "The request is too large"
    status = 413


class TooSlow(Problem):
    """The request's body did not arrive in time."""

    type = "too-slow"
    title = "The request took too long to arrive"
    status = 408


class Unavailable(Problem):
    """The service cannot answer now and can be asked again."""

    type = "unavailable"
    title = "The service cannot answer now"
    status = 503


class Busy(Problem):
    """The service has enough to do. Nothing of the request was read: it can be sent again after the seconds of ``Retry-After``."""

    type = "busy"
    title = "The service has too much to do now"
    status = 503


class Internal(Problem):
    """A defect of the service; the document says nothing more."""

    type = "internal"
    title = "The service failed"
    status = 500


def problems(*classes: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that can refuse with these classes."""
    by_status: dict[int | str, dict[str, Any]] = {}
    for kind in sorted(set(classes), key=lambda kind: (kind.status, kind.type)):
        response = by_status.setdefault(kind.status, _response([]))
        schema = response["content"][MEDIA_TYPE]["schema"]["allOf"][1]
        schema["properties"]["type"]["enum"].append(kind.type)
        response["description"] = "; ".join(filter(None, [response["description"], f"{kind.type}: {kind.title}"]))
    return by_status


def response(problem: Problem, scope: Scope) -> JSONResponse:
    """Return a problem as an answer to a request, in the form that its path asks for."""
    return _response_of(problem.document(), problem.status, problem.headers, scope)


def install(app: FastAPI, forms: Mapping[str, Form] = MappingProxyType({})) -> None:
    """Answer every refusal of an application with a problem document, and say so in its OpenAPI document.

    ``forms`` are by path: below such a path refusals are written as its own standard wants them. Unexpected errors go on to
    `chassis.intake.Guard` afterwards, which logs them.
    """
    app.state.forms = forms

    async def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Problem)
        return response(error, request.scope)

    async def unexpected(request: Request, _error: Exception) -> JSONResponse:
        return response(Internal(), request.scope)

    async def malformed(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        return answer_to(error.errors(), request.scope)

    answer_to = malformed_by(app)

    async def by_status(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        phrase = HTTPStatus(error.status_code).phrase
        document = {"type": phrase.lower().replace(" ", "-"), "title": phrase, "status": error.status_code}
        return _response_of(document, error.status_code, error.headers, request.scope)

    app.add_exception_handler(Problem, refused)
    app.add_exception_handler(Exception, unexpected)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, by_status)
    _document_problems(app)


def malformed_by(app: FastAPI) -> Callable[[Sequence[Any], Scope], JSONResponse]:
    """Return what answers an application's requests in which pydantic found errors."""
    known: set[str] = set()

    def malformed(found: Sequence[Any], scope: Scope) -> JSONResponse:
        if not known:
            known.update(_names(app.openapi()))
        return response(Malformed(errors=_errors(found, known)), scope)

    return malformed


def _response_of(document: Mapping[str, object], status: int, headers: Mapping[str, str] | None, scope: Scope) -> JSONResponse:
    forms: Mapping[str, Form] = scope["app"].state.forms if "app" in scope else {}
    path: str = scope["path"]
    form = next((form for prefix, form in forms.items() if path == prefix or path.startswith(f"{prefix}/")), None)
    body, media_type = form(document) if form else (document, MEDIA_TYPE)
    return JSONResponse(body, status, headers=headers, media_type=media_type)


def _errors(found: Sequence[Any], known: set[str]) -> list[dict[str, object]]:
    # A location can hold what was sent: the name of an unknown key, the key of a map. Only documented names are shown.
    return [
        {
            "location": [part if isinstance(part, int) or part in known else "*" for part in item["loc"]],
            "error": item["type"],
        }
        for item in found
    ]


def _names(value: object) -> set[str]:
    names = {"body", "query", "path", "header", "cookie"}
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if isinstance(item.get("properties"), dict):
                names.update(item["properties"])
            if isinstance(item.get("name"), str):
                names.add(item["name"])
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
    return names


def _response(types: list[str]) -> dict[str, Any]:
    narrowed = {"type": "object", "properties": {"type": {"enum": types}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]}
    return {"description": "", "content": {MEDIA_TYPE: {"schema": schema}}}


_SCHEMA = {
    "title": "Problem",
    "description": "A problem document (RFC 9457). Further members depend on the type; none repeats what was sent.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "description": "What went wrong, as a stable slug"},
        "title": {"type": "string", "description": "The same for people"},
        "status": {"type": "integer", "description": "The HTTP status"},
    },
    "required": ["type", "title", "status"],
    "additionalProperties": True,
}


def _document_problems(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _with_problems(
                get_openapi(
                    title=app.title,
                    version=app.version,
                    description=app.description,
                    routes=app.routes,
                    tags=app.openapi_tags,
                    servers=app.servers,
                )
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend its OpenAPI document


def _with_problems(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for operations in document.get("paths", {}).values():
        for operation in operations.values():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            default = operation["responses"].get("422", {}).get("content", {}).get("application/json", {})
            if default.get("schema", {}).get("$ref", "").endswith("/HTTPValidationError"):
                operation["responses"]["422"] = problems(Malformed)[422]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = _SCHEMA
    return document
