"""A member lets somebody else read some of their records, and whoever holds code and PIN reads them."""

from datetime import date, timedelta

from chassis.database import Database, Transaction
from chassis.once import Once
from mailboxes.readers import Reader, Token, spend
from mailboxes.store import reader_keys
from protocol.messages.consents import ConsentPurpose
from protocol.messages.households import GiveView, Shown, ViewGiven, ViewsGiven
from protocol.messages.medical_claims import Costs
from protocol.proof import Proof

from anon_data.code_table import KnownCodes
from anon_data.consent_history import stands
from anon_data.consent_texts import texts
from anon_data.errors import ConsentMissing, ViewDiffers, ViewRefused, ViewUnknown
from anon_data.rendering import checkups_json
from anon_data.store import checkups, consents, household_views, medical_claims
from anon_data.use_cases.read_medical_claims import costs_of

MOST_VIEWS = 8
MOST_DAYS = 400
_PURPOSE: ConsentPurpose = "household"


async def give_view(db: Database, reader: Reader, asked: GiveView, today: date) -> bool:
    """Let a key read until a day; False where it did before. Raises ConsentMissing, ViewRefused or ViewDiffers."""
    if not today <= asked.until <= today + timedelta(days=MOST_DAYS):
        raise ViewRefused(reason="until", most_days=MOST_DAYS)
    if tuple(sorted(set(asked.shows))) != asked.shows:
        raise ViewRefused(reason="order")
    async with db.transaction("give-view") as tx:
        token = await reader.for_writing(tx)
        history = (await consents.histories(tx, token)).get(_PURPOSE, ())
        if not stands(history, texts()[_PURPOSE].counts_from):
            raise ConsentMissing(purpose=_PURPOSE)
        views = [one for one, _ in await household_views.of_token(tx, token, today)]
        if known := next((one for one in views if one.handle == asked.handle), None):
            if (known.jkt, known.shows, known.until) != (asked.jkt, asked.shows, asked.until):
                raise ViewDiffers
            return False
        if len(views) >= MOST_VIEWS:
            raise ViewRefused(reason="too-many")
        if not await household_views.give(tx, token, reader.proof.jkt, asked):
            raise ViewDiffers
    return True


async def read_views(db: Database, reader: Reader, today: date) -> ViewsGiven:
    """Return the views that a member gave."""
    async with db.statements("read-views") as tx:
        views = await household_views.of_token(tx, await reader.for_reading(tx), today)
    return ViewsGiven(
        views=tuple(ViewGiven(handle=one.handle, shows=one.shows, until=one.until, reads=reads) for one, reads in views)
    )


async def end_view(db: Database, reader: Reader, handle: bytes) -> None:
    """End a view; where there is none, nothing changes."""
    async with db.transaction("end-view") as tx:
        await household_views.end(tx, await reader.for_writing(tx), handle)


async def view_checkups(db: Database, known_codes: KnownCodes, once: Once, proof: Proof, today: date) -> bytes:
    """Return the checkups that a view shows, as JSON, without their sealed details."""
    async with db.transaction("view-checkups") as tx:
        shown = await _shown(tx, once, proof, "checkups", today)
        rows = await checkups.of_token(tx, shown) if shown else []
        codes = await known_codes.at(tx, rows[0]["generation"] if rows else 0)
    if shown is None:
        raise ViewUnknown
    return checkups_json(rows, codes, details=False)


async def view_costs(db: Database, once: Once, proof: Proof, since: date, until: date, today: date) -> Costs:
    """Return what the claims of these months come to, where a view shows costs: neither institutions nor diagnoses nor drugs."""
    async with db.transaction("view-costs") as tx:
        shown = await _shown(tx, once, proof, "costs", today)
        rows = await medical_claims.costs(tx, shown, since, until) if shown else []
    if shown is None:
        raise ViewUnknown
    return costs_of(rows)


async def _shown(tx: Transaction, once: Once, proof: Proof, asked: Shown, today: date) -> Token | None:
    """Return whose records the key of this proof may read, or None: then a wrong PIN was counted, which must be committed.

    Tries of one handle wait for each other, so that ten are ten, many at once or not.
    """
    await reader_keys.hold(tx, proof.subject)
    view = await household_views.of_handle(tx, proof.subject, today)
    if view is None:
        return None
    if view.jkt != proof.jkt:
        await household_views.count_wrong(tx, view.handle)
        return None
    if asked not in view.shows:
        return None
    await spend(once, tx, proof)
    await household_views.forget_wrong(tx, view.handle)
    # The right to read comes from the view's key instead of the reader key.
    return Token(view.token)
