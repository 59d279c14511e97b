"""Search keys of a new year: both are valid while everybody is indexed anew, then the old ones end."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from protocol import search as words
from protocol.messages.enrolment import Evaluate
from protocol.names import AUTHORITIES
from protocol.oprf import BlindedBatch
from registrar.errors import HostError
from registrar.hosts import encode
from registrar.reindex import reindex
from registrar.run import running
from registrar.windows import quotas_of
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import desk, given, member_with, sign_in
from rooms.registrar.paperwork import write_table
from rooms.registrar.test_search_hosts import looked, names, person


def described(hosts: FiveHosts, *epochs: int) -> None:
    """Let everybody have a description with search keys of these epochs."""
    authorities = {host: hosts.apps[host].state.authority.keys.public(epochs) for host in AUTHORITIES}
    deployment = hosts.papers.deployment.model_copy(update={"search_epochs": epochs, "authorities": authorities})
    hosts.papers = replace(hosts.papers, deployment=deployment)
    for host in AUTHORITIES:
        state = hosts.apps[host].state
        state.authority = replace(state.authority, deployment=deployment)


@pytest.fixture
def yearly(hosts: FiveHosts) -> Iterator[FiveHosts]:
    """Leave the hosts as they were."""
    yield hosts
    described(hosts, 1)


@contextmanager
def refused(what: str) -> Iterator[None]:
    """Expect that a host refuses."""
    with pytest.raises(HostError) as error:
        yield
    assert error.value.problem == what


async def found(hosts: FiveHosts, *numbers: int) -> list[Sequence[str]]:
    """Return whom each telephone and each e-mail of these people finds."""
    asked = [("telephone", words.telephone_word(f"00-0000-{number:04d}")) for number in numbers]
    asked += [("email", words.email_word(f"m{number}@example.jp")) for number in numbers]
    return [names(await looked(hosts, name, word)) for name, word in asked]  # type: ignore[arg-type]  # two of the fields


async def evaluate(hosts: FiveHosts, use: str) -> None:
    """Ask the keyvault for an evaluation."""
    async with running(desk(hosts)) as run:
        window = (await run.session.windows("ingest", quotas_of("ingest", indexed=1))).named
        elements = BlindedBatch([b"fictional"]).blinded["keyvault"]
        await run.session.hosts.tell("keyvault", window, "/evaluations", encode(Evaluate(use=use, elements=elements)))


async def test_from_one_year_to_the_next(yearly: FiveHosts, tmp_path: Path) -> None:
    """Everybody is found throughout; in the end under the new keys alone, and whoever no table names is found no more."""
    hosts = yearly
    await given(hosts, tmp_path, *(person(number) for number in (1, 2, 3)))
    await sign_in(hosts, member_with(hosts, 2))
    before = dict(await hosts.rows("identity", "SELECT ref, email_tag FROM search_tag"))
    described(hosts, 1, 2)
    await given(hosts, tmp_path, *(person(number) for number in (1, 2, 3, 4)))
    meanwhile = await found(hosts, 1, 2, 3, 4)
    table = write_table(tmp_path / "today.csv", [person(number) for number in (1, 2, 4)])
    done = await reindex(desk(hosts), [table])
    after = await found(hosts, 1, 2, 3, 4)
    hosts.calls.clear()
    again = await reindex(desk(hosts), [table])
    calls = list(hosts.calls)
    described(hosts, 2)
    then = await found(hosts, 1, 2, 3, 4)
    tags = dict(await hosts.rows("identity", "SELECT ref, email_tag FROM search_tag"))

    assert meanwhile == after == [["1"], ["2"], ["3"], ["4"]] * 2
    assert (done.done, done.refused, done.left) == (2, {}, 1)
    assert (again.done, again.left, calls) == (0, 1, [])
    assert then == [["1"], ["2"], [], ["4"]] * 2
    assert {ref for ref in before if tags[ref] == before[ref]} == {member_with(hosts, 3).refs["identity"]}


async def test_only_keys_of_valid_epochs(yearly: FiveHosts, tmp_path: Path) -> None:
    """Nothing is evaluated before its year, nor after it."""
    hosts = yearly
    await given(hosts, tmp_path, person(1))
    with refused("elements-refused"):
        await evaluate(hosts, "search|email|2")
    described(hosts, 1, 2)
    for epoch in (1, 2):
        await evaluate(hosts, f"search|email|{epoch}")
    described(hosts, 2)
    with refused("elements-refused"):
        await evaluate(hosts, "search|email|1")
