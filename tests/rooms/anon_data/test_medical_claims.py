"""Medical claims, results of guidance and prices: brought by the registrar, read by their member, gone with an erasure."""

from datetime import date
from decimal import Decimal
from typing import Any

from protocol.encoding import b64u
from protocol.messages.guidance import Guidance, GuidanceReports, GuidanceRow, StoreGuidance, WithdrawGuidance, WithdrawnGuidance
from protocol.messages.mailbox import EraseMailboxes, Erasure
from protocol.messages.medical_claims import (
    ClaimDiagnosis,
    ClaimDrug,
    ClaimRow,
    Costs,
    MedicalClaim,
    MedicalClaims,
    MonthCosts,
    StoreClaims,
    WithdrawClaims,
    WithdrawnClaim,
)
from protocol.messages.prices import DrugPrice, Prices, PutPrices
from support.store_host import Member, StoreHost, problem

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
ALL = "?since=2026-01-01&until=2026-12-31"
TABLES = ("medical_claim", "medical_claim_diagnosis", "medical_claim_drug", "guidance")


def claim(name: int = 1, **changes: Any) -> MedicalClaim:
    """Return a claim with two diagnoses and two drugs, in the order of their codes."""
    fields: dict[str, Any] = {
        "claim": bytes(15) + bytes([name]),
        "month": JUNE,
        "kind": "medical",
        "inpatient": False,
        "days": 2,
        "points": 1500,
        "own_payment": 4500,
        "estimated": True,
        "diagnoses": (ClaimDiagnosis(code="4019014", main=True), ClaimDiagnosis(code="endocrine")),
        "drugs": (ClaimDrug(code="610407148", amount=Decimal("28.5")), ClaimDrug(code="other")),
        "details": b"sealed-once",
    }
    return MedicalClaim(**{**fields, **changes})


def report(**changes: Any) -> Guidance:
    fields: dict[str, Any] = {"day": date(2026, 6, 30), "stage": "21", "level": "intensive", "details": b"sealed-once"}
    return Guidance(**{**fields, **changes})


async def store(host: StoreHost, *rows: tuple[Member, MedicalClaim]) -> Any:
    ordered = sorted((ClaimRow(token=member.token, claim=one) for member, one in rows), key=lambda row: row.token)
    return await host.as_registrar("ingest", "POST", "/medical-claims", StoreClaims(rows=tuple(ordered)))


async def guide(host: StoreHost, member: Member, *reports: Guidance) -> Any:
    rows = tuple(GuidanceRow(token=member.token, guidance=one) for one in reports)
    return await host.as_registrar("ingest", "POST", "/guidance", StoreGuidance(rows=rows))


async def read(host: StoreHost, member: Member, path: str = f"/me/medical-claims{ALL}") -> tuple[MedicalClaim, ...]:
    answer = await host.as_member(member, "GET", path)
    assert answer.status_code == 200, answer.text
    return MedicalClaims.model_validate_json(answer.content).claims


def counts(answer: Any) -> tuple[int, int, int, list[int]]:
    body = answer.json()
    return body["inserted"], body["replaced"], body["unchanged"], body["unknown"]


async def places(host: StoreHost) -> list[Any]:
    return [await host.rows(f"SELECT ctid, xmin::text FROM {table} ORDER BY ctid") for table in TABLES]


async def test_what_is_stored_is_read(host: StoreHost) -> None:
    """A member reads their claims as they were brought, the newest month first, one by its name, and those with drugs apart."""
    member, other = await host.member(), await host.member()
    pharmacy = claim(2, month=JULY, kind="pharmacy", diagnoses=())
    bare = claim(3, month=JULY, kind="dental", diagnoses=(), drugs=(), details=None)
    await store(host, (member, claim()), (member, pharmacy), (member, bare), (other, claim(9)))
    one = await host.as_member(member, "GET", f"/me/medical-claims/{b64u(bare.claim)}")
    refused = [
        await host.as_member(member, "GET", f"/me/medical-claims/{b64u(claim(9).claim)}"),
        await host.as_member(Member.new("anon-data"), "GET", f"/me/medical-claims{ALL}"),
    ]

    assert await read(host, member) == (bare, pharmacy, claim())
    assert await read(host, member, "/me/medical-claims?since=2026-06-01&until=2026-06-01") == (claim(),)
    assert await read(host, member, f"/me/medicines{ALL}") == (pharmacy, claim())
    assert MedicalClaim.model_validate_json(one.content) == bare
    assert [problem(answer) for answer in refused] == [(404, "claim-unknown"), (401, "reader-unknown")]


