"""The committed OpenAPI documents are what the services say, and say enough."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / "contracts"
HOSTS = ("gateway", "keyvault", "identity", "anon-data", "programs")
PROBLEM = "application/problem+json"
# HL7 FHIR says how these refuse: by an OperationOutcome.
FHIR, OUTCOME = "/fhir", "application/fhir+json"
# Names of code systems look like addresses.
NAMES = {b"http://loinc.org", b"http://unitsofmeasure.org"}
# They are asked nothing, so they have nothing to refuse.
CONSTANT = {
    "/authority",
    "/consents",
    "/jwks",
    "/staff/list",
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
}
# RFC 6749 says how these refuse, RFC 6750 how userinfo does; a person's browser is refused with a page at the others.
OAUTH = {
    "/upstream/{name}/logout",
    *("/par", "/local-sign-in/application", "/local-sign-in/proof", "/token", "/introspect", "/revoke", "/userinfo"),
    *("/staff/par", "/staff/token", "/staff/sign-out", "/staff/sign-ins", "/staff/sign-ins/end", "/staff/upstream/logout"),
}
PAGES = {
    "/authorize",
    "/staff/authorize",
    "/staff/callback",
    "/upstream/{name}/callback",
    "/local-sign-in",
    "/local-sign-in/finish",
    "/local-sign-in/end",
    "/logout",
    "/logout/confirm",
}

per_host = pytest.mark.parametrize("host", HOSTS)


@cache
def spoken(host: str) -> bytes:
    """Return what the service's own command prints."""
    command = [sys.executable, "-m", host.replace("-", "_"), "openapi"]
    done = subprocess.run(command, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def operations(host: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield name, path and description of every operation."""
    for path, methods in json.loads(spoken(host))["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", path, operation


def refusals(operation: dict[str, Any]) -> dict[str, Any]:
    """Return an operation's answers of 400 and above."""
    return {status: answer for status, answer in operation["responses"].items() if status.startswith(("4", "5"))}


@per_host
def test_document_is_current(host: str) -> None:
    """The committed document is byte for byte what the service prints."""
    path = CONTRACTS / f"{host}.openapi.json"
    committed = path.read_bytes() if path.exists() else b""

    assert committed == spoken(host), f"contracts/{path.name} is stale: run make contracts"


@per_host
def test_no_foreign_refusals(host: str) -> None:
    """No document speaks of the framework's own validation errors, which echo what was sent."""
    assert b"ValidationError" not in spoken(host)


@per_host
def test_operations_are_explained(host: str) -> None:
    """Every operation has a summary and says what it does in a sentence."""
    found = [
        name
        for name, _, operation in operations(host)
        if operation.get("summary", "").strip() != operation.get("summary") or not operation.get("description", "").endswith(".")
    ]

    assert found == []


@per_host
def test_operations_say_how_they_refuse(host: str) -> None:
    """Every operation that is asked something documents a refusal."""
    assert [name for name, path, operation in operations(host) if path not in CONSTANT and not refusals(operation)] == []


@per_host
def test_refusals_are_problem_documents(host: str) -> None:
    """Refusals are problem documents that name their types."""
    found = []
    for name, path, operation in operations(host):
        if path in OAUTH | PAGES or path.startswith(FHIR):
            continue
        for status, answer in refusals(operation).items():
            schema = answer.get("content", {}).get(PROBLEM, {}).get("schema", {})
            if not schema.get("allOf", [{}, {}])[1].get("properties", {}).get("type", {}).get("enum"):
                found.append(f"{name}: {status}")

    assert found == []


def test_fhir_refuses_with_outcomes() -> None:
    """Below /fhir every refusal is an OperationOutcome."""
    found = [
        f"{name}: {status}"
        for name, path, operation in operations("anon-data")
        for status, answer in refusals(operation).items()
        if path.startswith(FHIR) and list(answer["content"]) != [OUTCOME]
    ]

    assert found == []


@per_host
def test_operations_are_told_apart(host: str) -> None:
    """Every operation has an id of its own, from which clients are generated."""
    ids = [operation["operationId"] for _, _, operation in operations(host)]

    assert len(ids) == len(set(ids))


@per_host
def test_document_names_no_origin(host: str) -> None:
    """A document is of every deployment: it names no server."""
    document = json.loads(spoken(host))
    addresses = set(re.findall(rb"https?://[^\"]*", spoken(host))) - NAMES

    assert ("servers" in document, addresses) == (False, set())
