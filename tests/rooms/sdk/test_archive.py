"""Everything taken along in one signed file, and what its signature shows."""

import csv
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import pytest
import warifu
from fhir.resources.R4B.bundle import Bundle as Peer
from protocol.encoding import b64u
from protocol.messages.challenges import OfferedChallenge
from protocol.messages.contests import Contest, OwnContest
from protocol.messages.exchange import Order, PricedLine
from protocol.messages.participation import TellParticipation
from protocol.messages.points import PointEntry, PointLot, Points
from protocol.messages.records import Observation
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.store import Mailbox
from rooms.sdk.model.world import World
from rooms.sdk.test_session import CHECKUP, WEIGHT, with_details
from typer.testing import CliRunner
from warifu.archive.sections import sections
from warifu.cli import app

NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)
DAY = date(2026, 4, 1)
DETAILS = {
    "v": 1,
    "institution": {"number": "1311234567", "name": "架空<健診>センター"},
    "ticket": None,
    "report": "10",
    "observations": [{"code": "9N516000000000049", "name": "physician-name", "status": "measured", "value": "架空医 一号"}],
}


async def everything(world: World, session: warifu.MemberSession) -> bytes:
    """Give the member one of each, and take it along."""
    sealed = with_details(world, DETAILS)
    absent = Observation(item=WEIGHT.code.replace("001", "002", 1), absent="not-performed")
    world.stores["anon-data"].mailbox.checkups.append(sealed.model_copy(update={"observations": (*CHECKUP.observations, absent)}))
    world.stores["anon-data"].mailbox.items.append(WEIGHT)
    await session.put_vitals(
        [
            warifu.Measurement(DAY, "body-weight", Decimal("62.5")),
            warifu.Measurement(DAY, "systolic", Decimal(121)),
            warifu.Measurement(DAY, "diastolic", Decimal(79)),
        ]
    )
    await session.put_steps([warifu.DaySteps(DAY, 8000, 30)])
    _walking(world.stores["programs"].mailbox)
    world.stores["anon-data"].mailbox.participation.append(TellParticipation(first=DAY.replace(year=2025), level="some"))
    _exchanged(world.stores["programs"].mailbox)
    await session.put_note(DAY, "=架空のメモ")
    return await warifu.export(session, NOW)


def _walking(mailbox: Mailbox) -> None:
    """Give the member one contest of two, and one individual program of two."""
    about = {"first": DAY, "last": DAY.replace(day=30)}
    entry = {"teams": "units", "enter_from": DAY, "enter_until": DAY, **about}
    titles = ("春の歩活 (架空)", "他")
    mailbox.contests += [Contest(id=bytes([number]) * 16, title=title, **entry) for number, title in enumerate(titles)]
    own = {"team": None, "captain": False, "nickname": "歩く人", "excused": False, "steps": 7000, "held": ()}
    mailbox.own_contests.append(OwnContest(contest=bytes(16), **own))
    offered = {"kind": "habit", "goal": 10, "goal_steps": None, "questions": (), "done": 3, "streak": 2, "reached": False, **about}
    mailbox.challenges += [
        OfferedChallenge(id=bytes([joined]) * 16, title="毎日の習慣 (架空)", joined=joined, **offered) for joined in (True, False)
    ]


def _exchanged(mailbox: Mailbox) -> None:
    """Give the member points that came and went, and an order."""
    entries = (
        PointEntry(amount=-300, against="redeemed", party="shop", day=DAY, expires=None, refund=False),
        PointEntry(amount=300, against="redeemed", party="shop", day=DAY, expires=None, refund=True),
        PointEntry(amount=1000, against="issued", party="walk", day=DAY, expires=DAY.replace(day=30), refund=False),
    )
    mailbox.points = Points(posted=1000, held=0, lots=(PointLot(expires=DAY.replace(day=30), points=1000),), entries=entries)
    lines = (PricedLine(product=bytes(16), units=2, points=150),)
    about = {"supplier": "shop", "kind": "goods", "state": "returned", "revision": 6, "points": 300, "until": None, "day": DAY}
    mailbox.orders.append(Order.model_validate({"id": bytes(15) + b"o", "lines": lines, **about}))


def table(archive: warifu.Archive, name: str) -> list[list[str]]:
    return list(csv.reader(StringIO(archive.files[f"csv/{name}.csv"].decode("utf-8-sig"))))


