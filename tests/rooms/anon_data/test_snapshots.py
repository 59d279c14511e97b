"""Snapshots for analysis: of who agreed, in levels, read by the role that reads views alone."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pyarrow.parquet as pq
import pytest
from analysis import Question, newest
from analysis.engine import Engine
from anon_data.snapshot_command import SNAPSHOT
from anon_data.store import analysis_views
from chassis.config import ConfigError, ServiceConfig
from chassis.database import Transaction
from chassis.turns import take_turn
from protocol.messages.records import Item
from support.postgres import ThrowawayCluster
from support.store_host import Member, StoreHost

from .samples import ITEMS, put_items

WAIST, PRESSURE, LOWER = "9N016160100000001", "9A751000000000001", "9A761000000000001"
PASSWORD = "analysis"
# Whether they take medicine is not known, so neither is their guidance level.
EXPECTED = {
    "examined": "yes",
    "smoking": "yes",
    "guidance": "completed",
    "syndrome": "present",
    "guidance_level_level": None,
    "risk_pressure": "yes",
    "risk_glucose": "yes",
    "risk_lipids": None,
    "urgency": "first",
    "participation_summer": "regular",
    "participation_winter": None,
    "doctor_3_months": "yes",
    "doctor_10_months": None,
    "portal_use": "monthly",
    "portal_before": "yes",
    "screening_stomach": "yes",
    "screening_colorectal": None,
    "screening_cervix": None,
    "months": 1,
    "yen": 45_000,
    "medical_claims": 2,
    "medical_days": 4,
    "medical_yen": 30_000,
    "replaceable_amount": 40,
    "generic_amount": 30,
}
BEFORE = {
    "examined": "no",
    "screening_stomach": None,
    "smoking": None,
    "guidance": "none",
    "months": 1,
    "yen": 15_000,
    "medical_claims": 0,
}


@dataclass(frozen=True)
class Analysed:
    """A host whose analysis role may log in, and how its operator calls the command."""

    host: StoreHost
    folder: Path

    async def snapshot(self, name: str = "shelf", *, asked: bool = False, **tables: Path) -> str:
        config: ServiceConfig = self.host.app.state.config
        if asked:
            config = config.model_copy(update={"snapshots": self.folder / name})
        return await SNAPSHOT.run(config, to=self.folder / name, analysis_url_file=self.folder / "analysis.url", **tables)

    def rows(self, name: str = "shelf") -> list[dict[str, Any]]:
        read: list[dict[str, Any]] = pq.read_table(newest(self.folder / name).member_years).to_pylist()
        return read


@pytest.fixture
async def analysed(host: StoreHost, tmp_path: Path) -> AsyncIterator[Analysed]:
    """Let the role log in for as long as the test lasts."""
    role, database = ThrowawayCluster.analysis_role, host.urls.name
    connection = await asyncpg.connect(host.urls.superuser_url)
    try:
        await connection.execute(f"ALTER ROLE {role} LOGIN PASSWORD '{PASSWORD}'; GRANT CONNECT ON DATABASE {database} TO {role}")
        url = tmp_path / "analysis.url"
        url.touch(mode=0o600)
        url.write_text(f"postgresql://{role}:{PASSWORD}@127.0.0.1:{urlsplit(host.urls.superuser_url).port}/{database}\n")
        await put_items(host, *ITEMS, *_items())
        yield Analysed(host, tmp_path)
        await connection.execute(f"ALTER ROLE {role} NOLOGIN")
    finally:
        await connection.close()


def _items() -> list[Item]:
    names = {WAIST: "waist-circumference", PRESSURE: "systolic-blood-pressure", LOWER: "diastolic-blood-pressure"}
    return [Item(code=code, name=name, display=name, kind="quantity", unit="1") for code, name in names.items()]


FILL = """
INSERT INTO mailbox SELECT t, t, decode(repeat('00', 1216), 'hex'), decode(repeat('00', 1670), 'hex') FROM unnest($1::bytea[]) t;
INSERT INTO person SELECT t, 'male', 1976, 'insured', 'works-1' FROM unnest($1::bytea[]) t;
INSERT INTO checkup (token, exam_date, fiscal_year, program, age, content)
SELECT t, d, 2026, 10, 51, t FROM unnest($1::bytea[]) t, (VALUES ('2026-06-10'::date), ('2026-05-10')) AS u (d);
INSERT INTO observation (token, exam_date, program, item, value, choice)
SELECT t, '2026-06-10', 10, i.id, r.value, r.choice
FROM unnest($1::bytea[]) t, (VALUES
    ('9N016160100000001', 90, NULL), ('9A751000000000001', 165, NULL), ('9A761000000000001', 84, NULL),
    ('3D010000001926101', 120, NULL), ('9N736000000000011', NULL, '1')
) AS r (code, value, choice) JOIN item i USING (code);
INSERT INTO observation (token, exam_date, program, item, choice)
SELECT t, '2026-05-10', 10, i.id, '2' FROM unnest($1::bytea[]) t, item i WHERE i.code = '9N736000000000011';
INSERT INTO guidance (token, day, stage, level, content)
SELECT t, '2026-09-01', stage, 1, t FROM unnest($1::bytea[]) t, (VALUES (21), (22)) AS u (stage);
INSERT INTO participation SELECT t, '2026-04-01', 2 FROM unnest($1::bytea[]) t;
INSERT INTO screening SELECT t, 2026, 1 FROM unnest($1::bytea[]) t;
INSERT INTO medical_claim (token, claim, month, kind, inpatient, days, points, own_payment, estimated, content)
SELECT t, substr(t, kind, 16), month, kind, false, 2, 1500, 0, false, t
FROM unnest($1::bytea[]) t, (VALUES
    (1, '2026-06-01'::date), (4, '2026-06-01'), (3, '2026-03-01'), (2, '2026-09-01')) AS u (kind, month);
