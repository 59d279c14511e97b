"""Searching at the five hosts in this process: everybody is found by each field, and opening is counted."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from protocol import search as words
from protocol.manifest import Purpose
from protocol.search import FIELDS, Field
from registrar.errors import AnswerRefused, QuotaExceeded, RegistrarError, WindowError
from registrar.events import run_events
from registrar.home import Home
from registrar.hosts import Hosts
from registrar.importers import EligibilityRow
from registrar.officers import load_officers
from registrar.search import Results, search
from registrar.session import Session, open_windows
from registrar.windows import quotas_of
from registrar.wishes import accept, list_wishes
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import desk, given, member_with, sign_in
from rooms.registrar.paperwork import row
from rooms.registrar.test_cli_hosts import command, listening
from rooms.registrar.test_wishes_hosts import wish

_SOUNDS = "アカサタナハマヤラワ"
_HOME = "03-0000-0000"
"""A telephone that siblings share."""


def person(number: int) -> EligibilityRow:
    """Return one of a hundred, each with a reading, a telephone and an address of their own, but for the last two."""
    reading = f"カクウダニ {_SOUNDS[number // 10 % 10]}ミ{_SOUNDS[number % 10]}ネ"
    telephone = _HOME if number >= 99 else f"00-0000-{number:04d}"
    return row(number, kana_name=reading, telephone=telephone, email=f"m{number}@example.jp")


async def looked(hosts: FiveHosts, field: Field, word: bytes | None, most: int = 5) -> Results:
    """Search in a window of its own."""
    assert word is not None
    return await search(desk(hosts), field, word, most)


def names(results: Results) -> list[str]:
    """Return who was opened, by number."""
    return sorted(one.profile.member_number.split(":")[2] for one in results.found)


async def opened_beforehand(hosts: FiveHosts, purpose: Purpose, *, members: int, opened: int | None = None) -> None:
    """Open windows that later commands use, which have no officers at hand."""
    papers = hosts.papers
    async with Hosts(papers.deployment, hosts.mounts) as calls:
        signing = load_officers(papers.officers, papers.deployment.officers)
        session = Session(papers.deployment, calls, Home.load(papers.home).windows, signing)
        await open_windows(session, purpose, quotas_of(purpose, members=members, opened=opened))


async def left(hosts: FiveHosts) -> list[Sequence[int]]:
    """Return what is left of a search window at each authority: of searches, and of openings."""
    query = "SELECT use, quota - used FROM window_quota WHERE use IN ('search', 'open')"
    found = [dict(await hosts.rows(host, query)) for host in ("gateway", "keyvault", "identity")]
    return [(one["search"], one["open"]) for one in found]


async def test_a_hundred_people_by_each_field(hosts: FiveHosts, tmp_path: Path) -> None:
    """Imported, then found by number, reading, telephone and e-mail, in other spellings than the table's; siblings together."""
    await given(hosts, tmp_path, *(person(number) for number in range(1, 101)))
    found = [
        await looked(hosts, "member-number", words.number_word(row(42).member)),
        await looked(hosts, "kana-birth", words.kana_word("かくうだに\u3000なみさね", "1980-04-01")),
        await looked(hosts, "telephone", words.telephone_word("0000000042")),
        await looked(hosts, "email", words.email_word(" M42@example.jp\u3000")),
        await looked(hosts, "telephone", words.telephone_word("+81 3 0000 0000")),
        await looked(hosts, "kana-birth", words.kana_word("カクウダニナミサネ", "1980-04-02")),
    ]

    assert [names(one) for one in found] == [["42"], ["42"], ["42"], ["42"], ["100", "99"], []]
    assert all(each.as_searched for one in found for each in one.found)
    assert found[0].found[0].profile.address == row(42).address


async def test_every_opening_is_counted(hosts: FiveHosts, tmp_path: Path) -> None:
    """A search that opens nothing spends no opening; when the officers' number is used up, all three authorities refuse."""
    await given(hosts, tmp_path, person(99), person(100))
    await opened_beforehand(hosts, "search", members=4, opened=3)
    alone = desk(hosts)
    alone = type(alone)(alone.home, alone.deployment, mounts=alone.mounts, today=alone.today)
    word = words.telephone_word(_HOME)
    assert word is not None
    counted = []
    for most in (0, 1, 2):
        results = await search(alone, "telephone", word, most)
        counted.append((len(results.found), results.closed, await left(hosts)))
    with pytest.raises(QuotaExceeded):
        await search(alone, "telephone", word, 1)

    assert counted == [
        (0, 2, [(7, 3), (7, 3), (6, 3)]),
        (1, 1, [(6, 2), (6, 2), (4, 2)]),
        (2, 0, [(5, 0), (5, 0), (2, 0)]),
    ]


