"""Pushed authorization requests: what is refused, and that a refusal never redirects and never echoes."""

from typing import Any

import pytest
from protocol import dpop, jose
from protocol.encoding import b64u
from protocol.jose import generate_p256
from rooms.gateway.application import REDIRECT, Application
from rooms.gateway.house import House

FOREIGN_REDIRECTS = [
    "http://127.0.0.1:49152/callback/",
    "http://127.0.0.1:49152/callback/more",
    "http://127.0.0.1:49152/../callback",
    "http://127.0.0.1:49152/%2fcallback",
    "http://127.0.0.1:49152/x/../callback",
    "http://127.0.0.1:49152/Callback",
    "http://127.0.0.1:49152/callback?next=x",
    "http://127.0.0.1:49152/callback#x",
    "http://127.0.0.1:0/callback",
    "http://127.0.0.1:99999/callback",
    "http://127.0.0.1:/callback",
    "http://127.0.0.1:80:80/callback",
    "http://127.0.0.1:1@evil.example/callback",
    "http://127.0.0.1@evil.example/callback",
    "http://127.0.0.1.evil.example/callback",
    "http://evil.example/callback",
    "http://localhost:49152/callback",
    "http://[::1]:49152/callback",
    "https://127.0.0.1:49152/callback",
    "HTTP://127.0.0.1:49152/callback",
    "http://１27.0.0.1:49152/callback",
    "http://127.0.0.1:４9152/callback",
    "javascript:alert(1)",
    "https://other.example/callback",
    None,
]


@pytest.mark.parametrize("redirect_uri", FOREIGN_REDIRECTS)
async def test_foreign_redirect_is_refused(shared: House, redirect_uri: str | None) -> None:
    """A redirect URI that is not the registered one, character by character, is an error at the push, without a redirect."""
    answer = await Application(shared).push(redirect_uri=redirect_uri)

    assert (answer.status_code, answer.json()["error"], "location" in answer.headers) == (400, "invalid_request", False)


@pytest.mark.parametrize("port", ["", ":1", ":65535"])
async def test_any_loopback_port_is_fine(shared: House, port: str) -> None:
    """A native application chooses its port when it listens (RFC 8252 section 7.3)."""
    answer = await Application(shared).push(redirect_uri=f"http://127.0.0.1{port}/callback")

    assert answer.status_code == 201


REFUSALS: list[tuple[dict[str, Any], str]] = [
    ({"client_id": "nobody"}, "invalid_client"),
    ({"client_id": None}, "invalid_client"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": None}, "unsupported_response_type"),
    ({"response_mode": "web_message"}, "invalid_request"),
    ({"scope": "openid email"}, "invalid_scope"),
    ({"scope": None}, "invalid_scope"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"max_age": "soon"}, "invalid_request"),
    ({"claims": "[]"}, "invalid_request"),
    ({"claims": '{"id_token": {"acr": {"values": [1]}}}'}, "invalid_request"),
    ({"id_token_hint": "x.y.z"}, "invalid_request"),
    ({"client_secret": "marker"}, "invalid_client"),
    ({"request": "x.y.z"}, "request_not_supported"),
    ({"request_uri": "urn:ietf:params:oauth:request_uri:x"}, "invalid_request"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"code_challenge": "=" * 43}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"resource": None}, "invalid_target"),
    ({"resource": "http://localhost:8104"}, "invalid_target"),
    ({"resource": "http://localhost:8101/"}, "invalid_target"),
    ({"resource": ["http://localhost:8101", "https://evil.example"]}, "invalid_target"),
    ({"resource": ["http://localhost:8101", "http://localhost:8101"]}, "invalid_target"),
    ({"redirect_uri": [REDIRECT, REDIRECT]}, "invalid_request"),
    ({"state": ["one", "two"]}, "invalid_request"),
    ({"unknown": ["one", "two"]}, "invalid_request"),
    ({"state": "s" * 2049}, "invalid_request"),
    ({"nonce": "n" * 256}, "invalid_request"),
    ({"state": "a\0b"}, "invalid_request"),
    ({"dpop_jkt": "short"}, "invalid_request"),
    ({"dpop_jkt": b64u(bytes(32))}, "invalid_dpop_proof"),
]


