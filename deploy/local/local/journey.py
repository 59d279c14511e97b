"""The main job, step by step and with times: the insurer's files go in, one member signs in, reads, writes and logs off."""

import asyncio
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import warifu
from protocol.deployment import Deployment
from protocol.messages.records import Checkups
from protocol.trust import trust
from registrar.imports import import_files

from local import paper, population, postgres
from local.errors import StepFailed
from local.group import DEMO_PASSPHRASE
from local.person import Person
from local.system import System

FISCAL_YEARS = (2024, 2025)
"""Two years of checkups, so that there is something to compare."""
_SHOWN = ("body-height", "body-weight", "body-mass-index", "waist-circumference")
_DELIVERY_TRIES = 100
"""Tenths of a second: the gateway tells the other two at once, but not within the answer to the logoff."""
_SESSION_TABLES = (
    ("gateway", "sign_in"),
    ("gateway", "logout_outbox"),
    ("keyvault", "release_session WHERE NOT ended"),
    ("identity", "release_session WHERE NOT ended"),
)


async def run(system: System, members: int) -> None:
    """Load the population and let an employee and a retiree sign in; StepFailed says which step did not end as it must."""
    await load(system, members)
    await one_session(system)
    await from_letter_to_card(system)


async def load(system: System, members: int) -> None:
    """Write the insurer's files once, and import them; a second time finds nothing to do."""
    with step(f"writing an insurer's files: {members} fictional members, two years of checkups, a year of receipts"):
        await asyncio.to_thread(partial(population.ensure, system.layout, members, FISCAL_YEARS, later=True, receipts=True))
    files = population.files(system.layout)
    officers = sorted(system.layout.officers.glob("*.key"))
    deployment = Deployment.load(system.deployment_path)
    with step("importing them in windows signed by two officers"):
        summary = await system.as_registrar(lambda: import_files(system.layout.registrar, deployment, files, officers))
    print(f"      {summary}", flush=True)
    with step("importing the same files again"):
        again = await system.as_registrar(lambda: import_files(system.layout.registrar, deployment, files, officers))
    if again.changed:
        raise StepFailed("a second import of the same files changed something")


async def one_session(system: System) -> int:
    """Sign an employee in with their group id, read, write, log off, see that nothing opens afterwards; return its checkups."""
    work_id = population.work_ids(system.layout)[0]
    deployment = Deployment.load(system.deployment_path)
    today = datetime.now(UTC).date()
    checks = trust(deployment)
    async with warifu.Client(deployment) as client, Person(work_id, DEMO_PASSPHRASE, checks=checks) as person:
        with step("signing in: group id, evidence, three parts, bundle, first keys, claims, own profile"):
            session = await client.sign_in(warifu.Group(person))
        with step("reading the own checkups of both years"):
            checkups = await session.checkups()
            _show(session.profile.name, checkups)
        with step("reading the own medical claims of the last two years"):
            costs = await session.costs(today - timedelta(days=730), today)
            claims = await session.claims(today - timedelta(days=730), today)
        billed, own = sum(one.points for one in costs) * 10, sum(one.own_payment for one in costs)
        print(f"      {len(claims)} claims, {billed:,} yen, of which {own:,} yen are paid by the member", flush=True)
        with step("writing weight, blood pressure and one day of steps"):
            await session.put_vitals(
                [
                    warifu.Measurement(today, "body-weight", Decimal("64.2")),
                    warifu.Measurement(today, "systolic", Decimal(128)),
                    warifu.Measurement(today, "diastolic", Decimal(82)),
                ]
            )
            await session.put_steps([warifu.DaySteps(today, 8123)])
        with step("reading them back"):
            vitals = await session.vitals(today - timedelta(days=7), today)
            steps = await session.steps(today - timedelta(days=7), today)
        if len(vitals) < 3 or not steps or steps[-1].steps != 8123:
            raise StepFailed("what was written does not come back")
        with step("logging off"):
            await session.log_off()
    await _nothing_opens(system, session)
    return len(checkups.checkups)


async def from_letter_to_card(system: System) -> None:
    """Let a retiree, who has no work account, sign in with the registrar's letter, add a card, and sign in with that."""
    waiting = paper.retirees(system.layout)[:1]
    if not waiting:
        print("  no retiree waits for a letter (few members, or several earlier runs)", flush=True)
        return
    with TemporaryDirectory(dir=system.layout.home) as folder:
        file = Path(folder) / "letter.pdf"
        with step("printing a letter for a retiree, who has no work account"):
            await paper.print_for(system, waiting, file)
        letter = paper.code_on(file)
    card, pin = warifu.Card.fresh(), secrets.token_hex(4)
    async with warifu.Client(Deployment.load(system.deployment_path)) as client:
        with step("signing in with the code on it, adding a card with a PIN, which uses the letter up, logging off"):
            session = await client.sign_in(warifu.CodeWay(letter))
            print(f"      {session.profile.name}", flush=True)
            await session.add_card(card, pin, warifu.CodeWay(letter), "card")
            await session.log_off()
        with step("trying the letter once more: it opens nothing"):
            try:
                await client.sign_in(warifu.CodeWay(letter))
            except warifu.EvidenceRefused:
                pass
            else:
                raise StepFailed("a letter that was used up signs in")
        with step("signing in with the card and its PIN, reading the own checkups, logging off"):
            session = await client.sign_in(warifu.CodeWay(card.text, pin))
            await session.checkups()
            await session.log_off()


async def _nothing_opens(system: System, session: warifu.MemberSession) -> None:
    with step("trying the ended session: its keys are gone from the device"):
        try:
            await session.checkups()
        except warifu.SessionEnded:
            pass
        else:
            raise StepFailed("an ended session still reads")
    with step("looking for it at the hosts: no open session, no logout left to deliver"):
        for _ in range(_DELIVERY_TRIES):
            left = [
                table for host, table in _SESSION_TABLES if await postgres.count(system.layout, system.layout.host(host), table)
            ]
            if not left:
                return
            await asyncio.sleep(0.1)
    raise StepFailed(f"a host still knows the ended session: {', '.join(left)}")


def _show(name: str, read: Checkups) -> None:
    """Print one line a checkup: the demo's proof that the halves have met."""
    units = {item.code: item for item in read.items}
    print(f"      {name}", flush=True)
    for checkup in read.checkups:
        values = {
            units[one.item].name: f"{one.value} {units[one.item].unit}" for one in checkup.observations if one.value is not None
        }
        shown = ", ".join(f"{name} {values[name]}" for name in _SHOWN if name in values)
        print(
            f"      {checkup.exam_date} (fiscal year {checkup.fiscal_year}): {len(checkup.observations)} results, {shown}",
            flush=True,
        )


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what is done now, and how long it took."""
    began = time.monotonic()
    print(f"  {what} ...", flush=True)
    yield
    print(f"      {time.monotonic() - began:.2f} s", flush=True)