async def test_everything_is_there(world: World, sign_in: SignIn) -> None:
    """A table for each section, two pages, one FHIR bundle; what was sealed is opened in them."""
    archive = warifu.checked(await everything(world, await sign_in()))

    assert archive.made == "2026-04-01"
    assert set(archive.files) == {
        *(f"csv/{section.name}.csv" for section in sections()),
        *("record.ja.html", "record.en.html", "record.fhir.json"),
    }
    assert ["name", "架空 花子"] in table(archive, "profile")
    assert [row[2:] for row in table(archive, "checkups")[1:]] == [
        ["架空<健診>センター", WEIGHT.code, "身長", "160.5", "cm", "N"],
        ["架空<健診>センター", "9N002000000000001", "9N002000000000001", "not-performed", "", ""],
        ["架空<健診>センター", "9N516000000000049", "健康診断を実施した医師の氏名", "架空医 一号", "", ""],
    ]
    assert table(archive, "vitals")[1] == ["2026-04-01", "body-weight", "62.5", "kg", "typed"]
    assert (table(archive, "steps")[1], table(archive, "notes")[1]) == (["2026-04-01", "8000", "30"], ["2026-04-01", "=架空のメモ"])
    assert table(archive, "contests")[1:] == [["春の歩活 (架空)", "2026-04-01", "2026-04-30", "entered", "歩く人", "7000"]]
    assert table(archive, "points")[1:] == [
        ["2026-04-01", "-300", "redeemed", "shop", ""],
        ["2026-04-01", "300", "refund", "shop", ""],
        ["2026-04-01", "1000", "issued", "walk", "2026-04-30"],
    ]
    assert table(archive, "participation")[1:] == [["2025-04-01", "some"]]
    assert table(archive, "point-lots")[1:] == [["2026-04-30", "1000"]]
    assert [row[2:] for row in table(archive, "orders")[1:]] == [["shop", "returned", "A" * 22, "2", "150", ""]]
    assert table(archive, "challenges")[1:] == [["毎日の習慣 (架空)", "2026-04-01", "2026-04-30", "3", "10", "no"]]


async def test_pages_are_readable_in_two_languages(world: World, sign_in: SignIn) -> None:
    """Words instead of codes, nothing that a browser would run, and what the signature does not show is said."""
    archive = warifu.checked(await everything(world, await sign_in()))
    ja, en = (archive.files[f"record.{language}.html"].decode() for language in ("ja", "en"))

    assert [word in ja for word in ("体重", "未実施", "基準内", "女性", "架空&lt;健診&gt;センター")] == [True] * 5
    assert [word in en for word in ("Body weight", "not performed", "normal", "female", "neither")] == [True] * 5
    assert "<健診>" not in ja + en


async def test_the_record_is_fhir(world: World, sign_in: SignIn) -> None:
    """One bundle that the peer library accepts: the member, a document for each checkup, what was measured at home."""
    archive = warifu.checked(await everything(world, await sign_in()))
    record = json.loads(archive.files["record.fhir.json"])
    Peer.model_validate(record)
    kinds = [entry["resource"]["resourceType"] for entry in record["entry"]]
    (document,) = [entry["resource"] for entry in record["entry"] if entry["resource"]["resourceType"] == "Bundle"]
    Peer.model_validate(document)

    assert kinds == ["Patient", "Bundle", "Observation", "Observation"]
    subjects = {entry["resource"]["subject"]["reference"] for entry in record["entry"][2:]}
    assert subjects == {record["entry"][0]["fullUrl"]}


async def test_nothing_is_there(sign_in: SignIn) -> None:
    """Without any records there is an archive all the same, with the profile in it."""
    archive = warifu.checked(await warifu.export(await sign_in(), NOW))

    assert len(table(archive, "checkups")) == 1
    assert "記録はありません。" in archive.files["record.ja.html"].decode()


async def test_one_member_signs_with_one_key(sign_in: SignIn) -> None:
    """Also after the reader keys were changed."""
    session = await sign_in()
    before = warifu.checked(await warifu.export(session, NOW)).key
    await session.change_keys()
    after = warifu.checked(await warifu.export(await sign_in(), NOW)).key

    assert before == after


