"""What programs can learn of a member: nothing that another one, or an authority, knows (OpenID Connect Core 1.0 section 17.3)."""

import json
from typing import Any

from protocol import jose
from protocol.encoding import b64u
from rooms.gateway.house import House
from rooms.gateway.program import Browser, Program


async def test_pairwise_17_3_programs_cannot_join_members(shared: House) -> None:
    """Two programs of one browser's member share no claim but those that are the same for everybody."""
    browser = Browser(shared)
    said: list[dict[str, Any]] = []
    for name in ("shop", "clinic"):
        answer = await Program(shared, name).sign_in(browser)
        access = jose.peek_claims(answer["access_token"])
        said.append({**access, **{f"id_{claim}": value for claim, value in jose.peek_claims(answer["id_token"]).items()}})
    same = {name for name in said[0] if said[0][name] == said[1].get(name)}

    assert same == {"iss", "id_iss", "aud", "scope", "acr", "id_acr", "iat", "exp", "id_iat", "id_exp"}


async def test_references_never_reach_programs(shared: House) -> None:
    """No token, answer or page for a program holds a reference of the member at any authority."""
    browser, program = Browser(shared), Program(shared)
    answer = await program.sign_in(browser)
    texts = [
        json.dumps([jose.peek_claims(answer[name]) for name in ("access_token", "id_token")]),
        (await program.userinfo(answer["access_token"])).text,
        json.dumps(await program.introspect(answer["access_token"])),
    ]
    secrets_ = [b64u(ref) for ref in (shared.member.gateway, shared.member.keyvault, shared.member.identity)]

    assert not [ref for ref in secrets_ for text in texts if ref in text]
    assert shared.member.employee not in str(texts)
