"""What a member's device makes of claims, guidance and prices: opened here, reckoned here, written here."""

import csv
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import warifu
from hypothesis import given
from hypothesis import strategies as st
from protocol.encoding import lp, pad
from protocol.messages.guidance import Guidance
from protocol.messages.guidance_tasks import SUPPORTS, GuidedYear, Supported
from protocol.messages.medical_claims import ClaimDrug, ClaimKind, MedicalClaim
from protocol.messages.prices import PRICES_A_CALL, DrugPrice
from protocol.messages.screenings import SCREENINGS, ScreenedYear
from protocol.sealing import seal_xwing
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World
from rooms.sdk.test_cli import _run
from warifu.claims import Claim, ClaimDetails, ClaimLine, Institution
from warifu.generics import savings
from warifu.statement import HEADER, Statement

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
BRAND, CHEAP, CHEAPER = "610407148", "620000001", "620000002"
PRICES = [
    DrugPrice(code=BRAND, name="見本錠", unit="錠", price=Decimal("30.00"), family="2149"),
    DrugPrice(code=CHEAP, name="後発見本錠甲", unit="錠", price=Decimal("20.00"), family="2149", generic=True),
    DrugPrice(code=CHEAPER, name="後発見本錠乙", unit="錠", price=Decimal("10.00"), family="2149", generic=True),
]
LINE = {"kind": "drug", "section": "21", "code": BRAND, "quantity": "1.5", "points": 4, "times": 28}


def sealed(world: World, content: object, *bound: bytes | str) -> bytes:
    seed = world.seeds["anon-data"]
    plaintext = pad(json.dumps(content, ensure_ascii=False).encode(), 1024)
    return seal_xwing(seed.mailbox_key.public_bytes, plaintext, lp(str(bound[0]), seed.token, *bound[1:]))


def billed(world: World, number: int = 1, institution: str = "架空診療所", **changes: Any) -> MedicalClaim:
    """Return a claim with details as the registrar seals them."""
    name = bytes(15) + bytes([number])
    content = {
        "v": 1,
        "institution": {"number": "9910000012", "name": institution},
        "share": 30,
        "diagnoses": [{"code": "4019014", "start": "2024-01-05", "main": True}],
        "entries": [LINE],
        "later": "what a later registrar says",
    }
    fields: dict[str, Any] = {
        "claim": name,
        "month": JUNE,
        "kind": "medical",
        "inpatient": False,
        "days": 1,
        "points": 1500,
        "own_payment": 4500,
        "estimated": True,
        "drugs": (ClaimDrug(code="other"),),
        "details": sealed(world, content, "medical-claim-details", name),
    }
    return MedicalClaim(**{**fields, **changes})


async def test_a_claim_is_opened_on_the_device(world: World, sign_in: SignIn) -> None:
    """Institution, exact codes and lines come out of the details; without them there is what stands openly."""
    bare = billed(world, 2, month=JULY, details=None)
    world.stores["anon-data"].mailbox.claims += [billed(world), bare]
    newest, claim = await (await sign_in()).claims(date(2026, 6, 15), date(2026, 7, 31))

    assert (claim.institution.name, claim.diagnoses[0].code, claim.diagnoses[0].start) == (
        "架空診療所",
        "4019014",
        date(2024, 1, 5),
    )
    assert (claim.lines[0].code, claim.lines[0].amount, claim.own_payment, claim.estimated) == (BRAND, Decimal("42.0"), 4500, True)
    assert (newest.institution, [line.code for line in newest.lines]) == (Institution(), ["other"])


async def test_details_of_another_claim_raise_the_alarm(world: World, sign_in: SignIn) -> None:
    """Details moved to another claim, or that say what no claim can, do not open."""
    moved = billed(world, 1).model_copy(update={"claim": bytes(16)})
    wrong = billed(world, 2, details=sealed(world, {"entries": 1}, "medical-claim-details", bytes(15) + b"\x02"))
    session = await sign_in()
    for one in (moved, wrong):
        world.stores["anon-data"].mailbox.claims[:] = [one]
        with pytest.raises(warifu.KeyMaterialRefused):
            await session.claims(JUNE, JULY)


