"""Household views: who reads by code and PIN, what they see, and when it ends."""

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from protocol.code import Code
from protocol.encoding import b64u
from protocol.jose import generate_p256, thumbprint
from protocol.messages.households import EndView, GiveView
from protocol.messages.mailbox import RecoverMailboxes, Recovery, RenewReader, SetSuspensions, Suspension
from protocol.proof import make
from protocol.view_code import ViewCode
from support.store_host import NOW, ORIGINS, Member, StoreHost, problem

from . import test_medical_claims as claims
from .samples import checkup, put_items, store
from .test_consents import decide

TODAY = NOW.date()
CODE, PIN = ViewCode(bytes(16)), "合言葉12345"
KEY = CODE.key(PIN)


def _view(**changes: Any) -> GiveView:
    fields: dict[str, Any] = {
        "handle": CODE.handle,
        "jkt": thumbprint(KEY),
        "shows": ("checkups",),
        "until": TODAY + timedelta(days=30),
    }
    return GiveView(**{**fields, **changes})


async def _give(host: StoreHost, member: Member, **changes: Any) -> httpx.Response:
    return await host.as_member(member, "PUT", "/me/views", _view(**changes))


async def _giver(host: StoreHost) -> Member:
    """Return a member with a checkup who agreed to household views and gave one."""
    member = await host.member()
    await put_items(host)
    await store(host, (member, checkup()))
    await decide(host, member, "household")
    assert (await _give(host, member)).status_code == 201
    return member


async def _read(host: StoreHost, pin: str = PIN, code: ViewCode = CODE) -> httpx.Response:
    return await host.signed(code.key(pin), code.handle, "GET", "/views/checkups")


async def test_code_and_pin_read_the_open_part(host: StoreHost) -> None:
    """Whoever has both reads the checkups without what is sealed for the giver; the giver's own pages are as before."""
    member = await _giver(host)
    seen = (await _read(host)).json()
    own = (await host.as_member(member, "GET", "/me/checkups")).json()

    assert "details" not in seen["checkups"][0]
    assert own["checkups"][0].pop("details")
    assert seen == own


async def test_costs_where_they_are_shown(host: StoreHost) -> None:
    """A view of costs tells what the claims come to, as the giver reads it, and no checkup; one of checkups tells no cost."""
    member = await _giver(host)
    await claims.store(host, (member, claims.claim()))
    other = ViewCode(bytes([1]) * 16)
    await _give(host, member, handle=other.handle, jkt=thumbprint(other.key(PIN)), shows=("costs",))
    path = f"/views/costs{claims.ALL}"
    seen = await host.signed(other.key(PIN), other.handle, "GET", path)
    own = await host.as_member(member, "GET", f"/me/costs{claims.ALL}")
    refused = [problem(await _read(host, code=other)), problem(await host.signed(KEY, CODE.handle, "GET", path))]

    assert (seen.json(), len(seen.json()["months"])) == (own.json(), 1)
    assert refused == [(401, "view-unknown")] * 2


async def test_it_reads_nothing_else(host: StoreHost) -> None:
    """The view's key is no reader key: neither vitals nor consents nor messages, nor another view's page."""
    member = await _giver(host)
    paths = ("/me/checkups", f"/me/vitals?since={TODAY}&until={TODAY}", "/me/consents", "/me/messages", "/me/views", "/me/mailbox")
    answers = [problem(await host.signed(KEY, subject, "GET", path)) for path in paths for subject in (CODE.handle, member.token)]

    assert set(answers) == {(401, "reader-unknown")}


async def test_no_row_leads_to_who_reads(host: StoreHost) -> None:
    """The reader has a mailbox too; after their reading and a seal the view's row holds nothing of them."""
    member = await _giver(host)
    reader = await host.member()
    await host.as_member(reader, "GET", "/me/checkups")
    await _read(host)
    await host.seal()
    rows = await host.rows("SELECT * FROM household_view")
    values = {value for row in rows for value in row.values() if isinstance(value, bytes)}

    assert values == {member.token, CODE.handle, thumbprint(KEY), thumbprint(member.reader)}


