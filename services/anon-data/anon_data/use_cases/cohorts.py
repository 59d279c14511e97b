"""An analyst defines a cohort, the office approves it; what may be asked follows from definitions, and nobody's data."""

from collections.abc import Iterable, Mapping
from datetime import date

import analysis.errors
from analysis.cohorts import Cohort, admit
from chassis.database import Database
from protocol.messages.cohorts import COHORTS, CohortList, DecideCohort, RegisterCohort, RegisteredCohort, RegisteredCohorts
from staff import StaffCall

from anon_data.errors import CohortRefused
from anon_data.store import cohorts as store
from anon_data.store.cohorts import Registered


async def register(db: Database, caller: StaffCall, asked: RegisterCohort, today: date) -> RegisteredCohort:
    """Write down a definition as the next version of its name; the newest one again changes nothing."""
    async with db.transaction("register-cohort") as tx:
        await store.hold(tx)
        there = await store.every(tx)
        versions = {int(one.shown.cohort.partition(":")[2]): one.shown for one in there if _is_of(one, asked.name)}
        newest = versions.get(max(versions, default=0))
        if newest is not None and (newest.among, newest.purpose) == (asked.among, asked.purpose):
            return newest
        if len(there) >= COHORTS:
            raise CohortRefused(reason="too-many")
        version = max(versions, default=0) + 1
        _admit(f"{asked.name}:{version}", asked.among, there)
        await store.register(tx, asked, version, caller.passkey, caller.subject, today)
        return _found(await store.every(tx), f"{asked.name}:{version}").shown


async def decide(db: Database, caller: StaffCall, asked: DecideCohort, today: date) -> RegisteredCohort:
    """Approve a cohort, or refuse it; whoever registered it does not, with no passkey of theirs."""
    async with db.transaction("decide-cohort") as tx:
        await store.hold(tx)
        there = await store.every(tx)
        found = _found(there, asked.cohort)
        if found.shown.state != "proposed":
            if (found.shown.state == "approved") != asked.approved:
                raise CohortRefused(reason="decided")
            return found.shown
        if asked.approved:
            _admit(asked.cohort, found.shown.among, there)
        if not await store.decide(tx, asked.cohort, caller.passkey, caller.subject, today, approved=asked.approved):
            raise CohortRefused(reason="alone")
        return _found(await store.every(tx), asked.cohort).shown


async def list_cohorts(db: Database) -> RegisteredCohorts:
    """Return all versions of all cohorts: those to be decided first."""
    async with db.statements("list-cohorts") as tx:
        return RegisteredCohorts(cohorts=tuple(one.shown for one in await store.every(tx)))


async def approved(db: Database, named: Iterable[str | None]) -> Mapping[str, Cohort]:
    """Return those of these cohorts that may be asked. Of the others it is not said which there are."""
    wanted = {one for one in named if one is not None}
    if not wanted:
        return {}
    async with db.statements("find-cohorts") as tx:
        there = await store.every(tx)
    found = [one.shown for one in there if one.shown.state == "approved" and one.shown.cohort in wanted]
    return {one.cohort: _cohort(one.cohort, one.among) for one in found}


def _admit(named: str, among: tuple[CohortList, ...], there: Iterable[Registered]) -> None:
    others = [_cohort(one.shown.cohort, one.shown.among) for one in there if one.shown.state == "approved"]
    try:
        admit(_cohort(named, among), others)
    except analysis.errors.CohortRefused as refused:
        raise CohortRefused(reason=refused.reason) from None


def _cohort(named: str, among: tuple[CohortList, ...]) -> Cohort:
    return Cohort(named, tuple((one.rung, one.levels) for one in among))


def _is_of(one: Registered, name: str) -> bool:
    return one.shown.cohort.partition(":")[0] == name


def _found(there: Iterable[Registered], named: str) -> Registered:
    found = next((one for one in there if one.shown.cohort == named), None)
    if found is None:
        raise CohortRefused(reason="unknown")
    return found
