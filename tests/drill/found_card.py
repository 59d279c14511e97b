"""The floor of a card: whoever finds it and seizes one authority guesses its PIN there, as fast as they can stretch."""

from collections.abc import Sequence

from authority.evidence_context import code_hash
from protocol.authority_keys import AuthorityKeys
from protocol.code import Code
from protocol.names import AuthorityName

from drill.floor import Floor
from drill.seizure import Seizure
from drill.truth import Truth
from drill.ways import PIN

_PINS = ("00000000", PIN)
"""A list of guesses; each costs 600,000 rounds of HMAC."""


def one_card(truth: Truth) -> Code:
    """Return the card of somebody who was careless."""
    return next(person.ways.card for person in truth.persons if person.ways.card is not None)


def guessed_pin(seizure: Seizure, host: AuthorityName, card: Code, pins: Sequence[str] = _PINS) -> str | None:
    """Return a card's PIN when it is on the list and the authority keeps the card."""
    key = AuthorityKeys(host, Floor(seizure).root(host), bytes(32)).verifier_key
    table = seizure[host].tables["verifier"]
    rows = [dict(zip(table.columns, row.values, strict=True)) for row in table.rows]
    kept = {row["hash"]: row["public_key"] for row in rows}
    public = kept.get(code_hash(key, card.keys(host).handle))
    return next((pin for pin in pins if public is not None and card.keys(host, pin).public_bytes == public), None)
