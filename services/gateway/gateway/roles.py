"""Roles of staff, from what the group's provider says: by explicit rules, and none where anything cannot be read."""

from collections.abc import Iterable

from protocol.staff import Role
from pydantic import BaseModel, ConfigDict, Field

from gateway.upstream import SignedIn


class RoleRule(BaseModel):
    """Whoever has this value in this claim of this issuer, such as a group's id, is in this role."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str
    claim: str = Field(min_length=1)
    value: str = Field(min_length=1)
    """Compared as it is: byte for byte, and as a whole."""
    role: Role


def roles_of(rules: Iterable[RoleRule], signed_in: SignedIn) -> tuple[Role, ...]:
    """Return the roles of somebody who signed in, in order; none where no rule holds.

    Raises ClaimsElsewhere or ProviderRefused where one of the rules' claims cannot be read: then nobody knows all of what is said,
    so nothing counts.
    """
    ours = [rule for rule in rules if rule.issuer == signed_in.issuer]
    said = {claim: signed_in.claims.texts(claim) for claim in {rule.claim for rule in ours}}
    return tuple(sorted({rule.role for rule in ours if rule.value in said[rule.claim]}))