async def test_without_the_consent(host: StoreHost) -> None:
    """Nobody lets anybody read without having agreed to it, and a withdrawal ends what was given, for good."""
    member = await host.member()
    refused = await _give(host, member)
    await decide(host, member, "household")
    await _give(host, member)
    good = await _read(host)
    await decide(host, member, "household", given=False)
    after = [problem(await _read(host))]
    await decide(host, member, "household")
    after.append(problem(await _read(host)))

    assert (problem(refused), good.status_code, after) == ((403, "consent-missing"), 200, [(401, "view-unknown")] * 2)
    assert await host.rows("SELECT FROM household_view") == []


async def test_a_consent_that_counts_no_more(host: StoreHost) -> None:
    """Where the giver must agree to a later text first, what they gave before shows nothing meanwhile."""
    await _giver(host)
    await host.rows("UPDATE consent_purpose SET counts_from = 2 WHERE purpose = 'household'")

    assert problem(await _read(host)) == (401, "view-unknown")


async def test_the_last_day(host: StoreHost) -> None:
    """A view reads until its last day, and the next fold deletes it."""
    await _giver(host)
    host.clock.instant = NOW + timedelta(days=30)
    last = (await _read(host)).status_code
    host.clock.instant = NOW + timedelta(days=31)

    assert (last, problem(await _read(host))) == (200, (401, "view-unknown"))


async def test_the_giver_ends_it(host: StoreHost) -> None:
    """The giver sees the view and ends it; ending it again changes nothing, and somebody else cannot."""
    member, other = await _giver(host), await host.member()
    path, message = "/me/views/endings", EndView(handle=CODE.handle)
    by_other = await host.as_member(other, "POST", path, message)
    listed = (await host.as_member(member, "GET", "/me/views")).json()["views"]
    ended = [(await host.as_member(member, "POST", path, message)).status_code for _ in range(2)]

    assert (by_other.status_code, ended, problem(await _read(host))) == (204, [204, 204], (401, "view-unknown"))
    assert listed == [{"handle": b64u(CODE.handle), "shows": ["checkups"], "until": str(TODAY + timedelta(days=30)), "reads": True}]


async def test_new_keys_end_it(host: StoreHost) -> None:
    """What a thief of the keys gave ends when the member changes their keys, at the first use of the new one."""
    member = await _giver(host)
    new = Member(member.seed)
    possession = make(new.reader, "PUT", ORIGINS["anon-data"] + "/me/reader-key", member.token, b"", host.clock.timestamp())
    await host.as_member(member, "PUT", "/me/reader-key", RenewReader(possession=possession))
    between = (await _read(host)).status_code
    await host.as_member(new, "GET", "/me/mailbox")
    after = problem(await _read(host))
    listed = (await host.as_member(new, "GET", "/me/views")).json()["views"]
    await host.seal()

    assert (between, after, [one["reads"] for one in listed]) == (200, (401, "view-unknown"), [False])
    assert await host.rows("SELECT FROM household_view") == []


async def test_a_suspended_giver(host: StoreHost) -> None:
    """Where no key of the member is admitted, no view of theirs is."""
    member = await _giver(host)
    listed = await host.decided("suspend", member)
    row = Suspension(token=member.token, suspended=True, subject=listed.proof("anon-data", member.token))
    await host.as_registrar("suspend", "POST", "/suspensions", SetSuspensions(rows=(row,)))

    assert problem(await _read(host)) == (401, "view-unknown")


async def test_a_recovered_mailbox(host: StoreHost) -> None:
    """Whoever is given the mailbox by a recovery lets nobody read whom the one before let."""
    member = await _giver(host)
    listed = await host.decided("recover", member)
    row = Recovery(token=member.token, subject=listed.proof("anon-data", member.token))
    await host.as_registrar("recover", "POST", "/recoveries", RecoverMailboxes(rows=(row,)))
    host.clock.instant = NOW + timedelta(days=2)
    new = Member(member.seed)
    claimed = await host.as_member(new, "POST", "/claims", new.claim())

    assert (claimed.status_code, problem(await _read(host))) == (201, (401, "view-unknown"))


