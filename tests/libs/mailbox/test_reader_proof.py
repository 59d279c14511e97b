"""Only the reader key reads, and each of its proofs once."""

from protocol import proof
from protocol.jose import generate_p256
from support.store_host import ORIGINS, Member, StoreHost, problem

_PATHS = {"anon-data": "/me/vitals", "programs": "/me/step-days"}


def _path(host: StoreHost) -> str:
    return f"{_PATHS[host.store]}?since=2026-11-01&until=2026-11-20"


async def test_the_reader_key_reads(host: StoreHost) -> None:
    """A claimed mailbox is read with its key."""
    answer = await host.as_member(await host.member(), "GET", _path(host))

    assert (answer.status_code, answer.json()["items"]) == (200, [])


async def test_other_keys_and_tokens_look_alike(host: StoreHost) -> None:
    """A wrong key, an unclaimed mailbox and an unknown token are refused alike."""
    member, unclaimed = await host.member(), Member.new(host.store)
    await host.enrol([unclaimed], claim=False)
    answers = [
        await host.signed(generate_p256(), member.token, "GET", _path(host)),
        await host.as_member(unclaimed, "GET", _path(host)),
        await host.as_member(Member.new(host.store), "GET", _path(host)),
        await host.signed(member.reader, unclaimed.token, "GET", _path(host)),
    ]

    assert {(answer.status_code, answer.text) for answer in answers} == {(401, answers[0].text)}
    assert problem(answers[0]) == (401, "reader-unknown")


async def test_a_replay(host: StoreHost) -> None:
    """The same proof is accepted once."""
    member, path = await host.member(), _path(host)
    made = proof.make(member.reader, "GET", ORIGINS[host.store] + path, member.token, b"", host.clock.timestamp())
    first, second = [await host.client.get(path, headers={proof.HEADER: made}) for _ in range(2)]

    assert (first.status_code, problem(second)) == (200, (409, "replayed"))


async def test_a_proof_of_another_request(host: StoreHost) -> None:
    """Method, URL with query, body and time are all bound; a missing or a second proof is refused too."""
    member, path, now = await host.member(), _path(host), host.clock.timestamp()
    answers = [
        await host.as_member(member, "GET", path, lie={"method": "PUT"}),
        await host.as_member(member, "GET", path, lie={"url": ORIGINS[host.store] + path.replace("11-01", "10-01")}),
        await host.as_member(member, "GET", path, lie={"url": ORIGINS["gateway"] + path}),
        await host.as_member(member, "GET", path, lie={"body": b"{}"}),
        await host.as_member(member, "GET", path, lie={"now": now - 121}),
        await host.as_member(member, "GET", path, lie={"now": now + 11}),
        await host.client.get(path),
        await host.client.get(path, headers=[(proof.HEADER, "x"), (proof.HEADER, "x")]),
    ]

    assert {problem(answer) for answer in answers} == {(401, "proof-refused")}
