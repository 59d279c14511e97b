"""A member reads, gives and withdraws consents."""

from datetime import date

from chassis.database import Database, Transaction
from mailboxes.readers import Reader, Token
from protocol.messages.consents import CONSENT_PURPOSES, ConsentPurpose, Consents, ConsentState, ConsentTexts, PutConsent

from anon_data.consent_history import decided, stands
from anon_data.consent_texts import texts
from anon_data.errors import ConsentText
from anon_data.store import consents, household_views, participation, portal_weeks


def read_texts() -> ConsentTexts:
    """Return what members are asked, in its newest version."""
    return ConsentTexts(texts=tuple(texts()[purpose] for purpose in CONSENT_PURPOSES))


async def read_consents(db: Database, reader: Reader) -> Consents:
    """Return what was decided about every purpose."""
    async with db.statements("read-consents") as tx:
        return await _consents(tx, await reader.for_reading(tx))


async def put_consent(db: Database, reader: Reader, purpose: ConsentPurpose, asked: PutConsent, today: date) -> Consents:
    """Take a decision down, and end what is no longer agreed to; raises ConsentText for any text but the newest."""
    if asked.given and asked.version != texts()[purpose].version:
        raise ConsentText(version=texts()[purpose].version)
    async with db.transaction("put-consent") as tx:
        token = await reader.for_writing(tx)
        history = (await consents.histories(tx, token)).get(purpose, ())
        after = decided(history, today, asked.version, given=asked.given)
        if after != history:
            await consents.put(tx, token, purpose, after)
        if not asked.given:
            await _end(tx, token, purpose)
        return await _consents(tx, token)


async def _end(tx: Transaction, token: Token, purpose: ConsentPurpose) -> None:
    """Delete what was kept under a consent alone."""
    match purpose:
        case "household":
            await household_views.end_all(tx, token)
        case "portal-use":
            await portal_weeks.forget(tx, token)
        case "analysis":
            await participation.forget(tx, token)
        case "messages":
            # Nothing is kept for these: whoever follows them asks for the consent each time.
            pass


async def _consents(tx: Transaction, token: Token) -> Consents:
    histories = await consents.histories(tx, token)

    def state(purpose: ConsentPurpose) -> ConsentState:
        history = histories.get(purpose, ())
        return ConsentState(purpose=purpose, standing=stands(history, texts()[purpose].counts_from), history=history)

    return Consents(consents=tuple(state(purpose) for purpose in CONSENT_PURPOSES))
