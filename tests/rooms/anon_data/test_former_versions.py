"""What checkups and claims said before: kept when they change, read by their member, gone where they were never theirs."""

from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from protocol.messages.former_versions import FormerCheckup, FormerCheckups, FormerClaim, FormerClaims
from protocol.messages.medical_claims import MedicalClaim, WithdrawClaims, WithdrawnClaim
from protocol.messages.records import Checkup, Observation, WithdrawCheckups, WithdrawnCheckup
from support.store_host import Member, StoreHost, problem

from .samples import WEIGHT, checkup, put_items, store
from .test_medical_claims import ALL, JULY, claim
from .test_medical_claims import store as store_claims

LATER = date(2026, 7, 1)


async def former(host: StoreHost, member: Member) -> FormerCheckups:
    answer = await host.as_member(member, "GET", "/me/former-checkups")
    assert answer.status_code == 200, answer.text
    return FormerCheckups.model_validate_json(answer.content)


async def former_claims(host: StoreHost, member: Member, span: str = ALL) -> tuple[FormerClaim, ...]:
    answer = await host.as_member(member, "GET", f"/me/former-claims{span}")
    assert answer.status_code == 200, answer.text
    return FormerClaims.model_validate_json(answer.content).claims


async def withdraw(host: StoreHost, member: Member, *, cancelled: bool, name: int = 1) -> Any:
    row = WithdrawnClaim(token=member.token, claim=claim(name).claim, cancelled=cancelled)
    return await host.as_registrar("ingest", "POST", "/medical-claims/withdrawals", WithdrawClaims(rows=(row,)))


def bare(one: MedicalClaim) -> MedicalClaim:
    """Return a claim as history has it: its codes are in the details."""
    return one.model_copy(update={"diagnoses": (), "drugs": ()})


async def test_a_correction_keeps_what_was(host: StoreHost) -> None:
    """What was written over is read, the last version first, with results and details; the page shows the newest alone."""
    member, other = await host.member(), await host.member()
    await put_items(host)
    thinner = checkup(observations=(Observation(item=WEIGHT, value=Decimal("60.5")),), details=b"sealed-anew")
    newest = checkup(age=52, details=None)
    for one in (checkup(), thinner, newest, newest):
        await store(host, (member, one), (member, checkup(exam_date=LATER)), (other, checkup()))
    found = await former(host, member)
    page = await host.as_member(member, "GET", "/me/checkups")

    assert found.checkups == (
        FormerCheckup(replaced=host.clock.now().date(), checkup=thinner),
        FormerCheckup(replaced=host.clock.now().date(), checkup=checkup()),
    )
    assert {item.code for item in found.items} == {one.item for one in checkup().observations}
    assert [Checkup.model_validate(one) for one in page.json()["checkups"]] == [checkup(exam_date=LATER), newest]
    assert await former(host, other) == FormerCheckups(checkups=(), items=())


async def test_details_sealed_anew_are_a_version(host: StoreHost) -> None:
    """Nobody here can tell whether other details are others, so those that were written over stay; the same bytes add nothing."""
    member = await host.member()
    await put_items(host)
    for details in (b"sealed-once", b"sealed-anew", b"sealed-anew"):
        await store(host, (member, checkup(details=details)))

    assert [one.checkup for one in (await former(host, member)).checkups] == [checkup()]


async def test_claims_that_were_replaced_or_cancelled(host: StoreHost) -> None:
    """Both are read with their details and without open codes, by month; a cancelled one is nowhere else."""
    member = await host.member()
    for points in (1500, 900):
        await store_claims(host, (member, claim(points=points)), (member, claim(2, month=JULY)))
    answers = [(await withdraw(host, member, cancelled=True)).json() for _ in range(2)]
    page = await host.as_member(member, "GET", f"/me/medical-claims{ALL}")

    assert answers == [{"withdrawn": 1, "absent": 0}, {"withdrawn": 0, "absent": 1}]
    assert await former_claims(host, member) == (
        FormerClaim(replaced=host.clock.now().date(), cancelled=True, claim=bare(claim(points=900))),
        FormerClaim(replaced=host.clock.now().date(), cancelled=False, claim=bare(claim())),
    )
    assert await former_claims(host, member, "?since=2026-07-01&until=2026-07-01") == ()
    assert [one["month"] for one in page.json()["claims"]] == ["2026-07-01"]


async def test_what_was_somebody_elses_leaves_nothing(host: StoreHost) -> None:
    """A withdrawal takes every version along, of what it names alone."""
    member = await host.member()
    await put_items(host)
    for age in (51, 52):
        await store(host, (member, checkup(age=age)), (member, checkup(age=age, exam_date=LATER)))
        await store_claims(host, (member, claim(days=age)), (member, claim(2, days=age)))
    row = WithdrawnCheckup(token=member.token, exam_date=date(2026, 6, 1), program="010")
    await host.as_registrar("ingest", "POST", "/checkups/withdrawals", WithdrawCheckups(rows=(row,)))
    await withdraw(host, member, cancelled=False)

    assert [one.checkup.exam_date for one in (await former(host, member)).checkups] == [LATER]
    assert [one.claim.claim for one in await former_claims(host, member)] == [claim(2).claim]
    assert (await host.rows("SELECT count(*) FROM former_observation"))[0][0] == 3


async def test_history_is_its_readers(host: StoreHost) -> None:
    """Who does not read the mailbox does not read what it held."""
    member = await host.member()
    reading: list[Callable[[Member], Awaitable[Any]]] = [
        lambda one: host.as_member(one, "GET", "/me/former-checkups"),
        lambda one: host.signed(one.reader, member.token, "GET", f"/me/former-claims{ALL}"),
    ]
    refused = [await read(one) for read in reading for one in (Member.new("anon-data"), await host.member())]

    assert [problem(answer) for answer in refused[:1] + refused[2:]] == [(401, "reader-unknown")] * 3


async def test_rows_lie_by_token(host: StoreHost) -> None:
    """Whatever order the corrected ones were stored in, history is written sorted by token, so that its order tells nothing."""
    members = [await host.member() for _ in range(6)]
    await put_items(host)
    for member in members:
        await store(host, (member, checkup()))
        await store_claims(host, (member, claim()))
    await store(host, *[(member, checkup(age=52)) for member in members])
    await store_claims(host, *[(member, claim(points=1)) for member in members])

    for table in ("former_checkup", "former_claim"):
        lying = [row["token"] for row in await host.rows(f"SELECT token FROM {table} ORDER BY ctid")]
        assert lying == sorted(member.token for member in members)
    lying = [row["token"] for row in await host.rows("SELECT token FROM former_observation ORDER BY ctid")]
    assert lying == sorted(lying)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ages=st.lists(st.integers(40, 43), min_size=1, max_size=6))
async def test_history_and_page_are_all_that_ever_was(host: StoreHost, ages: list[int]) -> None:
    """After any run of imports the versions in order, and then the page, are what was sent, without what said the same again."""
    member = await host.member()
    await put_items(host)
    for age in ages:
        await store(host, (member, checkup(age=age)))
    page = (await host.as_member(member, "GET", "/me/checkups")).json()["checkups"]
    found = [one.checkup.age for one in reversed((await former(host, member)).checkups)] + [one["age"] for one in page]

    assert found == [age for at, age in enumerate(ages) if at == 0 or ages[at - 1] != age]
