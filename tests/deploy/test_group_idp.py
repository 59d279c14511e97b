"""The group's identity provider, driven as a browser and the two relying parties drive it."""

import hashlib
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import KeySet
from local import table
from local.group import EVIDENCE_CLIENT, GATEWAY_CLIENT, PROVIDER_NAME, STAFF_CLIENT, write_accounts
from local.layout import PROCESSES
from local.secrets import encode
from local.system import System

PROVIDER = tuple(process for process in table.load(PROCESSES) if process.name == "group-idp")
LOOPBACK = "http://127.0.0.1:53211/callback"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory, find_base_port: Callable[[], int]) -> AsyncIterator[System]:
    """Run the provider alone, with two fictional employees."""
    async with System(tmp_path_factory.mktemp("idp") / "home", find_base_port(), PROVIDER) as running:
        write_accounts(
            running.layout,
            [
                {"work_id": "E-0001", "name": "架空 花子"},
                {"work_id": "E-0002", "name": "架空 太郎", "passphrase": "own words"},
                {"work_id": "S-0001", "name": "事務 一子", "groups": ["warifu-office"]},
            ],
        )
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def browser(system: System) -> AsyncIterator[httpx.AsyncClient]:
    """Be a browser: keeps cookies, follows nothing by itself."""
    async with httpx.AsyncClient(base_url=system.group_issuer) as client:
        yield client


def request_of(client_id: str, redirect_uri: str, **more: str) -> tuple[dict[str, str], str]:
    """Return the parameters of an authorization request, and the PKCE verifier."""
    verifier = secrets.token_urlsafe(48)
    challenge = encode(hashlib.sha256(verifier.encode("ascii")).digest())
    parameters = {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **more,
    }
    return {name: value for name, value in parameters.items() if value}, verifier


async def sign_in(browser: httpx.AsyncClient, parameters: dict[str, str], work_id: str, passphrase: str) -> httpx.Response:
    """Follow the login page to the last answer: the redirect to the client, or the page that refuses."""
    page = await browser.get("/auth", params=parameters)
    assert page.status_code == 303
    form = await browser.get(page.headers["location"])
    action = re.search(r'action="([^"]+)"', form.text)
    assert action is not None
    answer = await browser.post(
        action[1],
        data={"work_id": work_id, "passphrase": passphrase},
        headers={"origin": str(browser.base_url).rstrip("/")},
    )
    if answer.status_code == 303:
        answer = await browser.get(answer.headers["location"])
    return answer


def answer_of(response: httpx.Response) -> dict[str, str]:
    """Return the parameters that a redirect hands to the client."""
    return {name: values[0] for name, values in parse_qs(urlsplit(response.headers["location"]).query).items()}


async def claims_of(browser: httpx.AsyncClient, token: str) -> dict[str, object]:
    """Return the claims of an ID token, its ES256 signature checked with the provider's published keys."""
    keys = KeySet.import_key_set((await browser.get("/jwks")).json())
    return dict(jwt.decode(token, keys, algorithms=["ES256"]).claims)


async def redeem(browser: httpx.AsyncClient, code: str, verifier: str, redirect_uri: str, **more: str) -> httpx.Response:
    """Exchange a code; with `secret` as the gateway (or as its `client` for staff), else as the evidence client."""
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier, "redirect_uri": redirect_uri}
    if "secret" in more:
        return await browser.post("/token", data=form, auth=(more.get("client", GATEWAY_CLIENT), more["secret"]))
    return await browser.post("/token", data={**form, "client_id": EVIDENCE_CLIENT})


async def test_evidence(system: System, browser: httpx.AsyncClient) -> None:
    """The evidence client gets an ID token with its own nonce and the employee number, and nothing that names anybody."""
    nonce = encode(secrets.token_bytes(48))  # 64 characters
    parameters, verifier = request_of(EVIDENCE_CLIENT, LOOPBACK, nonce=nonce, scope="openid profile email")
    answer = answer_of(await sign_in(browser, parameters, "E-0001", "demo-passphrase"))
    tokens = await redeem(browser, answer["code"], verifier, LOOPBACK)
    claims = await claims_of(browser, tokens.json()["id_token"])

    assert answer["iss"] == system.group_issuer
    assert claims["nonce"] == nonce
    assert claims["aud"] == EVIDENCE_CLIENT
    assert claims["iss"] == system.group_issuer
    assert claims["employee_number"] == "E-0001"
    assert "E-0001" not in str(claims["sub"])
    assert set(claims) == {"sub", "employee_number", "nonce", "aud", "exp", "iat", "iss"}


async def test_evidence_for_the_portal(system: System, browser: httpx.AsyncClient) -> None:
    """The portal's page redeems its code itself; pages of other origins cannot read what the provider answers."""
    parameters, verifier = request_of(EVIDENCE_CLIENT, system.layout.portal_signed_in, nonce="n")
    answer = answer_of(await sign_in(browser, parameters, "E-0001", "demo-passphrase"))
    browser.headers["origin"] = system.layout.portal_origin
    tokens = await redeem(browser, answer["code"], verifier, system.layout.portal_signed_in)
    browser.headers["origin"] = system.origins["gateway"]
    elsewhere = await redeem(browser, "another", verifier, system.layout.portal_signed_in)

    assert (tokens.status_code, tokens.headers["access-control-allow-origin"]) == (200, system.layout.portal_origin)
    assert "access-control-allow-origin" not in elsewhere.headers