async def test_costs_are_the_sums(host: StoreHost) -> None:
    """Costs are summed by month and kind, and say whether a part of them is reckoned."""
    member = await host.member()
    await store(
        host, (member, claim(1)), (member, claim(2, points=500, own_payment=0, estimated=False)), (member, claim(3, month=JULY))
    )
    answer = await host.as_member(member, "GET", f"/me/costs{ALL}")
    june = MonthCosts(month=JUNE, kind="medical", claims=2, points=2000, own_payment=4500, estimated=True)

    assert Costs.model_validate_json(answer.content).months == (
        june,
        june.model_copy(update={"month": JULY, "claims": 1, "points": 1500}),
    )


async def test_inserted_unchanged_replaced_withdrawn(host: StoreHost) -> None:
    """The same again writes nothing, details sealed anew are kept, other content replaces with its lines, a withdrawal removes."""
    member = await host.member()
    first = counts(await store(host, (member, claim())))
    before = await places(host)
    turned = claim(diagnoses=claim().diagnoses[::-1])
    again = counts(await store(host, (member, turned)))
    written = await places(host) == before
    resealed = counts(await store(host, (member, claim(details=b"sealed-anew"))))
    other = claim(points=1, drugs=(), details=b"sealed-anew")
    replaced = counts(await store(host, (member, other)))
    kept = await read(host, member)
    unknown = counts(await store(host, (Member.new("anon-data"), claim())))
    gone = WithdrawClaims(rows=(WithdrawnClaim(token=member.token, claim=claim().claim),))
    answers = [(await host.as_registrar("ingest", "POST", "/medical-claims/withdrawals", gone)).json() for _ in range(2)]

    assert (first, again, resealed, replaced) == ((1, 0, 0, []), (0, 0, 1, []), (0, 0, 1, []), (0, 1, 0, []))
    assert (written, kept, unknown) == (True, (other,), (0, 0, 0, [0]))
    assert answers == [{"withdrawn": 1, "absent": 0}, {"withdrawn": 0, "absent": 1}]
    assert [(await host.rows(f"SELECT count(*) FROM {table}"))[0][0] for table in TABLES] == [0, 0, 0, 0]


async def test_what_diagnoses_bear(host: StoreHost) -> None:
    """Each says its claim's month and points, as last sent, and among how many these are divided: main ones, else all of them."""
    member = await host.member()
    marked = tuple(ClaimDiagnosis(code=f"000000{number}", main=number < 3) for number in range(1, 5))
    unmarked = tuple(line.model_copy(update={"main": False}) for line in marked[:3])
    await store(host, (member, claim(1, diagnoses=marked, points=7)), (member, claim(2, diagnoses=unmarked, month=JULY, points=8)))
    await store(host, (member, claim(1, diagnoses=marked, points=9)))
    rows = await host.rows("SELECT month, points, bearers FROM medical_claim_diagnosis ORDER BY claim, code")

    assert [tuple(row) for row in rows] == [*[(JUNE, 9, bearers) for bearers in (2, 2, 0, 0)], *[(JULY, 8, 3)] * 3]


async def test_refused_rows(host: StoreHost) -> None:
    """Rows out of order, lines twice, days within a month and free text in a code's place are refused, and nothing is kept."""
    members = sorted([await host.member(), await host.member()], key=lambda member: member.token, reverse=True)
    rows = tuple(ClaimRow(token=member.token, claim=claim()) for member in members)
    disordered = await host.as_registrar("ingest", "POST", "/medical-claims", StoreClaims(rows=rows))
    twice = await store(host, (members[0], claim(drugs=claim().drugs * 2)))
    within = claim().model_copy(update={"month": date(2026, 6, 15)})
    words = claim().model_copy(update={"diagnoses": (claim().diagnoses[0].model_copy(update={"code": "秘密の病"}),)})
    malformed = [await store(host, (members[0], one)) for one in (within, words)]

    assert [answer.json()["reason"] for answer in (disordered, twice)] == ["order", "line-repeated"]
    assert [answer.status_code for answer in malformed] == [422, 422]
    assert "秘密" not in malformed[1].text
    assert await read(host, members[0]) == ()


