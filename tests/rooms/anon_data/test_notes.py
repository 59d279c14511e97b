"""Notes: ciphertext that the store keeps beside a day."""

import secrets
from datetime import date, timedelta

import pytest
from protocol.messages.notes import NOTE_BYTES, NoteWrite, PutNotes
from support.store_host import NOW, Member, StoreHost, problem

TODAY = NOW.date()
Shown = tuple[list[tuple[int, int]], list[tuple[int, int]]]


def _note(seq: int = 1, ago: int = 0, *, sealed: bytes | None = bytes(NOTE_BYTES)) -> NoteWrite:
    return NoteWrite(day=TODAY - timedelta(days=ago), seq=seq, sealed=sealed)


async def _put(host: StoreHost, member: Member, *items: NoteWrite) -> list[str]:
    answer = await host.as_member(member, "PUT", "/me/notes", PutNotes(items=items))
    assert answer.status_code == 200, answer.text
    return [result["reason"] or result["result"] for result in answer.json()["results"]]


async def _read(host: StoreHost, member: Member) -> Shown:
    """Return days ago and counters of what is there and of what was deleted."""
    answer = await host.as_member(member, "GET", f"/me/notes?since=2020-01-01&until={TODAY}")
    assert answer.status_code == 200, answer.text
    said = answer.json()
    there, gone = (
        [((TODAY - date.fromisoformat(one["day"])).days, one["seq"]) for one in said[name]] for name in ("items", "deleted")
    )
    return there, gone


async def test_the_newest_of_a_day(host: StoreHost) -> None:
    """A correction replaces, a deletion stays, before and after the fold, whatever comes late."""
    member, other = await host.member(), await host.member()
    random = secrets.token_bytes(NOTE_BYTES)
    results = [await _put(host, member, _note(), _note(ago=1), _note(seq=2), _note(seq=2, sealed=random))]
    await host.seal()
    results.append(await _put(host, member, _note(seq=3, sealed=None), _note(seq=2), _note(seq=3, sealed=None)))
    before = await _read(host, member)
    await host.seal()
    results.append(await _put(host, member, _note(seq=2), _note(ago=1, seq=2, sealed=random)))

    assert results == [
        ["applied", "applied", "applied", "seq-reused"],
        ["applied", "stale", "unchanged"],
        ["stale", "applied"],
    ]
    assert before == ([(1, 1)], [(0, 3)])
    assert await _read(host, member) == ([(1, 2)], [(0, 3)])
    assert [row[0] for row in await host.rows("SELECT sealed FROM note ORDER BY day")] == [bytes(NOTE_BYTES), None]
    assert await _read(host, other) == ([], [])


async def test_days(host: StoreHost) -> None:
    """As far back as vitals; what is older may be deleted, and nothing remains of that."""
    member = await host.member()
    gone = _note(ago=1000, sealed=None)
    results = await _put(host, member, _note(ago=400), _note(ago=401), _note(ago=-1), gone)
    await host.seal()

    assert results == ["applied", "too-old", "future", "applied"]
    assert await _read(host, member) == ([(400, 1)], [])


@pytest.mark.parametrize("size", [NOTE_BYTES - 1, NOTE_BYTES + 1])
async def test_one_size(host: StoreHost, size: int) -> None:
    """A note of another size, which would say something about its text, is malformed."""
    member = await host.member()
    item = NoteWrite.model_construct(day=TODAY, seq=1, sealed=bytes(size))
    answer = await host.as_member(member, "PUT", "/me/notes", PutNotes.model_construct(items=(item,)))

    assert problem(answer) == (422, "malformed")


async def test_a_month_at_once_stays_inside_its_rows(host: StoreHost) -> None:
    """The largest request is taken, and nothing of a note is moved out of its row."""
    member = await host.member()
    month = [_note(ago=ago, sealed=secrets.token_bytes(NOTE_BYTES)) for ago in range(31)]
    results = await _put(host, member, *month)
    await host.seal()
    outside = await host.rows(
        "SELECT t.relname, pg_relation_size(t.reltoastrelid) FROM pg_class t"
        " WHERE t.relname IN ('note', 'note_inbox') AND t.reltoastrelid <> 0 AND pg_relation_size(t.reltoastrelid) > 0"
    )

    assert (set(results), outside) == ({"applied"}, [])