@pytest.mark.parametrize(("change", "error"), REFUSALS)
async def test_refusal(shared: House, change: dict[str, Any], error: str) -> None:
    """What is not as it must be gets the error that OAuth has for it, as JSON."""
    answer = await Application(shared).push(**change)

    assert (answer.json()["error"], answer.headers["content-type"]) == (error, "application/json")


async def test_long_state_and_unknown_parameters_are_fine(shared: House) -> None:
    """A state of 2,000 characters comes back whole, and a parameter nobody knows is ignored."""
    application = Application(shared, state="s" * 2000)
    answer = await application.answered(something="else")

    assert answer["state"] == application.state


async def test_refusals_do_not_echo(shared: House) -> None:
    """Nothing of what was sent stands in a refusal."""
    answer = await Application(shared).push(redirect_uri="https://marker.example/", client_id="marker", state="marker")

    assert "marker" not in answer.text


@pytest.mark.parametrize("body", [b"client_id=%zz", b"client_id=%ff", b"\xff", b"a=1&" * 50])
async def test_what_is_no_form_is_refused(shared: House, body: bytes) -> None:
    """Broken escapes, other encodings and floods of parameters are an invalid request."""
    answer = await shared.client.post("/par", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_json_is_no_form(shared: House) -> None:
    """Another content type is refused."""
    answer = await shared.client.post("/par", json={"client_id": "warifu-cli"})

    assert answer.json()["error"] == "invalid_request"


async def test_key_must_be_named(shared: House) -> None:
    """Without a proof and without dpop_jkt nothing would bind the code."""
    answer = await Application(shared).push(headers={})

    assert answer.json()["error"] == "invalid_request"


async def test_named_key_binds_like_a_proof(shared: House) -> None:
    """dpop_jkt alone binds the code to its key (RFC 9449 section 10)."""
    application = Application(shared)
    code = await application.code(headers={}, dpop_jkt=b64u(jose.thumbprint(application.key)))
    other = await application.redeem(code, key=generate_p256())

    assert other.json()["error"] == "invalid_grant"


async def test_proof_counts_once(shared: House) -> None:
    """The same proof a second time is refused."""
    application = Application(shared)
    headers = {"DPoP": application.proof("/par")}
    errors = [(await application.push(headers=headers)).json().get("error") for _ in range(2)]

    assert errors == [None, "invalid_dpop_proof"]


@pytest.mark.parametrize(
    ("path", "at", "status"), [("/par", 0, 201), ("/par", 9, 201), ("/par", 61, 400), ("/par", -3600, 400), ("/token", 0, 400)]
)
async def test_proof_is_for_here_and_now(shared: House, path: str, at: int, status: int) -> None:
    """A proof for another URL, too old, or too far ahead is refused; ten seconds ahead are not."""
    application = Application(shared)
    answer = await application.push(headers={"DPoP": application.proof(path, at=at)})

    assert answer.status_code == status


@pytest.mark.parametrize(("origin", "status"), [("http://localhost:8101", 201), ("http://evil.example", 400)])
async def test_proof_is_for_the_configured_origin(shared: House, origin: str, status: int) -> None:
    """A Host header moves nothing: only a proof for the configured origin counts."""
    application = Application(shared)
    proof = dpop.make(application.key, "POST", f"{origin}/par", shared.clock.timestamp())
    headers = {"DPoP": proof, "Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}

    assert (await application.push(headers=headers)).status_code == status


async def test_two_proofs_are_refused(shared: House) -> None:
    """Exactly one proof."""
    application = Application(shared)
    answer = await application.push(headers=[("DPoP", application.proof("/par")), ("DPoP", application.proof("/par"))])

    assert answer.json()["error"] == "invalid_dpop_proof"
