"""Kinds of evidence, each a module of this folder with ``KIND`` and ``check``."""

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from chassis.database import Transaction
from protocol.messages.release import Evidence

from authority.evidence_context import EvidenceContext

Check = Callable[[Any, bytes, EvidenceContext, Transaction], Awaitable[bytes]]
"""Takes the evidence, the statement's hash, the context and a block of statements.

Returns the keyed hash of the verifier that it proves control of.

Raises EvidenceRefused.
"""


def _found() -> Mapping[str, Check]:
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    return {module.KIND: module.check for module in modules}


KINDS: Mapping[str, Check] = _found()


async def check(evidence: Evidence, h: bytes, context: EvidenceContext, tx: Transaction) -> bytes:
    """Return the keyed hash of the verifier that the evidence proves control of.

    Raises EvidenceRefused, TooManyTries, Unavailable.
    """
    return await KINDS[evidence.kind](evidence, h, context, tx)
