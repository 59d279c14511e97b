"""The roster: encrypted at rest, found by number, kept by the key that made it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from protocol.encoding import b64u
from registrar import home as homes
from registrar.errors import HomeError
from registrar.home import Home
from registrar.roster import Roster
from registrar.roster_member import Member
from registrar.secret_files import write_private
from rooms.registrar.paperwork import member, row


def test_a_member_is_found_by_number(tmp_path: Path) -> None:
    """A member comes back whole under the number they were put with."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))
    one = member(123456)
    roster.put([one, member(2)])

    assert roster.find(row(123456).member) == one
    roster.close()


def test_a_renumbered_member_is_found_by_both_numbers(tmp_path: Path) -> None:
    """The first number stays a name of the person after the current one changed."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))
    one = replace(member(1), current=row(9).member)
    roster.put([member(1)])
    roster.put([one])

    assert [roster.find(row(number).member) for number in (1, 9)] == [one, one]
    roster.close()


def test_a_card_without_branch_names_who_was_born_that_day(tmp_path: Path) -> None:
    """Results without a branch find the one member of the card with that birth date and sex."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))
    spouse = member(1, anchor=row(1, branch="01").member, current=row(1, branch="01").member, sex="female")
    roster.put([member(1), spouse])

    assert roster.find_card(row(1).member, "1980-04-01", "female") == [spouse]
    roster.close()


def test_the_file_says_nothing_of_anybody(tmp_path: Path) -> None:
    """Neither numbers, dates, sites nor references stand in the file as they are."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))
    one = member(87654321, site="architects-of-nowhere", status="enrolled")
    roster.put([one])
    roster.put_checkups([(one.anchor, "2024-06-03", "010", os.urandom(32))])
    roster.close()
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    secret = [b"87654321", b"1980-04-01", b"architects", b"06990019", b"2024-06-03", b"enrolled", one.anchor.x]
    secret += [form for ref in one.refs.values() for form in (ref, b64u(ref).encode())]

    assert [word for word in secret if word in raw] == []


def test_a_roster_opens_with_its_own_key_alone(tmp_path: Path) -> None:
    """Another key is refused at once, not at the first look-up."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))
    roster.put([member(1)])
    roster.close()

    with pytest.raises(HomeError, match=r"does not open with this home's roster\.key"):
        Roster.open(tmp_path / "roster", os.urandom(32))


def test_a_checkup_is_remembered_by_content(tmp_path: Path) -> None:
    """The content hash is found under person, day and programme, and under nothing else."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))
    one = member(1)
    roster.put_checkups([(one.anchor, "2024-06-03", "010", b"a" * 32)])
    found = [roster.checkup(one.anchor, day, program) for day, program in (("2024-06-03", "010"), ("2024-06-03", "030"))]
    roster.close()

    assert found == [b"a" * 32, None]


def test_a_failed_write_leaves_the_roster_as_it_was(tmp_path: Path) -> None:
    """All members of one put are written, or none."""
    roster = Roster.open(tmp_path / "roster", os.urandom(32))

    def interrupted() -> Iterator[Member]:
        yield member(1)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        roster.put(interrupted())
    assert list(roster.members()) == []
    roster.close()


def test_a_home_is_made_once(tmp_path: Path) -> None:
    """Making a home again keeps its keys, and every secret file belongs to its owner alone."""
    first, second = homes.create(tmp_path / "home"), homes.create(tmp_path / "home")
    modes = {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in (tmp_path / "home").iterdir() if path.is_file()}

    assert (first == second, len(first), modes) == (
        True,
        1216,
        {"insurer.key": "0o600", "roster.key": "0o600", "roster.sqlite": "0o600"},
    )


def test_a_folder_without_keys_is_no_home(tmp_path: Path) -> None:
    """A wrong folder is named in the error."""
    with pytest.raises(HomeError, match="is no registrar's home"):
        Home.load(tmp_path)


def test_a_readable_key_is_refused(tmp_path: Path) -> None:
    """A key that others can read is not used."""
    homes.create(tmp_path)
    (tmp_path / "insurer.key").chmod(0o644)

    with pytest.raises(HomeError, match="can be read by others"):
        Home.load(tmp_path)


def test_a_lost_roster_key_is_not_replaced(tmp_path: Path) -> None:
    """A fresh key beside an old roster would look like an empty one."""
    homes.create(tmp_path)
    (tmp_path / "roster.key").unlink()

    with pytest.raises(HomeError, match="is missing"):
        Home.load(tmp_path)


def test_two_imports_do_not_share_a_home(tmp_path: Path) -> None:
    """The second one is told."""
    homes.create(tmp_path)
    home = Home.load(tmp_path)

    with home.locked(), pytest.raises(HomeError, match="another import is running"), home.locked():
        pass


def test_a_file_that_is_no_roster_is_refused(tmp_path: Path) -> None:
    """Another kind of file at the roster's place is named."""
    write_private(tmp_path / "roster", "not a database at all, but long enough to be read as one")

    with pytest.raises(HomeError, match="is not a roster"):
        Roster.open(tmp_path / "roster", os.urandom(32))
