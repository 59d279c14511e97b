"""The application that the factory makes: problems, strict JSON, limits, headers, health, workers, OpenAPI."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from chassis.app import create_app
from chassis.clock import FixedClock
from chassis.config import ConfigError, load_config
from chassis.main import openapi
from chassis.migrate import migrate
from chassis.problems import Problem
from fastapi import FastAPI
from support.postgres import DatabaseUrls, ThrowawayCluster
from support.sample_service import SERVICE, SQL, SampleConfig, write_sample
from support.serving import serving

JSON = {"Content-Type": "application/json"}


@pytest.fixture
async def app(database_urls: DatabaseUrls, tmp_path: Path) -> FastAPI:
    """Make the sample's application over a migrated database, in the year 2030."""
    await migrate(database_urls.owner_url, [SQL / "migrations"], SQL / "grants.sql", ThrowawayCluster.runtime_role)
    config = load_config(write_sample(tmp_path, database_urls.runtime_url), SampleConfig)
    return create_app(SERVICE, config, clock=FixedClock(datetime(2030, 1, 1, tzinfo=UTC)))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Start the application."""
    async with serving(app) as client:
        yield client


def _document(answer: httpx.Response) -> tuple[int, str, Any]:
    return answer.status_code, answer.headers["content-type"], answer.json()


def _problem(status: int, slug: str, title: str, **members: object) -> tuple[int, str, Any]:
    return status, "application/problem+json", {"type": slug, "title": title, "status": status, **members}


def _malformed(*errors: tuple[list[object], str]) -> tuple[int, str, Any]:
    listed = [{"location": location, "error": error} for location, error in errors]
    return _problem(422, "malformed", "The request does not have the documented form", errors=listed)


async def test_state_clock_and_database_reach_a_route(client: httpx.AsyncClient) -> None:
    """A route receives what the start yielded, the injected clock and the database."""
    texts = [(await client.get(f"/shelves/{name}")).json()["text"] for name in ("greeting", "count")]

    assert texts == ["hello 2030", "0"]


async def test_answers_are_private(client: httpx.AsyncClient) -> None:
    """Answers are not stored, not sniffed, and name no server."""
    headers = (await client.get("/shelves/greeting")).headers

    assert [headers.get(name) for name in ("cache-control", "x-content-type-options", "server")] == ["no-store", "nosniff", None]


async def test_domain_error_is_a_problem(client: httpx.AsyncClient) -> None:
    """A domain error becomes its problem document with members and headers."""
    answer = await client.post("/shelves/low/parcels", json={"weight": 3})

    assert (_document(answer), answer.headers["retry-after"]) == (
        _problem(404, "no-such-shelf", "There is no such shelf", shelves=1),
        "3",
    )


async def test_malformed_payload_is_not_echoed(client: httpx.AsyncClient) -> None:
    """Neither values nor unknown names nor the keys of maps come back."""
    sent = {"weight": "confidential", "surname": "x", "sizes": {"street": "y"}}
    answer = await client.post("/shelves/top/parcels", json=sent)

    assert _document(answer) == _malformed(
        (["body", "weight"], "int_parsing"),
        (["body", "sizes", "*"], "int_parsing"),
        (["body", "*"], "extra_forbidden"),
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b'{"weight": 1, "weight": 2}',
        b'{"weight": NaN}',
        b'{"weight": 1, "label": "\\ud800"}',
        b'{"weight": 1, "label": "\\u0000"}',
        b'{"weight": 1, "label": "\xff"}',
        '{"weight": 1}'.encode("utf-16"),
        b"[" * 100_000,
    ],
)
async def test_loose_json_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    """Only strict JSON is read."""
    answer = await client.post("/shelves/top/parcels", content=body, headers=JSON)

    assert _document(answer) == _malformed((["body"], "json_invalid"))


@pytest.mark.parametrize(
    "kind",
    [
        "application/a_b+json",
        "application/json ; charset=utf-8",
        "application/!#$&^_+json",
        " Application/JSON",
        "application/x~y+JSON; a=b",
        'application/problem+json;"',
        "application/json, text/plain",
        "text/plain",
        "",
    ],
)
async def test_no_content_type_is_read_loosely(client: httpx.AsyncClient, kind: str) -> None:
    """Whatever a body calls itself, a route that reads it as JSON reads strict JSON only."""
    answer = await client.post("/shelves/top/parcels", content=b'{"weight": 1, "weight": 2}', headers={"Content-Type": kind})

    assert answer.status_code == 422


async def test_escaped_text_is_read(client: httpx.AsyncClient) -> None:
    """Escapes of ordinary characters, and an escaped backslash before u0000, are strict JSON."""
    body = b'{"weight": 7, "label": "\\u5272\\ud83d\\ude00\\\\u0000"}'

    assert (await client.post("/shelves/top/parcels", content=body, headers=JSON)).json() == {"text": "7"}


@pytest.mark.parametrize("chunked", [False, True])
async def test_large_body_is_refused(client: httpx.AsyncClient, *, chunked: bool) -> None:
    """A body over 16 MiB is refused whether its length was announced or not."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 1024 * 1024

    content = chunks() if chunked else b" " * (16 * 1024 * 1024 + 1)
    answer = await client.post("/shelves/top/parcels", content=content, headers=JSON)

    assert _document(answer) == _problem(413, "too-large", "The request is too large", limit=16 * 1024 * 1024)