async def test_wrong_pins_and_unknown_codes_look_alike(host: StoreHost) -> None:
    """A wrong PIN, an unknown code and one that ended are answered alike."""
    await _giver(host)
    answers = [await _read(host, "another1"), await _read(host, code=ViewCode(bytes(15) + b"1"))]

    assert [problem(answer) for answer in answers] == [(401, "view-unknown")] * 2
    assert answers[0].content == answers[1].content


async def test_ten_wrong_pins(host: StoreHost) -> None:
    """After ten wrong PINs, all at one instant, the right one reads no more; a right one before begins the count anew."""
    await _giver(host)
    wrong = [generate_p256() for _ in range(11)]
    for key in wrong[:9]:
        await host.signed(key, CODE.handle, "GET", "/views/checkups")
    between = (await _read(host)).status_code
    answers = await asyncio.gather(*(host.signed(key, CODE.handle, "GET", "/views/checkups") for key in wrong))

    assert {problem(answer) for answer in answers} == {(401, "view-unknown")}
    assert (between, problem(await _read(host))) == (200, (401, "view-unknown"))
    assert (await host.rows("SELECT tries FROM household_view"))[0][0] == 10


async def test_a_request_counts_once(host: StoreHost) -> None:
    """Whoever overhears a request cannot repeat it."""
    await _giver(host)
    made = make(KEY, "GET", ORIGINS["anon-data"] + "/views/checkups", CODE.handle, b"", host.clock.timestamp())
    answers = [await host.client.get("/views/checkups", headers={"Warifu-Proof": made}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 409]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"until": TODAY - timedelta(days=1)}, (400, "view-refused")),
        ({"until": TODAY + timedelta(days=401)}, (400, "view-refused")),
        ({"until": TODAY}, (409, "view-differs")),
        ({"jkt": bytes(32)}, (409, "view-differs")),
    ],
)
async def test_views_that_are_refused(host: StoreHost, changes: dict[str, Any], said: tuple[int, str]) -> None:
    """A view that is over, too long, or another under the same handle."""
    member = await _giver(host)

    assert problem(await _give(host, member, **changes)) == said


@pytest.mark.parametrize("shows", [("costs", "checkups"), ("checkups", "checkups")])
async def test_what_a_view_shows_stands_once_and_sorted(host: StoreHost, shows: tuple[str, ...]) -> None:
    """One view is written one way, so that the same again is known as the same."""
    member = await _giver(host)
    answer = await _give(host, member, handle=bytes(32), shows=shows)

    assert (problem(answer), answer.json()["reason"]) == ((400, "view-refused"), "order")
    assert [bytes(row["handle"]) for row in await host.rows("SELECT handle FROM household_view")] == [CODE.handle]


async def test_the_same_view_again_and_too_many(host: StoreHost) -> None:
    """A repeated call changes nothing; a ninth view is refused, and another member's handle too."""
    member, other = await _giver(host), await host.member()
    await decide(host, other, "household")
    again = (await _give(host, member)).status_code
    foreign = problem(await _give(host, other))
    given = [(await _give(host, member, handle=bytes([at]) * 32)).status_code for at in range(8)]

    assert (again, foreign, given) == (200, (409, "view-differs"), [201] * 7 + [400])


def test_a_views_code_is_no_sign_in_code() -> None:
    """The two kinds of code are told apart by their prefix, and one is never read as the other."""
    assert (CODE.text[:3], Code(bytes(16)) == CODE, repr(CODE)) == ("WV1", False, "ViewCode()")
    assert ViewCode.parse(CODE.text.lower()) == CODE
    for one, text in ((Code, CODE.text), (ViewCode, Code(bytes(16)).text)):
        with pytest.raises(ValueError, match="begins"):
            one.parse(text)


def test_dates_are_days() -> None:
    """What stands beside a member is a day."""
    assert GiveView.model_fields["until"].annotation is date
