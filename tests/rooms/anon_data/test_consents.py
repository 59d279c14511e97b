"""Consents: given and withdrawn by day, and what follows from them."""

from datetime import date, timedelta

import pytest
from anon_data.consent_history import KEPT, decided, stands
from anon_data.consent_texts import texts, versions
from hypothesis import given
from hypothesis import strategies as st
from protocol.encoding import sha256
from protocol.messages.consents import CONSENT_PURPOSES, ConsentEntry, ConsentPurpose, PutConsent
from support.store_host import NOW, Member, StoreHost, problem

DAY = NOW.date()
SHOWN = {
    ("analysis", 1): "d44af7fc463f45b9",
    ("analysis", 2): "46a9913884088e21",
    ("household", 1): "ef0f88a1a427c090",
    ("messages", 1): "351397ce884ee094",
    ("portal-use", 1): "68d55356ba390d20",
}
"""The beginning of each shown text's SHA-256: words that somebody agreed to never change."""

decisions = st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(1, 3)), max_size=30)


async def decide(
    host: StoreHost, member: Member, purpose: ConsentPurpose, *, given: bool = True, version: int | None = None
) -> None:
    asked = PutConsent(given=given, version=version or texts()[purpose].version)
    answer = await host.as_member(member, "PUT", f"/me/consents/{purpose}", asked)
    assert answer.status_code == 200, answer.text


async def _standing(host: StoreHost, member: Member) -> dict[str, bool]:
    answer = await host.as_member(member, "GET", "/me/consents")
    assert answer.status_code == 200, answer.text
    return {one["purpose"]: one["standing"] for one in answer.json()["consents"]}


async def test_nothing_is_agreed_to_by_itself(host: StoreHost) -> None:
    """A new member has agreed to nothing; one consent is one consent, and ends when it is withdrawn."""
    member = await host.member()
    found = [await _standing(host, member)]
    for word in (True, False):
        await decide(host, member, "analysis", given=word)
        found.append(await _standing(host, member))
    none = dict.fromkeys(CONSENT_PURPOSES, False)

    assert found == [none, {**none, "analysis": True}, none]


async def test_the_history_is_kept_by_day(host: StoreHost) -> None:
    """Of a day the last word stands, and the same word again changes nothing."""
    member = await host.member()
    for days, word in [(0, True), (0, False), (1, True), (2, True), (3, False)]:
        host.clock.instant = NOW + timedelta(days=days)
        await decide(host, member, "messages", given=word)
    rows = await host.rows("SELECT day, given FROM consent ORDER BY day")

    assert [tuple(row) for row in rows] == [(DAY, False), (DAY + timedelta(days=1), True), (DAY + timedelta(days=3), False)]


async def test_another_text(host: StoreHost) -> None:
    """A consent to a text that is not the newest is refused, with the newest version; nothing is written down."""
    member = await host.member()
    answer = await host.as_member(member, "PUT", "/me/consents/analysis", PutConsent(given=True, version=1))

    assert (problem(answer), answer.json()["version"]) == ((409, "consent-text"), 2)
    assert await host.rows("SELECT FROM consent") == []


async def test_consents_that_count_no_more(host: StoreHost) -> None:
    """Where a later text must be agreed to anew, the view of standing consents leaves earlier ones out."""
    member = await host.member()
    await decide(host, member, "analysis")
    before = await host.rows("SELECT FROM analysis_person")
    await host.rows("UPDATE consent_purpose SET counts_from = 3 WHERE purpose = 'analysis'")

    assert (len(before), await host.rows("SELECT FROM analysis_person")) == (1, [])


async def test_analysis_sees_who_agreed(host: StoreHost) -> None:
    """The view for analysis holds the members who agreed to analysis, and nobody who withdrew or agreed to something else."""
    members = [await host.member() for _ in range(4)]
    for member in members[:2]:
        await decide(host, member, "analysis")
    await decide(host, members[1], "analysis", given=False)
    await decide(host, members[2], "messages")
    rows = await host.rows("SELECT sex, birth_year, relation, workplace FROM analysis_person")
    tokens = await host.rows("SELECT token FROM analysed")

    assert [tuple(row) for row in rows] == [("female", 1975, "insured", "works-1")]
    assert [row["token"] for row in tokens] == [members[0].token]


