"""A guardian with a work account signs in for a child: the same sign-in, another account."""

from contextlib import AsyncExitStack
from datetime import timedelta
from decimal import Decimal

import pytest
import warifu
from journeys import insurer
from local.errors import StepFailed
from local.group import DEMO_PASSPHRASE
from local.person import Person
from local.system import System
from protocol.deployment import Deployment
from registrar.guardians import UNTIL
from registrar.roster_member import Member
from registrar.rules import today
from support.platform_authenticator import PlatformAuthenticator


def a_family(system: System) -> tuple[Member, list[Member]]:
    """Return a guardian with a work account and their children under age, of whom there are most."""
    members = insurer.members(system)
    families = [
        (guardian, [child for child in members if child.guardian == guardian.anchor and child.told.guardian])
        for guardian in members
        if guardian.lost is None and guardian.work_id
    ]
    return max(families, key=lambda family: len(family[1]))


async def place_of(client: warifu.Client, person: Person, child: Member) -> int:
    """Look into one child's account after the other, as a guardian does, and return this child's place."""
    for place in range(1, 10):
        async with await client.sign_in(warifu.Group(person, place=place)) as session:
            if session.profile.birth_date == child.birth_date:
                return place
    raise LookupError("the guardian does not get into the child's account")


async def test_the_childs_records_are_the_childs(system: System) -> None:
    """Each child has an account of its own; what is written there is not in the guardian's, and what is added is a guardian's."""
    guardian, children = a_family(system)
    child = children[-1]
    day, phone = today(), PlatformAuthenticator()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(warifu.Client(Deployment.load(system.deployment_path)))
        person = await stack.enter_async_context(Person(guardian.work_id, DEMO_PASSPHRASE))
        places = [await place_of(client, person, one) for one in children]
        for_child = warifu.Group(person, place=places[-1])
        async with await client.sign_in(for_child) as session:
            await session.put_vitals([warifu.Measurement(day, "body-weight", Decimal("31.5"))])
            added = await session.add_passkey(phone, for_child, "親の電話")
            (way,) = [one for one in await session.ways() if one.id == added.id]
            assert session.profile.birth_date == child.birth_date
            assert way.guardian_until is not None
            assert int(way.guardian_until.timestamp()) == UNTIL
        async with await client.sign_in(warifu.Group(person)) as session:
            assert session.profile.birth_date == guardian.birth_date
            assert await session.vitals(day - timedelta(days=1), day) == ()
        async with await client.sign_in(warifu.Passkey(phone)) as session:
            assert [one.value for one in await session.vitals(day, day)] == [Decimal("31.5")]
            await session.remove_way(added.id, for_child)
        with pytest.raises(warifu.EvidenceRefused):
            await client.sign_in(warifu.Passkey(phone))
        with pytest.raises(StepFailed, match="403"):
            await client.sign_in(warifu.Group(person, place=99))

    assert (sorted(places), len(places) > 1) == (list(range(1, 1 + len(children))), True)
