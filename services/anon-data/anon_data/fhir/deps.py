"""What a FHIR route asks for in its signature."""

from collections.abc import Mapping
from typing import Annotated, Any

from chassis.deps import state
from chassis.problems import Malformed, TooLarge
from fastapi import Depends, Request
from mailboxes.deps import READER_PROBLEMS
from windows import Deployed

from anon_data.code_table import KnownCodes
from anon_data.fhir import negotiation
from anon_data.fhir.errors import BodyRefused, FormatRefused, InteractionRefused, ResourceRefused
from anon_data.fhir.writes import parsed

PREFIX = "/fhir"
ASKED = (*READER_PROBLEMS, FormatRefused, Malformed)
"""Every way in which a member's request can be refused, whatever it asks for; for a route's ``responses=outcomes(...)``."""
SENT = (*ASKED, BodyRefused, InteractionRefused, ResourceRefused, TooLarge)
"""The same for a request with a body."""

Codes = Annotated[KnownCodes, state("known_codes")]


async def _base(request: Request) -> str:
    deployed: Deployed = request.app.state.deployed
    return deployed.origin + PREFIX


async def _json(request: Request) -> None:
    negotiation.accept(request.headers.get("accept"), request.query_params.get("_format"))


async def _ndjson(request: Request) -> None:
    negotiation.accept(request.headers.get("accept"), None, negotiation.NDJSON)


async def _body(request: Request) -> Any:
    negotiation.require_json(request.headers.get("content-type"))
    return parsed(await request.body())


async def _conditions(request: Request) -> Mapping[str, str | None]:
    return {name: request.headers.get(name) for name in ("if-match", "if-none-match", "if-none-exist")}


async def _parameters(request: Request) -> list[tuple[str, str]]:
    return list(request.query_params.multi_items())


async def _preferences(request: Request) -> frozenset[str]:
    said = ",".join(request.headers.getlist("prefer"))
    return frozenset(one.strip().lower().replace('"', "") for one in said.replace(";", ",").split(","))


Base = Annotated[str, Depends(_base)]
"""The address of this FHIR server."""
Body = Annotated[Any, Depends(_body)]
"""The body's JSON, its numbers as they are written."""
Conditions = Annotated[Mapping[str, str | None], Depends(_conditions)]
"""If-Match and its like, by their lower-case names."""
Parameters = Annotated[list[tuple[str, str]], Depends(_parameters)]
"""The query's parameters as they were sent."""
Preferences = Annotated[frozenset[str], Depends(_preferences)]
"""What the header Prefer asks for."""
IN_JSON, IN_NDJSON = Depends(_json), Depends(_ndjson)
"""For a route's ``dependencies``: the answer is wanted in this format."""
