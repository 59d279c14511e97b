"""Guesses the PINs of cards from what authorities keep of them: hashes of handles and public keys, without any code."""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256

from protocol.derive import hkdf
from protocol.encoding import lp
from protocol.names import AUTHORITIES
from protocol.signing import SigningKey

from drill.attack import AtRest
from drill.criteria import Outcome, exact
from drill.seizure import HostCopy, Row, Seizure, Table
from drill.truth import Truth
from drill.ways import PIN

_PINS = ("00000000", "12345678", PIN, "password")
"""The attacker's list, with the right one in it."""


def _seeds(known: bytes, host: str) -> Iterator[bytes]:
    """Yield the seeds of keys that a careless design would make of a PIN and something that lies beside it."""
    for pin in _PINS:
        for text in (known + pin.encode(), pin.encode() + known):
            yield sha256(text).digest()
            yield hkdf(text, lp("code-key", host))
    if known:
        yield hkdf(known, lp("code-key", host))


def _guessed(table: Table, row: Row, host: str) -> bool:
    values = dict(zip(table.columns, row.values, strict=True))
    beside = [b"", *(value for value in row.values if isinstance(value, bytes)), *((bytes(16), values["public_key"][:16]))]
    return any(SigningKey(seed).public_bytes == values["public_key"] for known in beside for seed in _seeds(known, host))


def _cards(copy: HostCopy) -> list[tuple[Table, Row]]:
    table = copy.tables.get("verifier")
    return [] if table is None else [(table, row) for row in table.rows if "card" in row.values]


def _found(copy: HostCopy) -> int:
    return sum(_guessed(table, row, copy.host) for table, row in _cards(copy))


def _run(seizure: Seizure, truth: Truth) -> Outcome:  # noqa: ARG001 - attacks are called alike
    held = [copy for host, copy in seizure.hosts.items() if host in AUTHORITIES]
    found = sum(copy.once("pin-at-rest", partial(_found, copy)) for copy in held)
    return exact(found, sum(len(_cards(copy)) for copy in held), "cards' PINs or codes guessed")


ATTACK = AtRest(
    "pin-at-rest",
    "Tries a list of PINs against the public keys of cards, with everything that lies beside them in the place of the code.",
    _run,
)
