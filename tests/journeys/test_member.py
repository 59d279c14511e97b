"""A member's way through five hosts: real services, real databases, a third party's identity provider."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import asyncpg
import httpx
import pytest
import warifu
from local import journey, population
from local import seal as sealing
from local.group import DEMO_PASSPHRASE
from local.layout import HOSTS
from local.person import Person
from local.system import System
from protocol import dpop
from protocol.deployment import Deployment
from protocol.names import AUTHORITIES, AuthorityName
from registrar.importers import Accepted, CheckupRow, Rejected, find
from warifu._wire import Wire, http_client, system_clock
from warifu.transparency import KnownLogs, audit

TODAY = datetime.now(UTC).date()


@asynccontextmanager
async def signed_in(system: System, number: int) -> AsyncIterator[warifu.MemberSession]:
    """The employee of that place in the insurer's file, signed in on a device of their own."""
    work_id = population.work_ids(system.layout)[number]
    deployment = Deployment.load(system.deployment_path)
    async with warifu.Client(deployment) as client, Person(work_id, DEMO_PASSPHRASE) as person:
        yield await client.sign_in(warifu.Group(person))


async def count(system: System, host: str, statement: str) -> int:
    """What the host's owner role counts in its database."""
    connection = await asyncpg.connect(system.owner_urls[host])
    try:
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()


async def test_the_demo_journey_ends_as_it_says(system: System) -> None:
    """Sign-in, own profile, checkups of both years, writing, reading back, logoff: StepFailed would name the step that fails."""

    assert await journey.one_session(system) == len(journey.FISCAL_YEARS)


async def test_every_opening_is_in_three_logs(system: System) -> None:
    """A first and a later sign-in: the three authorities log both, vouch for each other, and an audit finds nothing."""
    async with signed_in(system, 9) as session:
        first = await session.openings()
    async with signed_in(system, 9) as session:
        later = await session.openings()
    async with http_client() as http:
        found = await audit(Wire(http, Deployment.load(system.deployment_path), system_clock), KnownLogs())

    assert sorted(one.kind for one in first.openings) == ["release", "rotation"]
    assert sorted((one.kind, one.own) for one in later.openings) == [("release", False), ("release", True), ("rotation", False)]
    assert (first.good, later.good) == (True, True)
    assert (found.alarms, found.unavailable) == ((), ())
    assert all(len(checked.cosigners) == 2 for checked in found.checked.values())


async def test_after_logoff_no_authority_answers_the_session(system: System) -> None:
    """Even with the session's own tokens and key, kept by a thief, all three refuse."""
    deployment = Deployment.load(system.deployment_path)
    async with signed_in(system, 1) as session, httpx.AsyncClient() as thief:
        kept = session._keys().authorities
        tokens = {host: (await kept._tokens.of(host)).raw for host in AUTHORITIES}

        async def rotate(host: AuthorityName) -> tuple[int, str]:
            url, body = f"{deployment.origins[host]}/rotation", b'{"v": 1}'
            proof = dpop.make(kept._keys.dpop, "POST", url, int(time.time()), tokens[host])
            headers = {"Authorization": f"DPoP {tokens[host]}", "DPoP": proof, "Content-Type": "application/json"}
            answer = await thief.post(url, content=body, headers=headers)
            return answer.status_code, answer.json().get("type", "")

        before = [await rotate(host) for host in AUTHORITIES]
        await session.log_off()
        after = [await rotate(host) for host in AUTHORITIES]

    assert (before, after) == ([(200, "")] * 3, [(401, "session-ended")] * 3)


