"""The seed for the OpenID conformance suite: it loads, and of nobody but its invented person is more than a subject told."""

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from chassis.config import ConfigError
from gateway.clients import Client
from gateway.config import SyntheticPersonConfig
from gateway.synthetic import SCOPES, SyntheticPerson
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Program

SEED = Path(__file__).resolve().parents[3] / "deploy" / "config" / "conformance"
SUITE = {"SUITE": "suite.example", "ALIAS": "warifu"}


def seeded() -> dict[str, object]:
    text = (SEED / "gateway.toml").read_text(encoding="utf-8")
    for name, value in SUITE.items():
        text = text.replace(f"/{name}/", f"/{value}/")
    return tomllib.loads(text)


def test_seed_is_configuration() -> None:
    """Clients and person are as the gateway takes them: two of each profile, because the plans want a second one."""
    seed = seeded()
    clients = [Client.model_validate(table) for table in seed["clients"]]  # type: ignore[attr-defined]  # a list of tables
    person = SyntheticPersonConfig.model_validate(seed["synthetic_person"])

    assert [client.id_algorithm for client in clients] == ["RS256", "RS256", "ES256", "ES256"]
    assert [client.profile for client in clients] == ["oidc-basic", "oidc-basic", "fapi2", "fapi2"]
    assert len(person.reference) == 16
    assert (SEED / person.claims_file).exists()
    assert json.loads((SEED / "browser.json").read_text())[0]["match"] == "*/authorize*"


def test_invented_person_has_every_claim() -> None:
    """The suite asks for all of them."""
    person = SyntheticPerson.read(bytes(16), SEED / "person.json")

    assert person.told("openid " + " ".join(SCOPES)).keys() == {name for names in SCOPES.values() for name in names}


@pytest.mark.parametrize("text", ["[]", '"name"', '{"name": "A", "insured_number": 1}', '{"sub": "x"}', "{"])
def test_nobody_is_invented_with_more(tmp_path: Path, text: str) -> None:
    """A file that is no object of standard claims, a subject or a number of the insurer's among them, is not taken."""
    file = tmp_path / "person.json"
    file.write_text(text)
    with pytest.raises(ConfigError, match="JSON object of standard claims"):
        SyntheticPerson.read(bytes(16), file)


async def test_userinfo_tells_of_the_invented_person_alone(shared: House) -> None:
    """Each scope its claims; of a member nothing, whatever the scope."""
    gateway, program = shared.app.state.gateway, Program(shared)
    token = (await program.sign_in(Browser(shared), scope="openid profile"))["access_token"]
    of_member = (await program.userinfo(token)).json()
    shared.app.state.gateway = replace(gateway, synthetic=SyntheticPerson.read(shared.member.gateway, SEED / "person.json"))
    try:
        of_person = (await program.userinfo(token)).json()
        offered = (await shared.client.get("/.well-known/openid-configuration")).json()["scopes_supported"]
    finally:
        shared.app.state.gateway = gateway

    assert (sorted(of_member), of_person.keys()) == (["sub"], {"sub", *SCOPES["profile"]})
    assert set(SCOPES) <= set(offered)