async def test_medicines_have_names_and_amounts(world: World, sign_in: SignIn) -> None:
    """Drugs carry the names of the insurer's table, which is read whole; a drug that it lacks shows its code."""
    unknown = billed(world, 2, month=JULY, kind="pharmacy", details=None)
    mailbox = world.stores["anon-data"].mailbox
    mailbox.claims += [billed(world), unknown, billed(world, 3, drugs=())]
    mailbox.prices += [*PRICES, *(DrugPrice(code=f"7{at:08d}", name="x", price=Decimal(1)) for at in range(PRICES_A_CALL))]
    session = await sign_in()
    found = await session.medicines(JUNE, JULY)

    assert [(one.name, one.amount, one.unit, one.institution) for one in found] == [
        ("other", None, "", None),
        ("見本錠", Decimal("42.0"), "錠", "架空診療所"),
    ]
    assert len(await session.prices()) == PRICES_A_CALL + 3


async def test_guidance_is_opened(world: World, sign_in: SignIn) -> None:
    """Results of guidance come out of the details."""
    content = {
        "v": 1,
        "institution": {"name": "架空健診所"},
        "results": [{"code": "1042001031", "status": "measured", "value": "88.5"}],
    }
    details = sealed(world, content, "guidance-details", "2026-06-10", "22")
    world.stores["anon-data"].mailbox.guidance.append(
        Guidance(day=date(2026, 6, 10), stage="22", level="intensive", details=details)
    )
    (report,) = await (await sign_in()).guidance()

    assert (report.level, report.institution.name, report.results[0].value) == ("intensive", "架空健診所", "88.5")


GUIDED = (
    GuidedYear(
        fiscal_year=2026,
        level="active",
        step="begun",
        done=tuple(Supported(kind=kind, times=at + 1) for at, kind in enumerate(SUPPORTS)),
        points=170,
        needed=180,
    ),
    GuidedYear(fiscal_year=2025, level="motivational", step="target", done=(), points=None, needed=None),
    GuidedYear(fiscal_year=2024, level=None, step="begun", done=(Supported(kind="mail", times=1),), points=None, needed=None),
)


async def test_support_is_read_shown_and_taken_along(world: World, sign_in: SignIn) -> None:
    """What those who guide told: in programs, in the shell in two languages, and in the archive, all kinds of it in words."""
    world.stores["anon-data"].mailbox.guided_years += GUIDED
    session = await sign_in()
    read = await session.guidance_support()
    files = warifu.checked(await warifu.export(session, datetime(2026, 7, 1, tzinfo=UTC))).files
    rows = list(csv.reader(StringIO(files["csv/guidance-support.csv"].decode("utf-8-sig"))))[1:]
    good, shown, _ = await _run(sign_in, "guidance")
    _, japanese, _ = await _run(sign_in, "guidance", "ja")

    assert read == GUIDED
    assert rows[0] == ["2026", "active", "begun", "170", "180", "interview", "1"]
    assert [row[5:] for row in rows[: len(SUPPORTS)]] == [[kind, str(at + 1)] for at, kind in enumerate(SUPPORTS)]
    assert rows[len(SUPPORTS) :] == [
        ["2025", "motivational", "target", "", "", "", ""],
        ["2024", "", "begun", "", "", "mail", "1"],
    ]
    assert good
    assert [word in shown for word in ("170 / 180", "telephone call × 3", "not begun", "No records yet")] == [True] * 3 + [False]
    assert [word in japanese for word in ("170 / 180", "禁煙 × 11", "動機付け支援", "中断")] == [True] * 3 + [False]
    assert "2 cm of waist and 2 kg less" in files["record.en.html"].decode()


SCREENED = (ScreenedYear(fiscal_year=2026, kinds=SCREENINGS), ScreenedYear(fiscal_year=2024, kinds=("cervix",)))


