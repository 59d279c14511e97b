"""Letters at the five hosts in this process: told of, printed, noted, replaced, withdrawn."""

import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from registrar.errors import RegistrarError
from registrar.events import run_events
from registrar.guardians import UNTIL
from registrar.home import Home
from registrar.importers import EligibilityRow
from registrar.posting import listed, part, print_letters, withdraw_letters
from registrar.report import REASONS
from registrar.roster_member import Member
from registrar.rules import midnight
from rooms.registrar.five_hosts import FiveHosts, Killed
from rooms.registrar.lives import SENDER, TODAY, desk, given, member_with, sign_in, verifiers_of
from rooms.registrar.paperwork import row, write_table

EXPIRES = midnight(TODAY + timedelta(days=91))


@pytest.fixture
def home(hosts: FiveHosts) -> Path:
    """Return a home that knows how the insurer signs its letters."""
    (hosts.papers.home / "sender.toml").write_text(SENDER, encoding="utf-8")
    return hosts.papers.home


def retiree(number: int, /, **changes: object) -> EligibilityRow:
    return row(number, **{"work_id": "", "qualification": "3", **changes})


def child(number: int, birth: date, /, **changes: object) -> EligibilityRow:
    fields: dict[str, object] = {"branch": "01", "relation": "child", "qualification": "2", "work_id": "", "birth_date": birth}
    return row(number, **{**fields, "acquired": max(birth, date(2010, 4, 1)), "kanji_name": "架空谷 ぴよ子", **changes})


async def keys(hosts: FiveHosts, member: Member) -> list[list[bytes | None]]:
    """Return the public keys of a member's letters at each authority."""
    return [[each.public_key for each in at if each.kind == "letter"] for at in await verifiers_of(hosts, member)]


async def test_letters_for_everybody_without_a_way_in(hosts: FiveHosts, home: Path, tmp_path: Path) -> None:
    """One page each, for their owner's eyes; all three authorities have a letter, each with another key; nobody twice."""
    table = write_table(tmp_path / "table.csv", [row(1), retiree(2), retiree(3)])
    summary = await hosts.run(table, today=TODAY)
    out = tmp_path / "letters.pdf"
    posted = await print_letters(desk(hosts), out, [table], everyone=True)
    again = await print_letters(desk(hosts), tmp_path / "none.pdf", [table], everyone=True)
    found = await verifiers_of(hosts, member_with(hosts, 2))

    assert (summary.without_a_way_in, posted.printed, again.printed.total()) == (2, {"first": 2}, 0)
    assert (out.read_bytes()[:5], stat.S_IMODE(out.stat().st_mode), (tmp_path / "none.pdf").exists()) == (b"%PDF-", 0o600, False)
    assert [[(each.kind, each.expires, each.not_before) for each in at] for at in found] == [[("letter", EXPIRES, None)]] * 3
    assert len({each.public_key for at in found for each in at}) == 3
    assert [(note.kind, note.issued, note.expires) for _, note in listed(home)] == [
        ("first", TODAY, TODAY + timedelta(days=90))
    ] * 2


async def test_killed_before_the_letters_are_printed(hosts: FiveHosts, home: Path, tmp_path: Path) -> None:
    """After each call in turn: the next run mints new codes in the place of the old ones, and every host has the new."""
    table = write_table(tmp_path / "table.csv", [retiree(2)])
    await hosts.run(table, today=TODAY)
    seen = set()
    after = 0
    while True:
        hosts.calls.clear()
        after += 1
        hosts.kill_after[:] = [after]
        try:
            await print_letters(desk(hosts), tmp_path / "letters.pdf", [table], everyone=True)
        except Killed:
            if hosts.calls[-1].endswith("/windows/closing"):
                break  # all is printed
            seen |= {key for at in await keys(hosts, member_with(hosts, 2)) for key in at}
            assert listed(home) == []
        else:
            break
    found = await keys(hosts, member_with(hosts, 2))

    assert ([len(at) for at in found], {key for at in found for key in at} & seen) == ([1, 1, 1], set())
    assert (tmp_path / "letters.pdf").exists()


@pytest.mark.usefixtures("home")
async def test_who_has_signed_in_is_recovered(hosts: FiveHosts, tmp_path: Path) -> None:
    """Nobody here knew that they had; the letter is a recovery's, takes effect a day later, and the roster knows from now on."""
    table = write_table(tmp_path / "table.csv", [retiree(2)])
    await hosts.run(table, today=TODAY)
    await sign_in(hosts, member_with(hosts, 2))
    posted = await print_letters(desk(hosts), tmp_path / "letters.pdf", [table], ["101:2:00"])
    found = await verifiers_of(hosts, member_with(hosts, 2))

    assert (posted.printed, member_with(hosts, 2).released) == ({"recovery": 1}, True)
    assert [[each.not_before is not None for each in at] for at in found] == [[True]] * 3


