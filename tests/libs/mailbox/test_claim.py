"""A device claims a mailbox."""

import os

from protocol.jose import generate_p256
from protocol.messages.mailbox import Claim
from support.store_host import Member, StoreHost, problem


async def test_first_again_and_another_key(host: StoreHost) -> None:
    """The first key gets the mailbox, may ask again, and keeps it."""
    member = Member.new(host.store)
    await host.enrol([member], claim=False)
    first = await host.as_member(member, "POST", "/claims", member.claim())
    again = await host.as_member(member, "POST", "/claims", member.claim())
    other = generate_p256()
    body = member.claim(other).model_dump_json().encode()
    late = await host.signed(other, member.token, "POST", "/claims", body)

    assert (first.status_code, again.status_code, problem(late)) == (201, 200, (409, "claimed-by-another"))


async def test_a_signature_for_another_key(host: StoreHost) -> None:
    """A claim signed for one reader key gives nothing to another, and leaves the mailbox unclaimed."""
    member = Member.new(host.store)
    await host.enrol([member], claim=False)
    refused = await host.as_member(member, "POST", "/claims", member.claim(generate_p256()))
    random = await host.as_member(member, "POST", "/claims", Claim(signature=os.urandom(64)))
    good = await host.as_member(member, "POST", "/claims", member.claim())

    assert (problem(refused), problem(random), good.status_code) == ((403, "claim-refused"), (403, "claim-refused"), 201)


async def test_an_unknown_token(host: StoreHost) -> None:
    """Nobody claims a mailbox that was never opened."""
    member = Member.new(host.store)

    assert problem(await host.as_member(member, "POST", "/claims", member.claim())) == (404, "mailbox-unknown")


async def test_a_claim_of_the_other_store(host: StoreHost) -> None:
    """A signature made for the other store is none here."""
    member = Member.new(host.store)
    await host.enrol([member], claim=False)
    elsewhere = Member(type(member.seed)("programs" if host.store == "anon-data" else "anon-data", member.seed.seed), member.reader)

    assert problem(await host.as_member(member, "POST", "/claims", elsewhere.claim())) == (403, "claim-refused")