INSERT INTO medical_claim_drug (token, claim, code, amount)
SELECT t, substr(t, 4, 16), code, amount
FROM unnest($1::bytea[]) t, (VALUES ('610000001', 30), ('610000002', 10), ('610000003', 5)) AS u (code, amount);
INSERT INTO medical_claim_diagnosis (token, claim, code, main, month, points, bearers)
SELECT t, substr(t, kind, 16), code, main, month, 1500, bearers
FROM unnest($1::bytea[]) t, (VALUES
    (1, '2026-06-01'::date, '4019014', true, 1), (1, '2026-06-01', '2500015', false, 0), (2, '2026-09-01', '4019014', false, 1),
    (3, '2026-03-01', 'digestive', false, 2), (3, '2026-03-01', '8800001', false, 2)
) AS u (kind, month, code, main, bearers)"""
"""Men of 50: two checkups, claims of two fiscal years, guidance to its end, a told level."""
SCREENED = """
INSERT INTO screening
SELECT t, 2026, kind FROM (VALUES (2, 10), (3, 9)) AS u (kind, people), unnest(($1::bytea[])[:people]) t"""
"""Ten took part in one screening, and nine in another."""
SELDOM = """
INSERT INTO checkup (token, exam_date, fiscal_year, program, age, content)
SELECT t, '2024-06-10', 2024, 10, 49, t FROM unnest(($1::bytea[])[:9]) t;
INSERT INTO medical_claim (token, claim, month, kind, inpatient, days, points, own_payment, estimated, content)
SELECT t, substr(t, number, 16), month, 1, false, 1, 100, 0, false, t
FROM (VALUES (10, '2026-10-01'::date, 9), (11, '2026-11-01', 10), (12, '2024-03-01', 9)) AS u (number, month, people),
     unnest(($1::bytea[])[:people]) t"""
"""Nine were examined in one year and treated in two months, and ten in another month."""
USE = """
INSERT INTO consent SELECT t, 'portal-use', (now() AT TIME ZONE 'UTC')::date - 380, true, 1 FROM unnest($1::bytea[]) t;
INSERT INTO portal_week SELECT t, date_trunc('week', now() AT TIME ZONE 'UTC')::date - 7 * w
FROM unnest($1::bytea[]) t, unnest(ARRAY[1, 2, 3, 4, 25, 26, 27]) w"""
"""Notes of portal use for more than a year: six of the last half-year, one of the one before."""
PRICES = """INSERT INTO drug_price (code, name, unit, price, family, generic, switchable, edition) VALUES
('610000001', 'a', 't', 1, 'F1', true, false, decode(repeat('00', 16), 'hex')),
('610000002', 'b', 't', 2, 'F1', false, false, decode(repeat('00', 16), 'hex')),
('610000003', 'c', 't', 3, 'F2', false, false, decode(repeat('00', 16), 'hex'))"""
AGREE = "INSERT INTO consent SELECT t, 'analysis', $2, $3, 2 FROM unnest($1::bytea[]) t"


async def people(host: StoreHost, number: int) -> list[bytes]:
    tokens = [Member.new("anon-data").token for _ in range(number)]
    for text in (FILL + ";" + USE).split(";"):
        await host.rows(text, tokens)
    return tokens


async def test_levels_and_sums(analysed: Analysed) -> None:
    """Each year of who agreed has the levels of its latest checkup, what followed it, sums of its claims, and months of membership.

    The one woman, whom nobody is like, is left out.
    """
    agreed, _others = await people(analysed.host, 12), await people(analysed.host, 15)
    await analysed.host.rows(PRICES)
    await analysed.host.rows(AGREE, agreed, date(2026, 11, 1), True)
    await analysed.host.rows("UPDATE person SET sex = 'female', workplace = 'works-2' WHERE token = $1", agreed[0])
    membership = analysed.folder / "membership.csv"
    membership.write_text("fiscal_year,workplace,relation,sex,age,percent\n2026,works-1,insured,male,50-59,50\n")
    classes = analysed.folder / "classes.csv"
    classes.write_text("code,class\n4019014,0901\n8800001,1113\n")
    said = await analysed.snapshot(asked=True, membership=membership, diseases=classes)
    rows = analysed.rows()
    lines = pq.read_table(newest(analysed.folder / "shelf").disease_years).to_pylist()
    now = [row for row in rows if row["fiscal_year"] == 2026]
    (before,) = {tuple(sorted((k, v) for k, v in row.items() if k != "person")) for row in rows if row["fiscal_year"] == 2025}

    assert said.splitlines()[0].endswith("of 12 people who agreed")
    assert said.splitlines()[1] == f"anon-data: 0 saved reports were answered of {newest(analysed.folder / 'shelf').month}"
    assert Counter(row["fiscal_year"] for row in rows) == {2025: 11, 2026: 11}
    assert {(row["sex"], row["workplace"], row["relation"], row["age_band"]) for row in now} == {
        ("male", "works-1", "insured", "50-59")
    }
    assert {tuple(row[name] for name in EXPECTED) for row in now} == {tuple(EXPECTED.values())}
    assert dict(before) | BEFORE == dict(before)
    assert Counter((one["fiscal_year"], one["disease_class"] or one["disease_group"], one["yen"]) for one in lines) == {
        (2026, "0901", 30_000): 11,
        (2026, "circulatory", 30_000): 11,
        (2026, "endocrine", 0): 11,
        (2025, "1113", 7_500): 11,
        (2025, "digestive", 15_000): 11,
    }


async def test_a_screening_of_nine_is_none_that_the_insurer_tells(analysed: Analysed) -> None:
    """Ten who took part make one whose rate can be asked; of nine nothing is known, as of nobody."""
    agreed = await people(analysed.host, 12)
    await analysed.host.rows(AGREE, agreed, date(2026, 11, 1), True)
    await analysed.host.rows(SCREENED, agreed)
    await analysed.snapshot()
    asked = ("screening_stomach", "screening_lung", "screening_colorectal", "screening_breast")
    rows = [row for row in analysed.rows() if row["fiscal_year"] == 2026]

    assert [Counter(row[name] for row in rows) for name in asked] == [{"yes": 12}, {"yes": 10, "no": 2}, {None: 12}, {None: 12}]


async def test_a_month_of_nine_is_none_that_anybody_is_told_of(analysed: Analysed) -> None:
    """Years in which nine were examined, and months in which nine were treated, are as those of nobody; ten are enough."""
    agreed = await people(analysed.host, 12)
    await analysed.host.rows(AGREE, agreed, date(2026, 11, 1), True)
    for text in SELDOM.split(";"):
        await analysed.host.rows(text, agreed)
    await analysed.snapshot()
    rows = Counter((row["fiscal_year"], row["months"], row["yen"]) for row in analysed.rows())

    assert rows == {(2025, 1, 15_000): 12, (2026, 3, 46_000): 10, (2026, 3, 45_000): 2}


async def test_no_token_reaches_a_file(analysed: Analysed) -> None:
    """No token, name of a day or claim is in any file, as bytes or written out."""
    tokens = await people(analysed.host, 12)
    await analysed.host.rows(AGREE, tokens, date(2026, 11, 1), True)
    await analysed.snapshot()
    names = [row["person"] for row in await analysed.host.rows("SELECT person FROM analysis_person")]
    text = b"".join(path.read_bytes() for path in (analysed.folder / "shelf").rglob("*") if path.is_file())
    text += str(analysed.rows()).encode()

    assert [name for name in (*tokens, *names) if name in text or name.hex().encode() in text or name[:16] in text] == []


async def test_consent_is_asked_when_it_is_made(analysed: Analysed) -> None:
    """Who withdrew is in no snapshot that is made afterwards."""
    tokens = await people(analysed.host, 15)
    await analysed.host.rows(AGREE, tokens, date(2026, 11, 1), True)
    await analysed.snapshot("first")
    await analysed.host.rows(AGREE, tokens[:3], date(2026, 11, 2), False)
    await analysed.snapshot("second")

    assert [len(analysed.rows(name)) / 2 for name in ("first", "second")] == [15, 12]


async def test_people_are_known_again_a_month_later(analysed: Analysed) -> None:
    """Under other names of a day the next month keeps the block as it was; when somebody withdraws nothing of it is shown."""
    tokens = await people(analysed.host, 18)
    await analysed.host.rows(AGREE, tokens[:15], date(2026, 11, 1), True)
    await analysed.snapshot()
    shelf = analysed.folder / "shelf"
    month = newest(shelf).month
    for name in (month, f".builder/{month}.parquet"):
        (shelf / name).rename(shelf / name.replace(month, "2026-01"))
    await analysed.host.seal()
    await analysed.host.rows(AGREE, tokens[15:], date(2026, 11, 1), True)
    await analysed.snapshot()
    kept = len(analysed.rows()) / 2
    for name in (month, f".builder/{month}.parquet"):
        (shelf / name).rename(shelf / name.replace(month, "2026-02"))
    await analysed.host.rows(AGREE, tokens[:1], date(2026, 11, 2), False)
    with pytest.raises(ConfigError) as nobody:
        await analysed.snapshot()

    assert kept == 15
    assert str(nobody.value) == "there are too few people for a snapshot"


async def test_it_can_be_asked(analysed: Analysed, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says how far it is, in numbers alone, and what it wrote answers questions."""
    tokens = await people(analysed.host, 60)
    await analysed.host.rows(AGREE, tokens, date(2026, 11, 1), True)
    await analysed.snapshot()
    said = capsys.readouterr().err.splitlines()
    engine = Engine(newest(analysed.folder / "shelf"))
    (smoking,) = engine.ask(Question("smoking", 2026)).cells
    (cost,) = engine.ask(Question("cost-claims", 2026)).cells

    assert sorted(said[:10]) == [
        "anon-data: 0 rows of drugs are read",
        "anon-data: 120 rows of checkups are read",
        "anon-data: 120 rows of guidance are read",
        "anon-data: 240 rows of claims are read",
        "anon-data: 300 rows of diagnoses are read",
        "anon-data: 360 rows of results are read",
        "anon-data: 60 rows of levels of taking part are read",
        "anon-data: 60 rows of people are read",
        "anon-data: 60 rows of portal use are read",
        "anon-data: 60 rows of screenings are read",
    ]
    assert said[10:] == [
        "anon-data: blocks are made of 120 member-years",
        "anon-data: 120 rows of member_year.parquet are written",
        "anon-data: 0 rows of disease_year.parquet are written",
        "anon-data: 240 rows of disease_year.parquet are written",
    ]
    assert (smoking.people in (60, 65), smoking.counted, smoking.mark) == (True, None, "high")
    assert cost.people == smoking.people


