"""Receipts, reports of guidance and prices, from their files to anon-data: five hosts in this process."""

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from protocol.encoding import lp, unpad
from protocol.tokens import TokenSeed
from registrar.home import Home
from registrar.importers.receipt_lines import records
from registrar.imports import import_files, rehearse_files
from registrar.population import write_population
from registrar.report import ImportSummary
from registrar.split import split
from rooms.registrar.claims import cancelled, imported, uke, visit
from rooms.registrar.five_hosts import FiveHosts
from rooms.registrar.lives import TODAY, desk, killed_after_each_call, member_with, seed_of, sign_in
from rooms.registrar.lives import given as enrolled
from rooms.registrar.paperwork import row, write_table
from rooms.registrar.samples import archive, document
from rooms.registrar.test_medical_claims import Piece, Store, pieces, roster_of, split_up, written
from rooms.registrar.test_split_hosts import IDS, second
from rooms.registrar.test_terms_and_guidance import RESULTS, result

TABLES = ("medical_claim", "medical_claim_diagnosis", "medical_claim_drug")
PRICES = """医薬品コード,医薬品名,規格単位,薬価,一般名コード,後発品
610407148,見本錠,1錠,23.7,2149,
620000001,見本後発錠,1錠,10.1,2149,1
x,,,,,
"""


def counts(summary: ImportSummary) -> tuple[int, int, int, int, list[str]]:
    codes = [line.code for line in summary.lines if not line.note]
    return summary.claims_inserted, summary.claims_replaced, summary.claims_unchanged, summary.claims_withdrawn, codes


def guided(folder: Path, *, number: int = 1, results: tuple[str, ...] = RESULTS) -> Path:
    """Write an archive with one report of guidance of somebody of `paperwork`."""
    inside = "".join(f"<entryRelationship>{one}</entryRelationship>" for one in results)
    act = f'<entry><act classCode="ACT"><code code="1"/><entryRelationship><act>{inside}</act></entryRelationship></act></entry>'
    made = document(act, ids={**IDS, "205": str(number)}, birth="19800401", day="20260610", report="22")
    return archive(folder / "guidance.zip", [made])


async def claims(hosts: FiveHosts) -> list[tuple[bytes, int]]:
    return [
        (token, points) for token, points in await hosts.rows("anon-data", "SELECT token, points FROM medical_claim ORDER BY 1, 2")
    ]


async def test_totals_are_those_of_the_files(hosts: FiveHosts, tmp_path: Path) -> None:
    """Receipts and points at anon-data are those that the files' totals (GO) announce, and a second import calls no host."""
    made = write_population(tmp_path / "population", 40, (2025,), seed=7, receipts=True)
    totals = [one.cells or () for path in made.receipts for one in records(path) if one.name == "GO"]
    first = await hosts.run(made.eligibility, *made.receipts)
    hosts.calls.clear()
    second = await hosts.run(*made.receipts)
    stored = await hosts.rows("anon-data", "SELECT count(*), sum(points) FROM medical_claim")
    expected = (sum(int(cells[1]) for cells in totals), sum(int(cells[2]) for cells in totals))

    assert expected[0] > 100
    assert (counts(first), stored) == ((expected[0], 0, 0, 0, []), [expected])
    assert (counts(second), hosts.calls) == ((0, 0, expected[0], 0, []), [])


async def test_only_the_member_opens_the_details(hosts: FiveHosts, tmp_path: Path) -> None:
    """Institution, numbers and exact codes are sealed to the mailbox and bound to the claim; rows say nothing of them."""
    await hosts.run(write_table(tmp_path / "people.csv", [row(1)]), uke(tmp_path / "a.uke", [visit(1)]))
    ((token, claim, sealed),) = await hosts.rows("anon-data", "SELECT token, claim, details FROM medical_claim")
    said = [str(line) for table in TABLES for line in await hosts.rows("anon-data", f"SELECT * FROM {table}")]
    seed: TokenSeed = seed_of(hosts, member_with(hosts, 1))
    opened = json.loads(unpad(seed.mailbox_key.open(sealed, lp("medical-claim-details", token, claim))))

    assert (opened["institution"]["name"], opened["diagnoses"][0]["code"], opened["entries"][0]["code"]) == (
        "架空診療所",
        "4019014",
        "610407148",
    )
    assert [word for word in ("9910000012", "4019014", "610407148", "K-7") if word in "".join(said)] == []


