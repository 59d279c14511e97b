"""A statement together with the proof of it, as each authority is shown it."""

from collections.abc import Mapping
from dataclasses import dataclass

from protocol.messages.release import CodeEvidence, OidcEvidence, PasskeyEvidence
from protocol.names import AuthorityName
from protocol.statement import Statement

Proof = OidcEvidence | PasskeyEvidence | CodeEvidence

_MARGIN_SECONDS = 30
"""Time to spare for three requests."""


@dataclass(frozen=True, repr=False)
class Evidence:
    """A statement and what proves it."""

    statement: Statement
    proofs: Mapping[AuthorityName, Proof]
    good_until: int
    """Seconds since 1970: from then on no authority accepts it."""

    def fresh(self, now: int) -> bool:
        """Tell whether authorities will still accept it."""
        return now < self.good_until - _MARGIN_SECONDS