async def test_a_later_withdrawal_counts(host: StoreHost) -> None:
    """The last word stands, whatever was said on the days before."""
    member = await host.member()
    seen = []
    for days, word in enumerate([True, False, True]):
        host.clock.instant = NOW + timedelta(days=days)
        await decide(host, member, "analysis", given=word)
        seen.append(len(await host.rows("SELECT FROM analysis_person")))

    assert seen == [1, 0, 1]


async def test_analysis_sees_whose_consent_stands(host: StoreHost) -> None:
    """What everybody's analysis goes by is what each member's last word says, whatever was said before and to which text."""
    tokens = [(await host.member()).token for _ in range(30)]
    await host.rows("UPDATE consent_purpose SET counts_from = 2 WHERE purpose = 'analysis'")
    for days in range(4):
        said = "SELECT t, p, $2, random() < 0.7, 1 + floor(3 * random()) FROM unnest($1::bytea[]) t, unnest($3::text[]) p"
        day, purposes = NOW.date() + timedelta(days=days), ["analysis", "messages"]
        await host.rows(f"INSERT INTO consent {said} WHERE random() < 0.5", tokens, day, purposes)
    standing = {row["token"] for row in await host.rows("SELECT token FROM consenting WHERE purpose = 'analysis'")}
    seen = [row["token"] for row in await host.rows("SELECT token FROM analysed")]

    assert 0 < len(standing) < len(tokens)
    assert (len(seen), set(seen)) == (len(standing), standing)


async def test_the_texts_are_read_by_everybody(host: StoreHost) -> None:
    """The newest texts come without a proof, in both languages; the database counts the versions that they count."""
    answer = (await host.client.get("/consents")).json()["texts"]
    rows = await host.rows("SELECT purpose, counts_from FROM consent_purpose")

    assert [(one["purpose"], one["version"]) for one in answer] == [
        (purpose, texts()[purpose].version) for purpose in CONSENT_PURPOSES
    ]
    assert {tuple(row) for row in rows} == {(purpose, text.counts_from) for purpose, text in texts().items()}


@pytest.mark.parametrize("purpose", CONSENT_PURPOSES)
def test_words_that_were_shown_stay(purpose: ConsentPurpose) -> None:
    """Each version's words are those that members agreed to; a change is a new version."""
    found = {
        (purpose, one.version): sha256(one.model_dump_json(include={"ja", "en"}).encode()).hex()[:16] for one in versions(purpose)
    }

    assert found == {key: value for key, value in SHOWN.items() if key[0] == purpose}


@given(decisions)
def test_any_history(said: list[tuple[int, bool, int]]) -> None:
    """Whatever somebody decides, the last word counts, of each day one entry is kept, and the history stays short and in order."""
    history: tuple[ConsentEntry, ...] = ()
    day, last = date(2026, 4, 1), (False, 0)
    for days, word, version in said:
        day += timedelta(days=days)
        history = decided(history, day, version, given=word)
        last = (word, version)
        assert decided(history, day, version, given=word) == history
    days_kept = [entry.day for entry in history]

    assert stands(history, 1) == last[0]
    assert stands(history, 2) == (last[0] and last[1] >= 2)
    assert (days_kept == sorted(set(days_kept), reverse=True), len(history) <= KEPT) == (True, True)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=12))
def test_a_clock_that_goes_back(steps: list[int]) -> None:
    """Days never run backwards in a history, whatever the host's clock says."""
    history: tuple[ConsentEntry, ...] = ()
    day = date(2026, 4, 1)
    for at, step in enumerate(steps):
        day += timedelta(days=step)
        history = decided(history, day, 1, given=at % 2 == 0)

    assert stands(history, 1) == (len(steps) % 2 == 1)