async def test_versions_and_cancellations_at_the_host(hosts: FiveHosts, tmp_path: Path) -> None:
    """A dry run says it beforehand; a later version replaces, a moved one changes mailboxes, a cancelled one goes."""
    august = date(2026, 8, 1)
    await hosts.run(write_table(tmp_path / "people.csv", [row(1), row(2)]))
    files = [
        uke(tmp_path / "1.uke", [visit(1, 1), visit(1, 2, points=50)]),
        uke(tmp_path / "2.uke", [visit(1, 1, billed=august, points=900), visit(2, 2, billed=august, points=60)]),
        cancelled(tmp_path / "3.csv", (1, "202609"), (7, "202609")),
    ]
    seen = []
    for file in files:
        rehearsed = rehearse_files(hosts.papers.home, [file])
        told = await hosts.run(file)
        seen.append((counts(rehearsed)[:4], counts(told)[:4]))
    one, two = (seed_of(hosts, member_with(hosts, number)).token for number in (1, 2))

    assert seen == [((2, 0, 0, 0), (2, 0, 0, 0)), ((0, 2, 0, 0), (1, 1, 0, 0)), ((0, 0, 0, 1), (0, 0, 0, 1))]
    assert await claims(hosts) == [(two, 60)]
    assert one != two
    assert await hosts.count("anon-data", "medical_claim_drug") == 1
    # The receipt that moved to whose it is leaves nothing with whose it never was.
    assert await hosts.rows("anon-data", "SELECT token, points, cancelled FROM former_claim ORDER BY version") == [
        (one, 1500, False),
        (one, 900, True),
    ]


async def test_killed_after_each_call(hosts: FiveHosts, tmp_path: Path) -> None:
    """Killed at any point, the same command ends with every claim, report and price there once, and each with its holder."""
    (tmp_path / "prices.csv").write_text(PRICES, encoding="utf-8")
    await hosts.run(write_table(tmp_path / "people.csv", [row(1), row(2)]))
    await hosts.run(uke(tmp_path / "0.uke", [visit(1, 1), visit(2, 2), visit(1, 3)]))
    later = [visit(2, 1, billed=date(2026, 8, 1), points=900), visit(1, 4)]
    given_files = [
        uke(tmp_path / "1.uke", later),
        cancelled(tmp_path / "2.csv", (3, "202608")),
        tmp_path / "prices.csv",
        guided(tmp_path),
    ]
    tries = await killed_after_each_call(hosts, lambda: hosts.run(*given_files))
    one, two = (seed_of(hosts, member_with(hosts, number)).token for number in (1, 2))
    again = await hosts.run(*given_files)

    assert tries > 10
    assert await claims(hosts) == sorted([(one, 1500), (two, 900), (two, 1500)])
    assert [await hosts.count("anon-data", table) for table in ("guidance", "drug_price")] == [1, 2]
    assert (again.changed, again.prices_read) == (0, 2)


async def test_guidance_from_file_to_mailbox(hosts: FiveHosts, tmp_path: Path) -> None:
    """Day, stage and level stand openly, results are sealed; other results replace, the same again change nothing."""
    await hosts.run(write_table(tmp_path / "people.csv", [row(1)]))
    less = (result("1020000001", '<value xsi:type="CD" code="2" codeSystem="1.2.392.200119.6.1112"/>'),)
    seen = []
    for results in (RESULTS, RESULTS, less):
        told = await hosts.run(guided(tmp_path, results=results))
        seen.append((told.guidance_inserted, told.guidance_replaced, told.guidance_unchanged))
    ((day, stage, level, token, sealed),) = await hosts.rows("anon-data", "SELECT day, stage, level, token, details FROM guidance")
    key = seed_of(hosts, member_with(hosts, 1)).mailbox_key
    opened = json.loads(unpad(key.open(sealed, lp("guidance-details", token, "2026-06-10", "22"))))

    assert seen == [(1, 0, 0), (0, 0, 1), (0, 1, 0)]
    assert (day, stage, level) == (date(2026, 6, 10), 22, 2)
    assert [one["code"] for one in opened["results"]] == ["1020000001"]


