"""Staff lists, statements and tokens, against the vectors and against whatever else could be sent."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.deployment import Deployment, Officer, OfficerList, Portal
from protocol.encoding import b64u, unb64u
from protocol.signed_lists import ListRefused
from protocol.signing import verify
from protocol.staff import SignedStaffList, StaffRefused, StaffStatement, passkey_print
from protocol.staff_logout import StaffLogout, session_id
from protocol.staff_token import StaffToken, subject_of
from pydantic import ValidationError
from support.store_host import deployment

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[3] / "contracts" / "vectors" / "staff.json").read_text())
LIST, TOKEN, LOGOUT, STATEMENT = (VECTORS[name] for name in ("list", "token", "logout", "statement"))
ORIGINS = json.loads(LIST["raw"])["origins"]
OFFICERS = OfficerList(
    number=1, officers=tuple(Officer(id=name, key=bytes.fromhex(key)) for name, key in LIST["public_keys"].items())
)


def signed_list(**signatures: str) -> SignedStaffList:
    return SignedStaffList(LIST["raw"].encode(), {name.replace("_", "-"): bytes.fromhex(made) for name, made in signatures.items()})


def test_the_lists_vector() -> None:
    """The list holds with both signatures, over the bytes that the vector shows."""
    both = SignedStaffList(LIST["raw"].encode(), {name: bytes.fromhex(made) for name, made in LIST["signatures"].items()})
    listed = both.check(OFFICERS, ORIGINS)
    for name, made in LIST["signatures"].items():
        verify(bytes.fromhex(LIST["public_keys"][name]), bytes.fromhex(made), bytes.fromhex(LIST["signed"]))
    entry = listed.passkeys[0]

    assert (listed.number, entry.id, listed.passkey(entry.credential_id), listed.named("desk-1")) == (2, "desk-1", entry, entry)
    assert (entry.at("gateway"), listed.passkey(b"else"), listed.named("else")) == (None, None, None)
    assert passkey_print(entry.credential_id, entry.public_key).hex() == LIST["print"]


def test_one_of_the_two_is_not_enough() -> None:
    """One signature, none, and one under two names are refused."""
    one = LIST["signatures"]["officer-a"]
    for wrong in ({}, {"officer_a": one}, {"officer_a": one, "officer_b": one}):
        with pytest.raises(ListRefused):
            signed_list(**wrong).check(OFFICERS, ORIGINS)


def decoded(token: str, **changes: Any) -> StaffToken:
    said = {"issuer": TOKEN["issuer"], "audience": TOKEN["audience"], "now": 1_800_000_000, **changes}
    return StaffToken.decode(token, bytes.fromhex(TOKEN["public_key"]), said["issuer"], said["audience"], said["now"])


def test_the_tokens_vector() -> None:
    """The token holds until its end, for its issuer and audience alone."""
    iat = json.loads(unb64u(TOKEN["token"].split(".")[0]))["iat"]
    token = decoded(TOKEN["token"], now=iat)

    assert (token.roles, subject_of(TOKEN["token"])) == (("analyst",), token.sub)
    for change in ({"issuer": TOKEN["audience"]}, {"audience": TOKEN["issuer"]}, {"now": iat + 300}):
        with pytest.raises(StaffRefused):
            decoded(TOKEN["token"], **{"now": iat, **change})


@given(st.integers(0, len(TOKEN["token"]) - 1), st.characters(codec="ascii"))
def test_every_character_of_a_token_counts(place: int, other: str) -> None:
    """A token with one character changed is refused; nothing else than StaffRefused leaves the reader."""
    text = TOKEN["token"]
    changed = text[:place] + other + text[place + 1 :]
    iat = json.loads(unb64u(text.split(".")[0]))["iat"]
    if changed != text:
        with pytest.raises(StaffRefused):
            decoded(changed, now=iat)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_token(raw: bytes) -> None:
    """Whatever a stranger signs is no token, and what the gateway signs must have the form of one."""
    for text in (b64u(raw), f"{b64u(raw)}.{b64u(bytes(64))}", raw.decode("latin-1")):
        with pytest.raises(StaffRefused):
            decoded(text)
        with pytest.raises(StaffRefused):
            subject_of(text)


def test_the_statements_vector() -> None:
    """The statement's hash is the vector's."""
    said = StaffStatement.parse(STATEMENT["raw"].encode())

    assert said.h.hex() == STATEMENT["h"]
    said.check(said.origin, said.iat + 120, said.jkt)
    for wrong in ((said.origin + "x", said.iat, said.jkt), (said.origin, said.iat + 121, said.jkt), (said.origin, said.iat, b"")):
        with pytest.raises(StaffRefused):
            said.check(*wrong)


@pytest.mark.parametrize("case", STATEMENT["refused"], ids=lambda case: str(case["why"]))
def test_refused_statements(case: dict[str, str]) -> None:
    """Every malformed statement is refused."""
    with pytest.raises(StaffRefused):
        StaffStatement.parse(case["raw"].encode())


@pytest.mark.parametrize(
    "portal",
    [Portal(origin="http://localhost:9001", rp_id="localhost"), Portal(origin="http://localhost:9000", rp_id="localhost")],
    ids=["the-same-relying-party", "the-same-origin"],
)
def test_staff_has_a_portal_of_its_own(portal: Portal) -> None:
    """A deployment in which a member's passkey could be one of staff is none."""

    fields = {**dict(deployment()), "portal": Portal(origin="http://localhost:9000", rp_id="localhost")}
    Deployment(**{**fields, "staff_portal": Portal(origin="http://staff.localhost:9001", rp_id="staff.localhost")})
    with pytest.raises(ValidationError):
        Deployment(**{**fields, "staff_portal": portal})


def test_the_logouts_vector() -> None:
    """A logout names the session of a key and a subject, counts for two minutes, and is no token, nor a token a logout."""
    now = json.loads(unb64u(LOGOUT["token"].split(".")[0]))["iat"]
    key, token = bytes.fromhex(LOGOUT["public_key"]), decoded(TOKEN["token"], now=now)
    told = StaffLogout.decode(LOGOUT["token"], key, TOKEN["issuer"], TOKEN["audience"], now + 120)
    for text, when in ((LOGOUT["token"], now + 121), (TOKEN["token"], now)):
        with pytest.raises(StaffRefused):
            StaffLogout.decode(text, key, TOKEN["issuer"], TOKEN["audience"], when)
    with pytest.raises(StaffRefused):
        decoded(LOGOUT["token"], now=now)

    assert told.session.hex() == LOGOUT["session"] == session_id(token.jkt, token.sub).hex()