async def test_screenings_are_read_shown_and_taken_along(world: World, sign_in: SignIn) -> None:
    """Which screenings the insurer knows of: in programs, in the shell in two languages, and in the archive, each in words."""
    nothing = (await _run(sign_in, "screenings"))[1]
    world.stores["anon-data"].mailbox.screened_years += SCREENED
    session = await sign_in()
    read = await session.screenings()
    files = warifu.checked(await warifu.export(session, datetime(2026, 7, 1, tzinfo=UTC))).files
    rows = list(csv.reader(StringIO(files["csv/screenings.csv"].decode("utf-8-sig"))))[1:]
    good, shown, _ = await _run(sign_in, "screenings")
    _, japanese, _ = await _run(sign_in, "screenings", "ja")

    assert (read, good, "No records yet" in nothing) == (SCREENED, True, True)
    assert rows == [*(["2026", kind] for kind in SCREENINGS), ["2024", "cervix"]]
    assert [shown.count(word) for word in ("2026", "stomach cancer", "cervical cancer")] == [1, 1, 2]
    assert [japanese.count(word) for word in ("2024", "大腸がん検診", "子宮頸がん検診")] == [1, 1, 2]
    assert "乳がん検診" in files["record.ja.html"].decode()


def claim(kind: ClaimKind = "medical", month: date = JUNE, institution: str | None = "架空診療所", **changes: Any) -> Claim:
    fields: dict[str, Any] = {
        "name": bytes(16),
        "month": month,
        "kind": kind,
        "inpatient": False,
        "days": 1,
        "points": 100,
        "own_payment": 300,
        "estimated": False,
        "institution": Institution(name=institution),
        "share": 30,
        "diagnoses": (),
        "lines": ClaimDetails(entries=(ClaimLine.model_validate(LINE),)).entries,
        "cut": False,
    }
    return Claim(**{**fields, **changes})


def test_savings_are_the_members_share() -> None:
    """Of 42 tablets at 30 yen, generics at 20 and 10 yen save 30 percent of 420 or 840 yen."""
    (found,) = savings([claim()], {one.code: one for one in PRICES})

    assert (found.least, found.most, found.generics) == (126, 252, ("後発見本錠乙", "後発見本錠甲"))


@pytest.mark.parametrize(
    "prices",
    [
        [],
        PRICES[:1],
        [PRICES[0].model_copy(update={"switchable": False}), *PRICES[1:]],
        [PRICES[0].model_copy(update={"generic": True}), *PRICES[1:]],
        [PRICES[0].model_copy(update={"family": None}), *PRICES[1:]],
        [PRICES[0].model_copy(update={"price": Decimal("10.00")}), *PRICES[1:]],
        [PRICES[0].model_copy(update={"price": Decimal("13.00")}), *PRICES[1:]],
    ],
)
def test_nothing_to_save(prices: list[DrugPrice]) -> None:
    """No price, no generic, none that is cheaper by enough, or a drug of which the insurer proposes no switch."""
    assert list(savings([claim()], {one.code: one for one in prices})) == []


def test_a_statement_holds_the_year() -> None:
    """It has a line a claim of the calendar year, pharmacies apart, and the sum; other years are not in it."""
    found = [claim(), claim("pharmacy", JULY, "架空薬局", own_payment=1200, estimated=True), claim(month=date(2025, 12, 1))]
    made = Statement.of(2026, "架空 花子", found)
    table = list(csv.reader(StringIO(made.csv.removeprefix("\ufeff"))))

    assert tuple(table[0]) == HEADER
    assert table[1:] == [
        ["架空 花子", "架空診療所", "診療・治療", "300", "0", "2026-06", ""],
        ["架空 花子", "架空薬局", "医薬品購入", "1200", "0", "2026-07", "＊"],
    ]
    assert made.total == 1500
    assert all(word in made.page for word in ("1,200＊", "1,500", "架空薬局", "2026年"))


