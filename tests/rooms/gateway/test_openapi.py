"""The OpenAPI document of what a browser is sent to: its parameters, its redirect, and the pages that it may see instead."""

from typing import Any

import pytest
from chassis.app import documented_app
from gateway.app import SERVICE


def operation(path: str) -> dict[str, Any]:
    described: dict[str, Any] = documented_app(SERVICE).openapi()["paths"][path]["get"]
    return described


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "/upstream/{name}/callback",
            {
                ("path", "name", True),
                ("query", "state", True),
                ("query", "code", False),
                ("query", "error", False),
                ("query", "iss", False),
                ("cookie", "warifu_gateway_flow", True),
            },
        ),
    ],
)
def test_parameters_are_documented(path: str, expected: set[tuple[str, str, bool]]) -> None:
    """Each parameter that the route reads, and whether it is needed."""
    assert {(one["in"], one["name"], one["required"]) for one in operation(path)["parameters"]} == expected


@pytest.mark.parametrize(
    ("path", "expected"), [("/authorize", ["400", "503"]), ("/upstream/{name}/callback", ["400", "403", "503"])]
)
def test_pages_are_documented(path: str, expected: list[str]) -> None:
    """Refusals are pages; a success is a redirect."""
    answers = operation(path)["responses"]
    refusals = {status: list(answer["content"]) for status, answer in answers.items() if int(status) >= 400}

    assert (refusals, list(answers["303"]["headers"])) == ({status: ["text/html"] for status in expected}, ["Location"])
