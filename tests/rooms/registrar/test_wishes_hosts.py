"""Members' wishes at the five hosts in this process: collected, opened, answered."""

import csv
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest
from protocol.encoding import sha256
from protocol.messages.profiles import ProfileFields, update_info, wish_info
from protocol.sealing import XWingPrivateKey
from registrar.errors import RegistrarError
from registrar.report import REASONS
from registrar.roster_member import Member
from registrar.wishes import accept, list_wishes, reject, title
from rooms.registrar.five_hosts import FiveHosts, Killed
from rooms.registrar.lives import desk, given, member_with, seed_of
from rooms.registrar.paperwork import row

NEW = "架空県試験市例題町2丁目3番4号"


async def wish(hosts: FiveHosts, member: Member, fields: Mapping[str, str], key: XWingPrivateKey | None = None) -> bytes:
    """Leave a member's wish at identity, as a device does."""
    ref = member.refs["identity"]
    public = key.public_bytes if key else hosts.papers.deployment.insurer_key
    sealed = ProfileFields(**fields).seal(public, wish_info(ref))
    query = "INSERT INTO profile_wish (ref, sealed) VALUES ($1, $2) ON CONFLICT (ref) DO UPDATE SET sealed = $2"
    await hosts.rows("identity", query, ref, sealed)
    return sealed


async def notes(hosts: FiveHosts, member: Member) -> list[tuple[bool, dict[str, str]]]:
    """Return what waits for a member's device, opened with the mailbox key."""
    ref = member.refs["identity"]
    found = await hosts.rows("identity", "SELECT whole, sealed FROM profile_update WHERE ref = $1", ref)
    key = seed_of(hosts, member).mailbox_key
    return [(whole, ProfileFields.open(sealed, key, update_info(ref)).model_dump(exclude_none=True)) for whole, sealed in found]


async def test_an_accepted_wish_goes_both_ways(hosts: FiveHosts, tmp_path: Path) -> None:
    """The insurer gets a table, for its owner's eyes; the member gets exactly the wished fields; the wish is settled."""
    await given(hosts, tmp_path, row(1), row(2))
    one, two = member_with(hosts, 1), member_with(hosts, 2)
    await wish(hosts, one, {"address": NEW, "postcode": "000-0202"})
    await wish(hosts, two, {"telephone": "00-0000-1111"})
    found = {title(each): each for each in await list_wishes(desk(hosts))}
    out = tmp_path / "changes.csv"
    summary = await accept(desk(hosts), [found["101:1:00"].id], out)
    with out.open(encoding="utf-8-sig", newline="") as lines:
        table = list(csv.DictReader(lines))

    assert (summary.answered, await hosts.count("identity", "profile_wish"), stat.S_IMODE(out.stat().st_mode)) == (1, 1, 0o600)
    assert [(line["番号"], line["郵便番号"], line["住所"], line["電話番号"]) for line in table] == [("1", "000-0202", NEW, "")]
    assert (await notes(hosts, one), await notes(hosts, two)) == ([(False, {"address": NEW, "postcode": "000-0202"})], [])


async def test_a_rejected_wish_is_answered_too(hosts: FiveHosts, tmp_path: Path) -> None:
    """The member's device gets a note without a field, and the wish does not wait any more."""
    await given(hosts, tmp_path, row(1))
    one = member_with(hosts, 1)
    await wish(hosts, one, {"address": NEW})
    (found,) = await list_wishes(desk(hosts))
    summary = await reject(desk(hosts), [found.id])

    assert (summary.answered, await notes(hosts, one), await hosts.count("identity", "profile_wish")) == (1, [(False, {})], 0)


async def test_a_newer_wish_stays(hosts: FiveHosts, tmp_path: Path) -> None:
    """What was decided on was the older one: it is not there any more, and nothing is written."""
    await given(hosts, tmp_path, row(1))
    one = member_with(hosts, 1)
    await wish(hosts, one, {"address": NEW})
    (found,) = await list_wishes(desk(hosts))
    newer = await wish(hosts, one, {"address": "架空県試験市練習町"})
    with pytest.raises(RegistrarError, match="1 of these wishes are not there"):
        await accept(desk(hosts), [found.id], tmp_path / "changes.csv")

    left = await hosts.rows("identity", "SELECT sealed FROM profile_wish")
    assert ([sha256(sealed) for (sealed,) in left], (tmp_path / "changes.csv").exists()) == ([sha256(newer)], False)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "架空谷 ほか子"}, "wish-forbidden"),
        ({}, "wish-forbidden"),
        ({"address": "=1+2"}, "wish-unfit"),
        ({"telephone": "00-0000-0000 ext"}, "wish-unfit"),
        ({"postcode": "1" * 9}, "wish-unfit"),
        ({"email": "nobody"}, "wish-unfit"),
        ({"address": "架空県\n試験市"}, "wish-unfit"),
    ],
)
async def test_a_bad_wish_is_settled_by_code(hosts: FiveHosts, tmp_path: Path, fields: dict[str, str], code: str) -> None:
    """Nobody is asked about it; the member's device learns that nothing comes of it."""
    await given(hosts, tmp_path, row(1))
    one = member_with(hosts, 1)
    await wish(hosts, one, fields)
    found = await list_wishes(desk(hosts))

    assert ([each.code for each in found], code in REASONS, await notes(hosts, one)) == ([code], True, [(False, {})])
    assert await hosts.count("identity", "profile_wish") == 0


async def test_a_broken_seal_is_settled_by_code(hosts: FiveHosts, tmp_path: Path) -> None:
    """A wish to another key tells nothing, and does not wait for ever."""
    await given(hosts, tmp_path, row(1))
    await wish(hosts, member_with(hosts, 1), {"address": NEW}, XWingPrivateKey(bytes(32)))
    found = await list_wishes(desk(hosts))

    assert ([each.code for each in found], await hosts.count("identity", "profile_wish")) == (["wish-unreadable"], 0)


async def test_killed_while_accepting(hosts: FiveHosts, tmp_path: Path) -> None:
    """The table is there before the member is told: nothing that was accepted can be missing from it."""
    await given(hosts, tmp_path, row(1))
    one = member_with(hosts, 1)
    await wish(hosts, one, {"address": NEW})
    (found,) = await list_wishes(desk(hosts))
    hosts.kill_at.append("POST gateway/evaluations")
    with pytest.raises(Killed):
        await accept(desk(hosts), [found.id], tmp_path / "one.csv")
    hosts.kill_at.clear()
    await accept(desk(hosts), [found.id], tmp_path / "two.csv")

    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert await notes(hosts, one) == [(False, {"address": NEW})]


async def test_many_wishes_come_in_pages(hosts: FiveHosts, tmp_path: Path) -> None:
    """Asked for at most two, there are two; the window's quota has room for the answers to them."""
    await given(hosts, tmp_path, *(row(number) for number in range(1, 6)))
    for number in range(1, 6):
        await wish(hosts, member_with(hosts, number), {"address": NEW})
    two = await list_wishes(desk(hosts), most=2)
    everybody = await list_wishes(desk(hosts))

    assert (len(two), len(everybody)) == (2, 5)