@given(words=st.text(max_size=20), kind=st.sampled_from(["medical", "pharmacy"]))
def test_no_name_breaks_the_statement(words: str, kind: ClaimKind) -> None:
    """Whatever an institution is called, the page holds it as text, and no spreadsheet takes it for a formula."""
    made = Statement.of(2026, words, [claim(kind, institution=f"<script>{words}"), claim(kind, institution=f"={words}")])
    table = list(csv.reader(StringIO(made.csv.removeprefix("\ufeff"), newline="")))

    assert "<script>" not in made.page
    assert len(table) == 3
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row)


async def test_the_shell_shows_costs_medicines_and_savings(world: World, sign_in: SignIn) -> None:
    """Sums by year and month, drugs by name, what a switch would save, guidance by day; in both languages."""
    mailbox = world.stores["anon-data"].mailbox
    past = date(2026, 2, 1)
    mailbox.claims += [
        billed(world, month=past),
        billed(world, 2, month=date(2025, 6, 1), kind="dental", points=10, own_payment=30),
    ]
    mailbox.prices += PRICES
    mailbox.guidance.append(Guidance(day=date(2026, 6, 10), stage="22", level="motivational"))
    good, shown, _ = await _run(sign_in, "costs; costs 2026; medicines 2026; generics; guidance")
    _, japanese, _ = await _run(sign_in, "costs 2025; generics 2026", "ja")

    assert good
    for word in ("2025", "2026-02", "15,000", "4,530", "見本錠", "42", "126 - 252", "2026-06-10", "motivational"):
        assert word in shown
    assert [word in japanese for word in ("歯科", "100", "後発見本錠乙", "126 - 252", "4,500")] == [True] * 4 + [False]


async def test_the_shell_writes_the_statement(world: World, sign_in: SignIn, tmp_path: Path) -> None:
    """Two files that only their owner reads, never over others; a wrong year is told without being repeated."""
    world.stores["anon-data"].mailbox.claims.append(billed(world))
    good, _, _ = await _run(sign_in, f"statement 2026 {tmp_path}")
    again, said, _ = await _run(sign_in, f"statement 2026 {tmp_path}")
    wrong, usage, _ = await _run(sign_in, "statement 26")
    files = sorted(tmp_path.iterdir())

    assert (good, again, wrong) == (True, False, False)
    assert [(path.name, path.stat().st_mode & 0o777) for path in files] == [
        ("medical-costs-2026.csv", 0o600),
        ("medical-costs-2026.html", 0o600),
    ]
    assert "架空診療所" in files[1].read_text(encoding="utf-8")
    assert ("cannot be written" in said, "statement YEAR" in usage) == (True, True)


async def test_nothing_yet(sign_in: SignIn) -> None:
    """A member without claims is told so."""
    good, shown, _ = await _run(sign_in, "costs; medicines 2026; generics; guidance; statement 2026")

    assert (good, shown.count("No records yet."), "No medicine was found" in shown) == (True, 4, True)


async def test_claims_are_taken_along(world: World, sign_in: SignIn) -> None:
    """The member's archive has a line for each diagnosis and drug, opened, and the results of guidance."""
    mailbox = world.stores["anon-data"].mailbox
    mailbox.claims.append(billed(world))
    mailbox.guidance.append(Guidance(day=date(2026, 6, 10), stage="22", level="motivational"))
    files = warifu.checked(await warifu.export(await sign_in(), datetime(2026, 7, 1, tzinfo=UTC))).files
    claims, guidance = (
        list(csv.reader(StringIO(files[f"csv/{name}.csv"].decode("utf-8-sig"))))[1:] for name in ("medical-claims", "guidance")
    )

    head = ["2026-06", "medical", "架空診療所", "1", "1500", "4500", "estimated"]
    assert claims == [[*head, "diagnosis", "4019014", "", ""], [*head, "drug", BRAND, "", "42"]]
    assert guidance == [["2026-06-10", "22", "motivational", "", "", "", "", ""]]
