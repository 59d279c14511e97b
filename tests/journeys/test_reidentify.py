"""An analyst's list of tokens becomes a list of people at the insurer's workstation, and nowhere else."""

from pathlib import Path

import asyncpg
import pytest
from journeys.insurer import desk, member_with, people
from local.system import System
from protocol.encoding import b64u
from protocol.messages.search import Open, OpeningPart
from protocol.names import AUTHORITIES, AuthorityName, HostName
from protocol.split_seal import inner_hash, sealed_part
from registrar.errors import HostError, QuotaExceeded
from registrar.hosts import encode
from registrar.listed import open_about
from registrar.reidentify import read_tokens, reidentify
from registrar.run import running
from registrar.tokens import seeds_of


async def test_a_list_for_urgent_care(system: System, tmp_path: Path) -> None:
    """Three of the insurer's members are told from the rest, by tokens that nothing else leads from; asking again says the same."""
    table = people(system)[5:8]
    async with running(desk(system)) as run:
        seeds = await seeds_of(run, [member_with(system, one.member) for one in table], ["anon-data"])
    listed = tmp_path / "urgent.csv"
    listed.write_text("\n".join(["token", *(b64u(one["anon-data"].token) for one in seeds)]), encoding="utf-8")
    found = [await reidentify(desk(system), "anon-data", read_tokens(listed)) for _ in range(2)]
    said = [[(one.state, one.profile.kana, one.profile.telephone) for one in each if one.profile] for each in found]

    assert said == [[("opened", one.kana_name, one.telephone) for one in table]] * 2


async def test_no_authority_opens_another(system: System) -> None:
    """In a window about one seal none of the three opens another one, nor the same one twice."""
    connection = await asyncpg.connect(system.owner_urls["anon-data"])
    listed, other = [row["number"] for row in await connection.fetch("SELECT number FROM mailbox ORDER BY token LIMIT 2")]
    await connection.close()
    asked: dict[HostName, list[bytes]] = {host: [inner_hash(listed)] for host in AUTHORITIES}
    async with running(desk(system)) as run:
        window = (await open_about(run.session, "reidentify", asked, ["somebody fictional"]))["named"]

        async def told(host: AuthorityName, blob: bytes) -> None:
            part = OpeningPart(
                sealed=sealed_part(blob, host), inner=inner_hash(blob), subject=window.subject(host, inner_hash(listed))
            )
            await run.session.hosts.tell(host, window, "/openings", encode(Open(use="number", rows=(part,))))

        for host in AUTHORITIES:
            with pytest.raises(HostError, match="subject-refused"):
                await told(host, other)
            await told(host, listed)
            with pytest.raises(QuotaExceeded):
                await told(host, listed)
