"""Enrolment: from eligibility rows to accounts, sealed records, bundles and mailboxes.

A round has six steps, each over all its people, each host in the order of its own keys (``batches``):

1. the three authorities evaluate the member numbers blindly: token seeds;
2. gateway, keyvault and identity take the references and hand out first shares, while both stores open mailboxes;
3. identity takes the sealed records;
4. the keyvault takes the sealed bundles;
5. identity takes what people are found under (``search_index``);
6. the gateway learns what employees are recognised by.

The last step opens the door: until then nobody can sign in, so no member meets an account without a bundle or mailbox, even
when the import is killed in between and finished days later. Every step may be repeated.

Of somebody who has signed in only the mailbox is renewed; the record goes to the member as a sealed note (``updates``).

Somebody who changed, but never signed in, goes through the same steps with the door open. The record's key follows from the
shares, which stay the same, so the old bundle opens the new record and the other way round, wherever it ends in between.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from protocol.names import AUTHORITIES, STORES, AuthorityName, StoreName
from protocol.search import words_of
from protocol.shares import member_key

from .batches import ROUND_ROWS, cut
from .enrolments import Enrolments, enrol
from .files import Source
from .first_versions import store_bundles, store_records
from .guardians import guardian_of, guardian_way, is_over
from .importers import EligibilityRow
from .mailboxes import Owner, open_mailboxes
from .people import Person, guardian_verifier, own_verifier, profile
from .plan import Plan
from .report import Line, Place
from .roster_member import Member
from .run import Run
from .search_index import Entry, put_index
from .session import Pair
from .tokens import token_seeds
from .updates import put_updates, whole_note
from .windows import quotas_of

Groups = Mapping[str, str]
"""The published workplace group of each site."""

_SIGNED_IN = "already-released"


async def enrol_all(run: Run, sources: Sequence[Source], plan: Plan) -> None:
    """Do everything the plan says, round by round; the roster notes each round when it is done."""
    for number in range(plan.round_count):
        people = await asyncio.to_thread(_people, run, sources, plan, number)
        await _round(run, people, plan)
    for members in cut(plan.regroup, ROUND_ROWS):
        await _regroup(run, members, plan.groups)


def _people(run: Run, sources: Sequence[Source], plan: Plan, number: int) -> list[Person]:
    return [
        _person(run, member, place, row)
        for source in sources
        for place, row in source.read(EligibilityRow, [])
        if plan.rounds.get(place) == number and (member := run.roster.find(row.member))
    ]


def _person(run: Run, member: Member, place: Place, row: EligibilityRow) -> Person:
    """Return a person with everything they are recognised by: their own work id, or a guardian's.

    Where an earlier guardian's ways in are still to end, the next one's are for ``events`` to tell, after that.
    """
    deployment, hashed = run.session.deployment, run.roster.content
    guardian = guardian_of(member, run.roster)
    over = is_over(member, guardian, run.rules, run.today)
    way = "" if over else guardian_way(member, guardian, run.rules, run.today)
    own = own_verifier(member, deployment, hashed)
    given = guardian_verifier(member, way, deployment, hashed) if way else None
    told = member.told
    if own is not None:
        # Enrolled anew it has no end, so that an end is due again.
        told = replace(told, work_id=member.work_id, work_ends=None)
    if way:
        told = replace(told, guardian=way, guarded_by=member.guardian)
    return Person(member, place, profile(row), told, tuple(one for one in (own, given) if one))


async def _round(run: Run, people: list[Person], plan: Plan) -> None:
    signing_in = sum(bool(person.verifiers) for person in people)
    met = sum(person.member.anchor in plan.known for person in people)
    quotas = quotas_of("enrol", members=len(people), signing_in=signing_in, updated=met, indexed=len(people))
    windows = await run.session.windows("enrol", quotas)
    stage = run.stage("token seeds", len(people))
    seeds = await token_seeds(run.session, windows.named, [person.member.anchor.x for person in people], done=stage.add)
    people = [replace(person, seeds=one) for person, one in zip(people, seeds, strict=True)]
    owners = [Owner(person.member, person.seeds) for person in people]
    fresh = [person for person in people if not person.member.released]
    shares, unopened = await asyncio.gather(
        _enrol_everywhere(run, windows, fresh), _open_everywhere(run, windows, owners, plan.groups)
    )
    refused = unopened | _by_person(fresh, shares)
    taken = [person for person in fresh if _key(person) not in refused]
    refused |= await _seal_and_admit(run, windows, await asyncio.to_thread(_with_keys, taken, shares))
    signed_in = [person for person in people if person.member.released or refused.get(_key(person)) == _SIGNED_IN]
    released = {_key(person) for person in signed_in}
    refused = {key: code for key, code in refused.items() if code != _SIGNED_IN}
    refused |= await _send_updates(run, windows, [person for person in signed_in if _key(person) not in refused])
    _note(run, people, refused, released, plan.groups)


async def _send_updates(run: Run, windows: Pair, people: list[Person]) -> dict[bytes, str]:
    """Send the whole record to the members who have signed in."""
    by_ref = {person.member.refs["identity"]: person for person in people}
    notes = [whole_note(ref, person.seeds["anon-data"], person.profile) for ref, person in by_ref.items()]
    stage = run.stage("updates to members", len(notes))
    refused = await put_updates(run.session, windows.named, notes)
    stage.add(len(notes))
    run.summary.updates_sent += len(notes) - len(refused)
    told = {_key(by_ref[ref]): code for ref, code in refused.items()}
    return told | await _index(run, windows, [person for person in people if _key(person) not in told])


async def _index(run: Run, windows: Pair, people: list[Person]) -> dict[bytes, str]:
    """Tell identity what people are found under; the key of a record only of those whose shares have come."""
    by_ref = {person.member.refs["identity"]: person for person in people}
    entries = [Entry(ref, words_of(one.profile), one.record_key if one.member_key else None) for ref, one in by_ref.items()]
    refused = await put_index(run.session, windows.named, entries, run.stage("search index", len(entries)).add)
    return {_key(by_ref[ref]): code for ref, code in refused.items()}


async def _enrol_everywhere(run: Run, windows: Pair, people: list[Person]) -> dict[AuthorityName, Enrolments]:
    stage = run.stage("enrolment", len(AUTHORITIES) * len(people))

    async def one(host: AuthorityName) -> tuple[AuthorityName, Enrolments]:
        found = await enrol(run.session, windows.named, host, people, verifiers=host != "gateway")
        stage.add(len(people))
        return host, found

    return dict(await asyncio.gather(*(one(host) for host in AUTHORITIES)))


async def _open_everywhere(run: Run, windows: Pair, owners: list[Owner], groups: Groups) -> dict[bytes, str]:
    stage = run.stage("mailboxes", len(STORES) * len(owners))

    async def one(store: StoreName) -> dict[bytes, str]:
        refused = await open_mailboxes(run.session, windows.pseudonymous, store, owners, groups)
        stage.add(len(owners))
        return refused

    first, second = await asyncio.gather(*(one(store) for store in STORES))
    return first | second


def _with_keys(people: list[Person], authorities: dict[AuthorityName, Enrolments]) -> list[Person]:
    """Return the people with their member keys: all three shares have come."""
    found = []
    for person in people:
        shares = {host: authorities[host].shares[person.member.refs[host]] for host in AUTHORITIES}
        found.append(replace(person, member_key=member_key(shares, 0)))
    return found


async def _seal_and_admit(run: Run, windows: Pair, people: list[Person]) -> dict[bytes, str]:
    """Take steps 3 to 6 for those whom every host took; whoever is refused at one step does not come to the next."""
    refused: dict[bytes, str] = {}
    stage = run.stage("records and bundles", 3 * len(people))
    by_identity = await store_records(run.session, windows.named, people)
    refused |= {_key(p): by_identity[p.member.refs["identity"]] for p in people if p.member.refs["identity"] in by_identity}
    stage.add(len(people))
    left = [person for person in people if _key(person) not in refused]
    refused |= await store_bundles(run.session, windows.named, left)
    stage.add(len(people))
    refused |= await _index(run, windows, [person for person in left if _key(person) not in refused])
    admitted = [person for person in left if person.verifiers and _key(person) not in refused]
    at_gateway = await enrol(run.session, windows.named, "gateway", admitted, verifiers=True)
    refused |= _by_person(admitted, {"gateway": at_gateway})
    stage.add(len(people))
    return refused


def _by_person(people: list[Person], authorities: dict[AuthorityName, Enrolments]) -> dict[bytes, str]:
    """Return the refused people by their keyvault reference."""
    return {
        _key(person): found.refused[person.member.refs[host]]
        for person in people
        for host, found in authorities.items()
        if person.member.refs[host] in found.refused
    }


def _note(run: Run, people: list[Person], refused: dict[bytes, str], released: set[bytes], groups: Groups) -> None:
    """Write to the roster who is enrolled now, and to the summary who was refused and why."""
    done: list[Member] = []
    for person in people:
        code = refused.get(_key(person))
        if code is not None:
            run.summary.lines.append(Line.of(person.place, code))
            continue
        if person.member.group:
            run.summary.members_updated += 1
        else:
            run.summary.members_enrolled += 1
        late = _key(person) in released
        told = person.member.told if late else person.told
        known = replace(person.member, status="enrolled", group=groups[person.member.site], released=late, told=told)
        done.append(replace(known, epoch=run.session.deployment.search_epochs[-1]))
    run.roster.put(done)


async def _regroup(run: Run, members: list[Member], groups: Groups) -> None:
    """Tell anon-data the new group of members whose own row did not change."""
    windows = await run.session.windows("enrol", quotas_of("enrol", members=len(members)))
    stage = run.stage("workplace groups", len(members))
    inputs = [member.anchor.x for member in members]
    seeds = await token_seeds(run.session, windows.named, inputs, stores=("anon-data",), done=stage.add)
    owners = [Owner(member, one) for member, one in zip(members, seeds, strict=True)]
    refused = await open_mailboxes(run.session, windows.pseudonymous, "anon-data", owners, groups)
    renewed = [member for member in members if member.refs["keyvault"] not in refused]
    run.roster.put(replace(member, group=groups[member.site]) for member in renewed)
    run.summary.members_regrouped += len(renewed)


def _key(person: Person) -> bytes:
    return person.member.refs["keyvault"]