async def test_only_a_window_for_search(hosts: FiveHosts, tmp_path: Path) -> None:
    """No window, and a window for something else in its place, search nothing."""
    await given(hosts, tmp_path, person(1))
    alone = desk(hosts)
    alone = type(alone)(alone.home, alone.deployment, mounts=alone.mounts, today=alone.today)
    with pytest.raises(WindowError):
        await search(alone, "email", words.email_word("m1@example.jp") or b"", 1)
    await opened_beforehand(hosts, "ingest", members=5)
    hosts.calls.clear()
    for path in Home.load(hosts.papers.home).windows.glob("ingest-*.json"):
        text = path.read_text(encoding="utf-8").replace('"purpose": "ingest"', '"purpose": "search"')
        path.with_name(path.name.replace("ingest", "search")).write_text(text, encoding="utf-8")
        path.with_name(path.name.replace("ingest", "search")).chmod(0o600)
    with pytest.raises(RegistrarError):
        await search(alone, "email", words.email_word("m1@example.jp") or b"", 1)

    assert not [call for call in hosts.calls if call.endswith(("identity/search", "/openings"))]


async def test_what_changes_is_found_anew(hosts: FiveHosts, tmp_path: Path) -> None:
    """By a later table, before and after the first login, and by an accepted wish; nobody is found under what was."""
    await given(hosts, tmp_path, person(1), person(2), person(3))
    await sign_in(hosts, member_with(hosts, 2), member_with(hosts, 3))
    await given(hosts, tmp_path, row(1, email="new1@example.jp"), row(2, email="new2@example.jp"), person(3))
    await wish(hosts, member_with(hosts, 3), {"email": "new3@example.jp"})
    (waiting,) = await list_wishes(desk(hosts))
    await accept(desk(hosts), [waiting.id], tmp_path / "changes.csv")
    new = [await looked(hosts, "email", words.email_word(f"new{number}@example.jp")) for number in (1, 2, 3)]
    old = [await looked(hosts, "email", words.email_word(f"m{number}@example.jp")) for number in (1, 2, 3)]
    kept = await looked(hosts, "telephone", words.telephone_word("00-0000-0003"))

    assert [names(one) for one in new] == [["1"], ["2"], ["3"]]
    # The record is the member's own device's to change; until then the search says so.
    assert [one.found[0].as_searched for one in new] == [True, False, False]
    assert ([names(one) for one in old], names(kept)) == ([[]] * 3, ["3"])


async def test_erased_with_the_member(hosts: FiveHosts, tmp_path: Path) -> None:
    """Whoever is erased leaves nothing to find."""
    await given(hosts, tmp_path, person(1), person(2))
    await given(hosts, tmp_path, row(1, lost=date(2026, 11, 1)), person(2))
    summary = await run_events(desk(hosts, date(2031, 11, 1)))
    counts = [await hosts.count("identity", table) for table in ("search_tag", "record_opening", "account")]

    assert (summary.done["erasure"], counts) == (1, [1, 1, 1])


async def test_rows_look_alike(hosts: FiveHosts, tmp_path: Path) -> None:
    """One telephone, one reading, one address or none: no value stands twice, in whatever row and field."""
    await given(hosts, tmp_path, *(row(number, email="" if number % 2 else "m@example.jp") for number in range(1, 9)))
    rows = await hosts.rows("identity", "SELECT * FROM search_tag")
    values = [value for one in rows for value in one]

    assert (len(rows), {len(one) for one in rows}, len(set(values))) == (8, {1 + len(FIELDS)}, len(values))
    assert {tuple(map(len, one)) for one in rows} == {(16, *(32,) * len(FIELDS))}


async def test_an_opening_belongs_to_its_row(hosts: FiveHosts, tmp_path: Path) -> None:
    """Identity cannot show one member's record as another's."""
    await given(hosts, tmp_path, person(1), person(2))
    one, two = (member_with(hosts, number).refs["identity"] for number in (1, 2))
    swap = "UPDATE record_opening SET opening = (SELECT opening FROM record_opening WHERE ref = $2) WHERE ref = $1"
    await hosts.rows("identity", swap, one, two)
    with pytest.raises(AnswerRefused):
        await looked(hosts, "email", words.email_word("m1@example.jp"))


async def test_the_command(hosts: FiveHosts, tmp_path: Path) -> None:
    """It shows who was found; what is searched may be typed; what cannot be searched is refused without an echo."""
    await given(hosts, tmp_path, person(7))
    officers = [part for path in hosts.papers.officers for part in ("--officer", str(path))]
    async with listening(hosts):
        shown = await command(hosts, "search", "telephone", *officers, typed="００（００００）０００７\n")
        shut = await command(hosts, "search", "telephone", "--text", "00-0000-0007", "--most", "0", *officers)
        bad = await command(hosts, "search", "kana-birth", "--text", "カクウ", "--born", "1980", *officers)

    assert (shown[0], "カク" in shown[1], shut[0], "1 hits were not opened" in shut[1]) == (0, True, 0, True)
    assert (bad[0], "カクウ" in bad[1], "--born" in bad[1]) == (1, False, True)
