"""Form bodies, read once and strictly."""

from typing import Annotated, Any

from fastapi import Depends, Request

from gateway.parameters import FORM, Parameters


async def _form(request: Request) -> Parameters:
    form = Parameters.of_form(request.headers, await request.body())
    form.refuse_repeats("resource")
    return form


async def _query(request: Request) -> Parameters:
    query = Parameters(request.scope["query_string"])
    query.refuse_repeats("resource")
    return query


Form = Annotated[Parameters, Depends(_form)]
"""The parameters of a form post; only ``resource`` may be repeated."""

Query = Annotated[Parameters, Depends(_query)]
"""The parameters of a URL; only ``resource`` may be repeated."""


def documented_form(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    """Return what OpenAPI says about a form whose fields this module reads."""
    schema = {"type": "object", "required": required, "properties": properties}
    return {"requestBody": {"required": True, "content": {FORM: {"schema": schema}}}}


def documented_query(
    properties: dict[str, str], required: tuple[str, ...], cookie: str | None = None, path: dict[str, str] | None = None
) -> dict[str, Any]:
    """Return what OpenAPI says about a URL whose parameters this module reads, and about the cookie that comes with it."""
    places = [("path", name, said) for name, said in (path or {}).items()]
    places += [("query", name, said) for name, said in properties.items()]
    if cookie is not None:
        places.append(("cookie", cookie, "Of the browser that was sent to the provider"))
    return {
        "parameters": [
            {"name": name, "in": place, "required": place != "query" or name in required, "schema": TEXT, "description": said}
            for place, name, said in places
        ]
    }


TEXT: dict[str, str] = {"type": "string"}
TEXTS: dict[str, Any] = {"type": "array", "items": TEXT}