def test_the_service_starts_without_it() -> None:
    """What analyses is loaded by the command alone."""
    heavy = "import sys, anon_data.app; print(sorted({'duckdb', 'ibis', 'pyarrow', 'pandas', 'numpy'} & set(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", heavy], check=True, capture_output=True, text=True).stdout

    assert printed.strip() == "[]"


async def test_what_the_operator_is_told(analysed: Analysed) -> None:
    """Too few people, a role that may not log in, and a month that is there already are one sentence each, and no secret."""
    said = []
    for lines in ("", "", "postgresql://nobody:secret@127.0.0.1:1/warifu\n"):
        if lines:
            (analysed.folder / "analysis.url").write_text(lines)
        with pytest.raises(ConfigError) as error:
            await analysed.snapshot()
        said.append(str(error.value))
        if len(said) == 1:
            tokens = await people(analysed.host, 12)
            await analysed.host.rows(AGREE, tokens, date(2026, 11, 1), True)
            await analysed.snapshot()

    assert [sentence.rpartition(": ")[2].partition(" with")[0] for sentence in said] == [
        "there are too few people for a snapshot",
        "is there already, and a snapshot is never changed",
        "cannot connect",
    ]
    assert "secret" not in said[2]


@pytest.mark.parametrize("query", ["FROM analysis_observation", "FROM analysis_claim"])
async def test_a_lost_connection(analysed: Analysed, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    """Where the database is lost, on whichever of two connections, a sentence says so, and there is no snapshot."""
    await analysed.host.rows(AGREE, await people(analysed.host, 12), date(2026, 11, 1), True)
    read = analysis_views._table

    async def lost(tx: Transaction, *arguments: Any) -> Any:
        if query in arguments[0].text:
            (backend,) = await tx.run("SELECT pg_backend_pid() AS id")
            operator = await asyncpg.connect(analysed.host.urls.superuser_url)
            assert await operator.fetchval("SELECT pg_terminate_backend($1, 5000)", backend["id"])
            await operator.close()
        return await read(tx, *arguments)

    monkeypatch.setattr(analysis_views, "_table", lost)
    with pytest.raises(ConfigError, match=r"^the database was lost$"):
        await analysed.snapshot()

    assert list((analysed.folder / "shelf").glob("2*")) == []


async def test_it_waits_for_its_turn(analysed: Analysed) -> None:
    """It is read when no seal is under way, which would put empty tables where it reads."""
    await analysed.host.rows(AGREE, await people(analysed.host, 12), date(2026, 11, 1), True)
    sealing = await asyncpg.connect(analysed.host.urls.owner_url)
    try:
        await take_turn(sealing)
        making = asyncio.create_task(analysed.snapshot())
        while not await analysed.host.rows("SELECT FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"):
            assert not making.done()
            await asyncio.sleep(0.01)
    finally:
        await sealing.close()

    assert "of 12 people" in await making