async def test_archives_name_no_mailbox(world: World, sign_in: SignIn) -> None:
    """Neither a token nor what a store knows a key by stands in any file, in no spelling."""
    content = await everything(world, await sign_in())
    with zipfile.ZipFile(BytesIO(content)) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
    secret = [value for store in world.stores.values() for value in (store.mailbox.token, store.mailbox.reader) if value]

    assert len(secret) == 4
    assert [value for value in secret if any(said in whole for said in (value, value.hex().encode(), b64u(value).encode()))] == []


async def test_nothing_is_left_out_silently(world: World, sign_in: SignIn) -> None:
    """Where a host cannot be asked there is no archive."""
    session = await sign_in()
    world.stores["programs"].mailbox.suspended = True
    with pytest.raises(warifu.HostRefused):
        await warifu.export(session, NOW)


Files = dict[str, bytes]


def _repacked(content: bytes, change: Callable[[Files], object]) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, value in files.items():
            archive.writestr(name, value)
    return out.getvalue()


CHANGES: dict[str, Callable[[Files], object]] = {
    "value": lambda files: files.update({"csv/steps.csv": files["csv/steps.csv"] + b"2026-04-02,9000\r\n"}),
    "added": lambda files: files.update({"csv/more.csv": b""}),
    "missing": lambda files: files.pop("csv/notes.csv"),
    "renamed": lambda files: files.update({"csv/other.csv": files.pop("csv/notes.csv")}),
    "unsigned": lambda files: files.pop("manifest.sig"),
    "no-manifest": lambda files: files.pop("manifest.json"),
    "manifest": lambda files: files.update({"manifest.json": files["manifest.json"].replace(b"2026-04-01", b"2026-04-02")}),
    "signature": lambda files: files.update({"manifest.sig": b"A" * 86}),
    "no-signature": lambda files: files.update({"manifest.sig": b"\xff"}),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_changed_archives_are_recognised(sign_in: SignIn, change: str) -> None:
    """Whatever is changed, added or taken away."""
    content = await warifu.export(await sign_in(), NOW)
    with pytest.raises(warifu.InputRefused) as caught:
        warifu.checked(_repacked(content, CHANGES[change]))

    assert caught.value.fault == "archive"
    assert len(warifu.checked(_repacked(content, lambda _: None)).files) == len(sections()) + 3


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"x" * 100])
def test_other_files_are_no_archives(content: bytes) -> None:
    """A file that is no archive, or is damaged, is refused as one."""
    with pytest.raises(warifu.InputRefused):
        warifu.checked(content)


def _packed(*names: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return out.getvalue()


def _called(content: bytes, name: str) -> bytes:
    """Let the only two files have one name."""
    return content.replace(b"b.csv", name.encode())


def _claiming(content: bytes, size: int) -> bytes:
    """Let the directory claim that the first file holds this much."""
    at = content.index(b"PK\x01\x02") + 24
    return content[:at] + size.to_bytes(4, "little") + content[at + 4 :]


@pytest.mark.parametrize(
    "content",
    [
        _called(_packed("a.csv", "b.csv"), "a.csv"),
        _packed(*(f"{number}.csv" for number in range(1001))),
        _claiming(_packed("a.csv"), (1 << 30) + 1),
    ],
    ids=["two-of-a-name", "many", "large"],
)
def test_archives_that_hold_too_much(content: bytes) -> None:
    """Two files of one name, too many files or too many bytes are refused before one of them is unpacked."""
    with pytest.raises(warifu.InputRefused) as caught:
        warifu.checked(content)

    assert str(caught.value) == "the archive holds more than an archive does"


async def test_checking_at_the_terminal(sign_in: SignIn, tmp_path: Path) -> None:
    """The command says when it was written and by which key, needs no sign-in, and fails for a changed file."""
    content = await warifu.export(await sign_in(), NOW)
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(content)
    bad.write_bytes(_repacked(content, CHANGES["value"]))
    fine = CliRunner().invoke(app, ["check", str(good), "--lang", "en"])
    changed = CliRunner().invoke(app, ["check", str(bad), "--lang", "en"])
    absent = CliRunner().invoke(app, ["check", str(tmp_path / "nothing.zip")])

    assert (fine.exit_code, "2026-04-01" in fine.output, "vouches" in fine.output) == (0, True, True)
    assert (changed.exit_code, "not as it was written" in changed.output) == (1, True)
    assert absent.exit_code == 2