@pytest.mark.parametrize(
    ("method", "path", "problem"),
    [
        ("GET", "/nowhere", (404, "not-found", "Not Found")),
        ("DELETE", "/shelves/greeting", (405, "method-not-allowed", "Method Not Allowed")),
        ("GET", "/shelves/broken/confidential", (500, "internal", "The service failed")),
        ("GET", "/docs", (404, "not-found", "Not Found")),
    ],
)
async def test_every_refusal_is_a_problem(client: httpx.AsyncClient, method: str, path: str, problem: tuple[int, str, str]) -> None:
    """Unknown paths, wrong methods and defects are problem documents without detail."""
    assert _document(await client.request(method, path)) == _problem(*problem)


async def test_failure_answers_the_portal_too(client: httpx.AsyncClient) -> None:
    """An allowed origin may read even a failure; another may read nothing."""
    origins = ("http://localhost:8120", "http://localhost:9999")
    answers = [await client.get("/shelves/broken/x", headers={"Origin": origin}) for origin in origins]

    assert [answer.headers.get("access-control-allow-origin") for answer in answers] == [origins[0], None]


async def test_zero_byte_in_the_address_is_refused(client: httpx.AsyncClient) -> None:
    """PostgreSQL's text cannot hold it, so it goes no further."""
    assert _document(await client.get("/shelves/broken/a%00b")) == _malformed((["path"], "nul"))


async def test_health(client: httpx.AsyncClient) -> None:
    """A service with its database and schema lives and is ready."""
    assert [(await client.get(f"/health/{name}")).json() for name in ("live", "ready")] == [
        {"status": "live"},
        {"status": "ready"},
    ]


async def test_another_schema_is_not_ready(client: httpx.AsyncClient, database_urls: DatabaseUrls) -> None:
    """A service whose database went on without it lives, and is given no more calls until its code is as new."""
    connection = await asyncpg.connect(database_urls.owner_url)
    try:
        await connection.execute("INSERT INTO schema_migration (name, checksum) VALUES ('209901010000_newer.sql', 'x')")
        newer = [_document(await client.get(f"/health/{name}")) for name in ("live", "ready")]
        await connection.execute("DELETE FROM schema_migration WHERE checksum = 'x'")
    finally:
        await connection.close()

    assert [(status, answer.get("type")) for status, _, answer in newer] == [(200, None), (503, "unavailable")]
    assert (await client.get("/health/ready")).status_code == 200


async def test_lost_database_is_unavailable(
    client: httpx.AsyncClient, cluster: ThrowawayCluster, database_urls: DatabaseUrls
) -> None:
    """Without its database a service is not ready, and routes answer 503 with Retry-After."""
    await asyncio.to_thread(cluster.drop_database, database_urls)
    answers = [await client.get(path) for path in ("/health/ready", "/shelves/count")]

    assert [(_document(answer)[2]["type"], answer.headers["retry-after"]) for answer in answers] == [("unavailable", "1")] * 2


async def test_worker_goes_on_after_a_failure(app: FastAPI) -> None:
    """A worker runs again after its work failed, and ends with the application."""
    async with serving(app):
        await asyncio.sleep(0.15)
    ticks = len(app.state.ticks)
    await asyncio.sleep(0.05)

    assert (ticks >= 2, len(app.state.ticks)) == (True, ticks)


async def test_wrong_schema_refuses_to_start(database_urls: DatabaseUrls, tmp_path: Path) -> None:
    """A service does not start on a database whose schema is not its own."""
    config = load_config(write_sample(tmp_path, database_urls.runtime_url), SampleConfig)
    with pytest.raises(ConfigError) as error:
        async with serving(create_app(SERVICE, config)):
            pass

    assert str(error.value) == "database: has no schema yet; run migrate"


def test_openapi_speaks_of_problems_alone() -> None:
    """The document is the same each time, names the problems of a route, and not FastAPI's default error."""
    text = openapi(SERVICE)
    responses = json.loads(text)["paths"]["/shelves/{shelf}/parcels"]["post"]["responses"]
    kinds = {
        status: answer["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["type"]["enum"]
        for status, answer in responses.items()
        if status != "200"
    }

    assert (kinds, "ValidationError" in text, openapi(SERVICE) == text) == (
        {"404": ["no-such-shelf"], "422": ["malformed"]},
        False,
        True,
    )


def test_problem_class_is_checked() -> None:
    """A problem whose type is no slug cannot be written."""
    with pytest.raises(TypeError) as error:
        type("Odd", (Problem,), {"type": "Not A Slug", "title": "x", "status": 400})

    assert str(error.value) == "Odd needs a type (a slug), a title and a status"