async def test_every_row_counts(host: StoreHost) -> None:
    """Claims and guidance spend quotas of their own, also where a row changes nothing."""
    member = await host.member()
    host.windows["ingest"] = await host.open_window("ingest", {"medical-claim": 2, "guidance": 1})
    claims = [(await store(host, (member, claim()))).status_code for _ in range(3)]
    reports = [(await guide(host, member, report())).status_code for _ in range(2)]

    assert (claims, reports) == ([200, 200, 429], [200, 429])


async def test_guidance(host: StoreHost) -> None:
    """Reports are stored by day and stage, replaced, withdrawn, and read the newest first."""
    member = await host.member()
    ended = report(day=date(2026, 12, 1), stage="22", level=None, details=None)
    seen = [counts(await guide(host, member, *rows)) for rows in ((report(), ended), (report(),), (report(level="equivalent"),))]
    answer = await host.as_member(member, "GET", "/me/guidance")
    gone = WithdrawGuidance(rows=(WithdrawnGuidance(token=member.token, day=ended.day, stage="22"),))
    withdrawn = (await host.as_registrar("ingest", "POST", "/guidance/withdrawals", gone)).json()

    assert seen == [(2, 0, 0, []), (0, 0, 1, []), (0, 1, 0, [])]
    assert GuidanceReports.model_validate_json(answer.content).reports == (ended, report(level="equivalent"))
    assert withdrawn == {"withdrawn": 1, "absent": 0}


async def test_guidance_that_is_too_long(host: StoreHost) -> None:
    """A report whose details are too long is named, and nothing of its batch is stored or counted."""
    member = await host.member()
    first, long = report(details=bytes(65_536)), report(day=date(2026, 7, 1), details=bytes(65_537))
    answer = await guide(host, member, first, long)
    spent = await host.rows("SELECT used FROM window_quota WHERE use = 'guidance'")
    alone = counts(await guide(host, member, first))

    assert (problem(answer), answer.json()["reason"], answer.json()["rows"]) == ((400, "rows-refused"), "details-size", [1])
    assert ([row["used"] for row in spent], alone) == ([0], (1, 0, 0, []))


async def test_an_erasure_reaches_every_row(host: StoreHost) -> None:
    """Nothing of the erased member is left in the new tables; another's rows are."""
    members = [await host.member(), await host.member()]
    for member in members:
        await store(host, (member, claim()))
        await guide(host, member, report())
    listed = await host.decided("erase", members[0])
    message = EraseMailboxes(rows=(Erasure(token=members[0].token, subject=listed.proof("anon-data", members[0].token)),))
    await host.as_registrar("erase", "POST", "/erasures", message)

    for table in TABLES:
        assert {bytes(row[0]) for row in await host.rows(f"SELECT token FROM {table}")} == {members[1].token}


async def test_prices(host: StoreHost) -> None:
    """A table is read whole by members, an edition's last call removes what it lacks, and the same again writes nothing."""
    member = await host.member()
    brand = DrugPrice(code="610407148", name="見本錠", unit="1錠", price=Decimal("23.70"), family="2149", switchable=False)
    generic = DrugPrice(code="620000001", name="見本後発錠", price=Decimal("10.10"), family="2149", generic=True)

    async def put(edition: int, *prices: DrugPrice, last: bool = True) -> int:
        message = PutPrices(edition=bytes([edition] * 16), prices=prices, last=last)
        return (await host.as_registrar("ingest", "PUT", "/prices", message)).status_code

    async def known(after: str = "") -> tuple[DrugPrice, ...]:
        return Prices.model_validate_json((await host.as_member(member, "GET", f"/prices{after}")).content).prices

    statuses = [await put(1, brand, last=False), await put(1, generic)]
    before, places = await known(), await host.rows("SELECT ctid, xmin::text FROM drug_price")
    statuses += [await put(1, brand, last=False), await put(1, generic)]
    untouched = await host.rows("SELECT ctid, xmin::text FROM drug_price") == places
    following = await known("?after=610407148")
    statuses.append(await put(2, brand.model_copy(update={"price": Decimal("22.00")})))

    assert statuses == [204] * 5
    assert (before, untouched, following) == ((brand, generic), True, (generic,))
    assert [one.price for one in await known()] == [Decimal("22.00")]
    assert (await host.as_member(Member.new("anon-data"), "GET", "/prices")).status_code == 401
