"""RFC 9700 section 4.10.1 (RFC 9449) and RFC 8725: stolen and forged tokens."""

import asyncio

import pytest
from protocol import dpop
from rooms.gateway.forging import forged_tokens, proofs
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Fapi2Program, Program

WRONG = [
    *(
        "another method",
        "another URL",
        "another host",
        "no token hash",
        "another token's hash",
        "an hour old",
        "an hour early",
        "no time",
    ),
    *("no id", "another type", "no type", "no key", "a private key", "another's key", "a critical extension", "no signature"),
    *("the public key as a secret", "RS256", "two proofs", "nonsense"),
]


@pytest.mark.parametrize("wrong", WRONG)
async def test_4_10_1_stolen_token_is_worth_nothing_without_its_key(shared: House, wrong: str) -> None:
    """RFC 9449 sections 4.3 and 11: each way in which a proof can be wrong."""
    program = Fapi2Program(shared)
    token = (await program.redeem(await program.code(Browser(shared)), resource=None)).json()["access_token"]
    headers = [("Authorization", f"DPoP {token}"), *proofs(shared, token, program.dpop_key)[wrong]]
    answer = await shared.client.get("/userinfo", headers=headers)

    assert (answer.status_code, 'error="invalid_dpop_proof"' in answer.headers["www-authenticate"]) == (401, True)


@pytest.mark.parametrize("ahead", [0, 10])
async def test_4_10_1_query_of_the_proof_and_small_skews_do_not_matter(shared: House, ahead: int) -> None:
    """RFC 9449 section 4.3: the URL is compared without query and fragment; clocks may be ten seconds ahead."""
    program = Fapi2Program(shared)
    token = (await program.redeem(await program.code(Browser(shared)), resource=None)).json()["access_token"]
    proof = dpop.make(program.dpop_key, "GET", shared.origin("gateway") + "/userinfo?a=b", shared.clock.timestamp() + ahead, token)

    assert (await shared.client.get("/userinfo?c=d", headers={"Authorization": f"DPoP {token}", "DPoP": proof})).status_code == 200


async def test_4_10_1_one_proof_eight_times_at_once_counts_once(shared: House) -> None:
    """Also across workers: it is remembered in the database."""
    program = Fapi2Program(shared)
    token = (await program.redeem(await program.code(Browser(shared)), resource=None)).json()["access_token"]
    headers = {"Authorization": f"DPoP {token}", **program.proof("/userinfo", token, "GET")}
    answers = await asyncio.gather(*(shared.client.get("/userinfo", headers=headers) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7


@pytest.mark.parametrize(
    "kind",
    [
        *(
            "none",
            "None",
            "HS256",
            "own key in the header",
            "key at a URL",
            "path as key id",
            "SQL as key id",
            "critical extension",
        ),
        *("ID token", "logout token", "changed", "expired"),
    ],
)
async def test_rfc8725_forged_token_is_refused(shared: House, kind: str) -> None:
    """Algorithms, keys and types are pinned; what a header brings is not believed."""
    program = Program(shared)
    token = forged_tokens(shared, (await program.sign_in(Browser(shared)))["access_token"])[kind]

    assert ((await program.userinfo(token)).status_code, await program.introspect(token)) == (401, {"active": False})