@pytest.mark.usefixtures("home")
async def test_a_guardian_without_a_work_account_gets_a_letter(hosts: FiveHosts, tmp_path: Path) -> None:
    """For the child's account, until the child comes of age; then the child's own letter takes over."""
    born = date(2012, 5, 6)
    table = write_table(tmp_path / "table.csv", [retiree(2), child(2, born)])
    await hosts.run(table, today=TODAY)
    first = await print_letters(desk(hosts), tmp_path / "one.pdf", [table], ["101:2:01"])
    until = [[each.guardian_until for each in at] for at in await verifiers_of(hosts, member_with(hosts, 2, "01"))]
    of_age = date(2030, 5, 6)
    await sign_in(hosts, member_with(hosts, 2, "01"))
    ended = await run_events(desk(hosts, of_age))
    second = await print_letters(desk(hosts, of_age), tmp_path / "two.pdf", [table], everyone=True)
    found = await verifiers_of(hosts, member_with(hosts, 2, "01"))

    assert (first.printed, until, ended.done["guardian-end"]) == ({"guardian": 1}, [[UNTIL]] * 3, 1)
    assert (second.printed["takeover"], [None in {each.guardian_until for each in at} for at in found]) == (1, [True] * 3)


@pytest.mark.usefixtures("home")
async def test_a_withdrawn_letter_is_gone(hosts: FiveHosts, tmp_path: Path) -> None:
    """At all three, and the member counts as one without a way in again."""
    table = write_table(tmp_path / "table.csv", [retiree(2), retiree(3)])
    await hosts.run(table, today=TODAY)
    await print_letters(desk(hosts), tmp_path / "letters.pdf", [table], everyone=True)
    count = await withdraw_letters(desk(hosts), ["101:2:00"])
    summary = await hosts.run(table, today=TODAY)

    assert (count, await keys(hosts, member_with(hosts, 2)), summary.without_a_way_in) == (1, [[], [], []], 1)
    assert [len(at) for at in await keys(hosts, member_with(hosts, 3))] == [1, 1, 1]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "address-missing"),
        ([retiree(2, address="")], "address-missing"),
        ([retiree(2, address="架空県試験市" + "\U0001f423")], "characters-missing"),
        ([retiree(2, address="あ" * 150)], "letter-too-long"),
    ],
)
async def test_what_cannot_be_printed_is_a_code(hosts: FiveHosts, tmp_path: Path, rows: list[EligibilityRow], code: str) -> None:
    """No host hears of it, and no file is written."""
    await given(hosts, tmp_path, retiree(2))
    hosts.calls.clear()
    posted = await print_letters(desk(hosts), tmp_path / "letters.pdf", [write_table(tmp_path / "other.csv", rows)], everyone=True)

    assert (posted.refused, code in REASONS, hosts.calls, (tmp_path / "letters.pdf").exists()) == ({code: 1}, True, [], False)


async def test_letters_are_never_written_over_others(hosts: FiveHosts, home: Path, tmp_path: Path) -> None:
    """Whoever gives the same file twice is told before any code is minted."""
    await given(hosts, tmp_path, retiree(2))
    (tmp_path / "letters.pdf").write_text("others")
    hosts.calls.clear()
    with pytest.raises(RegistrarError, match="never written over others"):
        await print_letters(desk(hosts), tmp_path / "letters.pdf", [tmp_path / "eligibility.csv"], everyone=True)

    assert (hosts.calls, Home.load(home).path) == ([], home)


def test_a_large_mailing_comes_in_parts() -> None:
    """The first file is the one asked for, the others are numbered beside it."""
    names = [part(Path("out/letters.pdf"), number).name for number in (1, 2, 12)]

    assert names == ["letters.pdf", "letters-2.pdf", "letters-12.pdf"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('portal = "localhost:8106"', 'portal = "portal.example.jp"', "is not the deployment's"),
        ('portal = "localhost:8106"', "", "either portal"),
        ('portal = "localhost:8106"', 'portal = "localhost:8106"\ncommand = "warifu login --code"', "either portal"),
        ('telephone = "00-0000-0000"', "", "telephone"),
    ],
)
async def test_how_letters_are_signed(hosts: FiveHosts, home: Path, tmp_path: Path, old: str, new: str, said: str) -> None:
    """A portal is the deployment's own, or a command stands in its place; nothing is missing, and no code is minted before that."""
    await given(hosts, tmp_path, retiree(2))
    (home / "sender.toml").write_text(SENDER.replace(old, new), encoding="utf-8")
    hosts.calls.clear()
    with pytest.raises(RegistrarError, match=said):
        await print_letters(desk(hosts), tmp_path / "letters.pdf", [tmp_path / "eligibility.csv"], everyone=True)

    assert hosts.calls == []
