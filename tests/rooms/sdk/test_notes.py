"""Notes that only the member reads."""

from datetime import date

import pytest
import warifu
from protocol.messages.notes import NOTE_BYTES
from rooms.sdk.conftest import SignIn
from rooms.sdk.model.world import World

DAY, NEXT = date(2026, 4, 1), date(2026, 4, 2)


async def test_another_device_reads_corrects_and_deletes(world: World, sign_in: SignIn) -> None:
    """The key follows from the bundle, outlives a change of keys, and what the store has says nothing."""
    first, kept = await sign_in(), world.stores["anon-data"].mailbox.notes
    await first.put_note(DAY, "頭が痛い")
    await first.put_note(NEXT, "よくなった")
    sealed = kept[DAY].sealed or b""
    await first.change_keys()
    second = await sign_in()
    read = await second.notes(DAY, NEXT)
    corrected = await second.put_note(DAY, "頭が少し痛い")
    deleted = await second.put_note(NEXT, None)
    left = await first.notes(DAY, NEXT)
    again = await first.put_note(NEXT, "また書く")

    assert read == (warifu.Note(DAY, "頭が痛い"), warifu.Note(NEXT, "よくなった"))
    assert [one.result for one in (corrected, deleted, again)] == ["applied"] * 3
    assert left == (warifu.Note(DAY, "頭が少し痛い"),)
    assert (len(sealed), "頭".encode() in sealed) == (NOTE_BYTES, False)


async def test_a_store_that_moves_a_note_is_an_alarm(world: World, sign_in: SignIn) -> None:
    """A note shown for another day, or an old one under a newer counter, does not open."""
    session, kept = await sign_in(), world.stores["anon-data"].mailbox.notes
    await session.put_note(DAY, "頭が痛い")
    note = kept[DAY]
    for changed in (note.model_copy(update={"day": NEXT}), note.model_copy(update={"seq": note.seq + 1})):
        kept.clear()
        kept[changed.day] = changed
        with pytest.raises(warifu.KeyMaterialRefused) as caught:
            await session.notes(DAY, NEXT)
        assert caught.value.reason == "a note that does not open"


@pytest.mark.parametrize("text", ["", "  ", "長" * 600, "\ud800"])
async def test_what_is_no_note_is_not_sent(world: World, sign_in: SignIn, text: str) -> None:
    """Nothing is written, and the error does not repeat what was typed."""
    session = await sign_in()
    with pytest.raises(warifu.InputRefused) as caught:
        await session.put_note(DAY, text)

    assert (caught.value.fault, world.stores["anon-data"].mailbox.notes) == ("note", {})
    assert "長" not in str(caught.value)