async def test_the_back_channel_logout_is_delivered(system: System) -> None:
    """A device that reaches the gateway alone, and then is gone, is logged off at keyvault and identity all the same."""
    told = [
        ("gateway", "SELECT count(*) FROM logout_outbox"),
        ("gateway", "SELECT count(*) FROM sign_in"),
        ("keyvault", "SELECT count(*) FROM release_session WHERE NOT ended"),
        ("identity", "SELECT count(*) FROM release_session WHERE NOT ended"),
    ]
    async with signed_in(system, 2) as session:
        open_before = [await count(system, *query) for query in told[1:]]
        authorities = session._keys().authorities
        session._drop()
        await authorities.end("gateway")
    left = [-1]
    for _ in range(100):
        left = [await count(system, *query) for query in told]
        if not any(left):
            break
        await asyncio.sleep(0.1)

    assert (open_before, left) == ([1, 1, 1], [0, 0, 0, 0])


async def test_a_second_device_reads_what_the_first_wrote(system: System) -> None:
    """Keys come from the bundle, not from a device."""
    async with signed_in(system, 3) as first, signed_in(system, 3) as second:
        await first.put_vitals([warifu.Measurement(TODAY, "body-weight", Decimal("70.5"))])
        read = await second.vitals(TODAY - timedelta(days=1), TODAY)
        await first.log_off()
        await second.log_off()

    assert [(one.kind, one.value) for one in read] == [("body-weight", Decimal("70.5"))]


async def test_a_seal_changes_nothing_for_the_member(system: System) -> None:
    """What was written before the seal is read after it, in a session that was open meanwhile."""
    async with signed_in(system, 4) as session:
        await session.put_steps([warifu.DaySteps(TODAY, 4321)])
        for host in HOSTS:
            await sealing.host(system.layout, host)
        steps = [one.steps for one in await session.steps(TODAY, TODAY)]
        await session.log_off()

    assert steps == [4321]


async def test_a_first_login_with_a_store_down_is_finished_by_the_next(system: System) -> None:
    """programs is down at the first login; the next login claims its mailbox."""
    await system.stop("programs")
    try:
        async with signed_in(system, 5) as session:
            unclaimed = session.unclaimed
            await session.log_off()
    finally:
        await system.start("programs")
    async with signed_in(system, 5) as session:
        await session.put_steps([warifu.DaySteps(TODAY, 99)])
        steps = [one.steps for one in await session.steps(TODAY, TODAY)]
        await session.log_off()

    assert (unclaimed, steps) == (frozenset({"programs"}), [99])


async def test_a_wrong_passphrase_signs_nobody_in(system: System) -> None:
    """The group's provider keeps the person at its form."""
    work_id = population.work_ids(system.layout)[6]
    async with warifu.Client(Deployment.load(system.deployment_path)) as client, Person(work_id, "not this one") as person:
        with pytest.raises(Exception, match="does not accept") as caught:
            await client.sign_in(warifu.Group(person))

    assert caught.type.__name__ == "StepFailed"


async def test_everything_is_taken_along(system: System, tmp_path: Path) -> None:
    """One signed file of all five hosts' answers; the insurer's own importer reads the documents in it, for the same person."""
    async with signed_in(system, 4) as session:
        await session.put_vitals([warifu.Measurement(TODAY, "body-weight", Decimal("62.5"))])
        profile, found = session.profile, await session.checkups()
        everything = (await session._ask("anon-data", "GET", "/fhir/Patient/me/$everything?_count=1000")).json()
        archive = warifu.checked(await warifu.export(session, datetime.now(UTC)))
    path = tmp_path / "record.json"
    path.write_bytes(archive.files["record.fhir.json"])
    importer = find(path)
    assert importer is not None
    outcomes = list(importer.read(path))
    rows = [one.row for one in outcomes if isinstance(one, Accepted) and isinstance(one.row, CheckupRow)]

    assert [row.exam_date for row in rows] == [checkup.exam_date for checkup in found.checkups]
    assert {row.birth_date.isoformat() for row in rows} == {profile.birth_date}
    assert [one.code for one in outcomes if isinstance(one, Rejected)] == ["entries-unread"]
    assert everything["total"] == 2 + sum(len(checkup.observations) for checkup in found.checkups)
    assert profile.name in archive.files["csv/profile.csv"].decode()