async def test_gateway_and_prompt_none(system: System, browser: httpx.AsyncClient) -> None:
    """One sign-in serves both clients: the evidence client is then answered without a page, with the same subject."""
    redirect = f"{system.origins['gateway']}/upstream/{PROVIDER_NAME}/callback"
    secret = (system.layout.host("gateway").secrets / "group_client").read_text(encoding="ascii")
    parameters, verifier = request_of(GATEWAY_CLIENT, redirect, nonce="n")
    answer = answer_of(await sign_in(browser, parameters, "E-0002", "own words"))
    tokens = await redeem(browser, answer["code"], verifier, redirect, secret=secret)
    first = await claims_of(browser, tokens.json()["id_token"])
    parameters, verifier = request_of(EVIDENCE_CLIENT, LOOPBACK, nonce="second", prompt="none")
    silent = answer_of(await browser.get("/auth", params=parameters))
    again = await redeem(browser, silent["code"], verifier, LOOPBACK)
    second = await claims_of(browser, again.json()["id_token"])

    assert first["aud"] == GATEWAY_CLIENT
    assert second["aud"] == EVIDENCE_CLIENT
    assert second["nonce"] == "second"
    assert first["sub"] == second["sub"]
    assert first["employee_number"] == second["employee_number"] == "E-0002"


async def test_groups_are_told_to_staffs_client_alone(system: System, browser: httpx.AsyncClient) -> None:
    """The gateway's client for staff is told groups; the one for members may not even ask."""
    redirect, secret = f"{system.origins['gateway']}/staff/callback", system.layout.host("gateway").secrets / "group_staff_client"
    parameters, verifier = request_of(STAFF_CLIENT, redirect, nonce="n", scope="openid groups")
    answer = answer_of(await sign_in(browser, parameters, "S-0001", "demo-passphrase"))
    shown = {"secret": secret.read_text(encoding="ascii"), "client": STAFF_CLIENT}
    tokens = await redeem(browser, answer["code"], verifier, redirect, **shown)
    of_members = f"{system.origins['gateway']}/upstream/{PROVIDER_NAME}/callback"
    refused, _ = request_of(GATEWAY_CLIENT, of_members, nonce="n", scope="openid groups")

    assert (await claims_of(browser, tokens.json()["id_token"]))["groups"] == ["warifu-office"]
    assert answer_of(await browser.get("/auth", params=refused))["error"] == "invalid_scope"


@pytest.mark.parametrize(
    ("work_id", "passphrase"), [("E-0001", "wrong"), ("E-0002", "demo-passphrase"), ("E-9999", "demo-passphrase")]
)
async def test_wrong_credentials(browser: httpx.AsyncClient, work_id: str, passphrase: str) -> None:
    """Wrong passphrase and unknown employee get the same page, which repeats nothing that was typed."""
    parameters, _ = request_of(EVIDENCE_CLIENT, LOOPBACK)
    answer = await sign_in(browser, parameters, work_id, passphrase)

    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert work_id not in answer.text


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
async def test_refused_requests(browser: httpx.AsyncClient, changes: dict[str, str], error: str) -> None:
    """No PKCE, plain PKCE, and prompt=none without a session are refused at the redirect."""
    parameters, _ = request_of(EVIDENCE_CLIENT, LOOPBACK, **changes)
    answer = answer_of(await browser.get("/auth", params=parameters))

    assert answer["error"] == error


async def test_unknown_redirect_gets_a_page(browser: httpx.AsyncClient) -> None:
    """A redirect that is not registered gets an error page and no redirect."""
    parameters, _ = request_of(EVIDENCE_CLIENT, "http://127.0.0.1:53211/elsewhere")
    answer = await browser.get("/auth", params=parameters)

    assert (answer.status_code, "location" in answer.headers) == (400, False)


async def test_new_accounts_count_at_once(system: System, browser: httpx.AsyncClient) -> None:
    """The account file is read again when it changes."""
    accounts = json.loads(system.layout.group_accounts.read_text(encoding="utf-8"))
    write_accounts(system.layout, [*accounts, {"work_id": "E-0003", "name": "架空 次郎"}])
    parameters, _ = request_of(EVIDENCE_CLIENT, LOOPBACK)
    answer = await sign_in(browser, parameters, "E-0003", "demo-passphrase")

    assert "code" in answer_of(answer)


async def test_english_page(browser: httpx.AsyncClient) -> None:
    """The page speaks Japanese, and English to whoever prefers it."""
    parameters, _ = request_of(EVIDENCE_CLIENT, LOOPBACK)
    page = await browser.get("/auth", params=parameters)
    japanese = await browser.get(page.headers["location"])
    english = await browser.get(page.headers["location"], headers={"accept-language": "en-GB,en;q=0.9"})

    assert "社員番号" in japanese.text
    assert "Employee number" in english.text
