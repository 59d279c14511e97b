"""Employees who retire: another number, no work account any more, the same person with the same records."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest
import warifu
from journeys import insurer
from journeys.office import letters_in
from local.errors import StepFailed
from local.group import DEMO_PASSPHRASE
from local.paper import SENDER
from local.person import Person
from local.system import System
from protocol.deployment import Deployment
from protocol.names import AUTHORITIES
from registrar.events import run_events
from registrar.importers import EligibilityRow
from registrar.posting import print_letters
from registrar.rules import today
from rooms.registrar.samples import HEIGHT, archive, document, quantity
from support.platform_authenticator import PlatformAuthenticator

OTHERS = 10
"""Employees at the head of the insurer's file: other journeys are theirs."""


@dataclass
class Retiree:
    """An employee of the old table, and the same person in the new one."""

    before: EligibilityRow

    @property
    def after(self) -> EligibilityRow:
        """The new number's line, which names the old one."""
        old = self.before
        return replace(
            old,
            number=f"9{int(old.number):06d}",
            qualification="3",
            work_id="",
            acquired=today(),
            previous_symbol=old.symbol,
            previous_number=old.number,
            previous_branch=old.branch,
        )

    @property
    def number(self) -> str:
        """The new number as commands take it."""
        return f"{self.after.symbol}:{self.after.number}:{self.after.branch}"


@asynccontextmanager
async def device(system: System) -> AsyncIterator[warifu.Client]:
    async with warifu.Client(Deployment.load(system.deployment_path)) as client:
        yield client


def alone(system: System) -> list[EligibilityRow]:
    """Return employees without a family on their card."""
    rows = insurer.people(system)
    families = {(row.symbol, row.number) for row in rows if row.relation != "self"}
    return [row for row in rows if row.work_id and row.lost is None and (row.symbol, row.number) not in families][OTHERS:]


def month(system: System, retirees: list[Retiree]) -> list[EligibilityRow]:
    """Return next month's lines: everybody as before, the old numbers' last lines and the new numbers' first."""
    leaving = {retiree.before.member for retiree in retirees}
    kept = [row if row.member not in leaving else replace(row, lost=today(), loss_reason="退職") for row in insurer.people(system)]
    return [*kept, *(retiree.after for retiree in retirees)]


def checkup(folder: Path, person: EligibilityRow) -> Path:
    """Write an archive with one checkup, of today, under a member's number."""
    ids = {"101": person.insurer_number, "204": person.symbol, "205": person.number, "211": person.branch}
    born, sex = f"{person.birth_date:%Y%m%d}", "1" if person.sex == "male" else "2"
    one = document(quantity(HEIGHT, "171.5"), birth=born, day=f"{today():%Y%m%d}", sex=sex, ids=ids)
    return archive(folder / "checkups.zip", [one])


async def ended(system: System) -> list[int]:
    """Count the work accounts that have ended, at each authority."""
    found = []
    for host in AUTHORITIES:
        connection = await asyncpg.connect(system.owner_urls[host])
        try:
            found.append(await connection.fetchval("SELECT count(*) FROM verifier WHERE kind = 'oidc' AND expires IS NOT NULL"))
        finally:
            await connection.close()
    return found


def employee(row: EligibilityRow) -> Person:
    """Return somebody at a browser who has, or had, a work account."""
    return Person(row.work_id, DEMO_PASSPHRASE)


async def test_the_group_opens_no_more_and_the_passkey_does(system: System, tmp_path: Path) -> None:
    """New number in the record, old and new checkups side by side, letters for who has no way in; and nobody else notices."""
    with_passkey, never, without, colleague = alone(system)[:4]
    retirees = [Retiree(with_passkey), Retiree(never), Retiree(without)]
    phone, day = PlatformAuthenticator(), today()
    (system.layout.registrar / "sender.toml").write_text(SENDER, encoding="utf-8")
    async with device(system) as client:
        async with employee(with_passkey) as person, await client.sign_in(warifu.Group(person)) as session:
            await session.put_vitals([warifu.Measurement(day - timedelta(days=1), "body-weight", Decimal("71.5"))])
            await session.add_passkey(phone, warifu.Group(person), "電話")
            checkups_before = {checkup.exam_date for checkup in (await session.checkups()).checkups}
        for row in (without, colleague):
            async with employee(row) as person, await client.sign_in(warifu.Group(person)) as session:
                assert session.profile.member_number.split(":")[2] == row.number
        ended_before = await ended(system)
        unchanged = await insurer.next_month(system, insurer.people(system))
        table = month(system, retirees)
        imported = await insurer.next_month(system, table, [checkup(tmp_path, retirees[0].after)])
        done = await run_events(insurer.desk(system))

        assert (unchanged.changed, done.refused, done.done["access"]) == (0, {}, 3)
        assert (imported.checkups_inserted, imported.without_a_way_in - unchanged.without_a_way_in) == (1, 3)
        assert [len(set(insurer.member_with(system, one.after.member).refs.values())) for one in retirees] == [3] * 3
        assert [after - before for before, after in zip(ended_before, await ended(system), strict=True)] == [3, 3, 3]

        for row in (with_passkey, never, without):
            async with employee(row) as person:
                # The provider lets them in; the gateway's page does not lead on.
                with pytest.raises(StepFailed, match="403"):
                    await client.sign_in(warifu.Group(person))
        async with await client.sign_in(warifu.Passkey(phone)) as session:
            assert session.profile.member_number.split(":")[2] == retirees[0].after.number
            assert {checkup.exam_date for checkup in (await session.checkups()).checkups} == checkups_before | {day}
            assert [one.value for one in await session.vitals(day - timedelta(days=2), day)] == [Decimal("71.5")]
        async with employee(colleague) as person, await client.sign_in(warifu.Group(person)) as session:
            assert session.profile.member_number.split(":")[2] == colleague.number

        # Who never signed in gets a first letter, which is good at once; who did, and added nothing, one that takes a day.
        out = tmp_path / "letters.pdf"
        posted = await print_letters(
            insurer.desk(system), out, [insurer.newest_table(system)], [one.number for one in retirees[1:]]
        )
        codes = {one.after.number in letter.text: letter.code for letter in letters_in(out) for one in retirees[1:2]}
        async with await client.sign_in(warifu.CodeWay(codes[True])) as session:
            assert session.profile.member_number.split(":")[2] == retirees[1].after.number
        with pytest.raises(warifu.EvidenceRefused, match="access_denied"):
            await client.sign_in(warifu.CodeWay(codes[False]))
        assert posted.printed == {"first": 1, "recovery": 1}