async def test_prices_are_loaded(hosts: FiveHosts, tmp_path: Path) -> None:
    """Good lines are loaded, bad ones told; a table without a good line leaves the prices as they were."""
    path = tmp_path / "prices.csv"
    path.write_text(PRICES, encoding="utf-8")
    first = await hosts.run(path)
    path.write_text("\n".join([PRICES.splitlines()[0], "x,,,,,", ""]), encoding="utf-8")
    second = await hosts.run(path)
    rows = await hosts.rows("anon-data", "SELECT code, name, price::text, family, generic FROM drug_price ORDER BY code")

    assert ([line.code for line in first.lines], [line.code for line in second.lines]) == (
        ["price-bad"],
        ["price-bad", "prices-none"],
    )
    assert rows == [("610407148", "見本錠", "23.7", "2149", False), ("620000001", "見本後発錠", "10.1", "2149", True)]


async def test_claims_of_two_taken_for_one_part(hosts: FiveHosts, tmp_path: Path) -> None:
    """What came under the second's number leaves the first's mailbox, and comes back to the second by another import."""
    await enrolled(hosts, tmp_path, row(1))
    await sign_in(hosts, member_with(hosts, 1))
    await enrolled(hosts, tmp_path, second(previous_number="1"))
    await hosts.run(both := uke(tmp_path / "a.uke", [visit(1), visit(2, 2, points=60)]), today=TODAY)
    report = guided(tmp_path, number=2)
    await hosts.run(report, today=TODAY)
    apart = write_table(tmp_path / "corrected.csv", [row(1), second()])
    told = await split(desk(hosts), "101:2:00", "101:1:00", [apart])
    one, two = (seed_of(hosts, member_with(hosts, number)).token for number in (1, 2))
    left = (await claims(hosts), await hosts.count("anon-data", "guidance"))
    await hosts.run(both, report, today=TODAY)

    assert (told.withdrawn, left) == (2, ([(one, 1500)], 0))
    assert await claims(hosts) == sorted([(one, 1500), (two, 60)])
    assert [token for (token,) in await hosts.rows("anon-data", "SELECT token FROM guidance")] == [two]


async def test_a_window_opened_beforehand(hosts: FiveHosts, tmp_path: Path) -> None:
    """Without officers an import of receipts asks for a window that was opened beforehand, and says so."""
    await hosts.run(write_table(tmp_path / "people.csv", [row(1)]))
    papers = hosts.papers
    summary = ImportSummary()
    try:
        await import_files(
            papers.home, papers.deployment, [uke(tmp_path / "a.uke", [visit(1)])], [], mounts=hosts.mounts, summary=summary
        )
        said = ""
    except Exception as error:  # noqa: BLE001 - the sentence is what counts
        said = str(error)

    assert "window" in said
    assert await hosts.count("anon-data", "medical_claim") == 0
    roster = Home.load(papers.home).roster()
    assert roster.sent.count() == 0
    roster.close()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=st.lists(pieces, min_size=1, max_size=3), chance=st.data())
async def test_no_order_matters_at_the_hosts(hosts: FiveHosts, found: list[Piece], chance: st.DataObject) -> None:
    """Files in any order, division and repetition, in one command or in many, end in the claims that one plain command gives."""
    plain: Store = {}
    with TemporaryDirectory() as place:
        folder = Path(place)
        await hosts.begin(folder)
        await hosts.run(write_table(folder / "people.csv", [row(number) for number in range(1, 13)]))
        for name in ("plain", "files"):
            (folder / name).mkdir()
        imported(roster_of(folder / "plain"), plain, written(folder / "plain", found))
        paths = written(folder / "files", split_up(found, chance))
        while paths:
            more = chance.draw(st.integers(1, len(paths)))
            await hosts.run(*paths[:more])
            paths = paths[more:]
        seeds = {member_with(hosts, number).anchor.number: seed_of(hosts, member_with(hosts, number)) for number in range(1, 4)}
    expected = sorted((seeds[anchor.number].token, claim.points) for anchor, claim in plain.values())

    assert await claims(hosts) == expected
