"""The one person whom this host may speak of: invented, for tests of conformance. Of members it knows no name and no address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.config import ConfigError

_PROFILE = (
    *("name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture"),
    *("website", "gender", "birthdate", "zoneinfo", "locale", "updated_at"),
)
SCOPES: Mapping[str, tuple[str, ...]] = {
    "profile": _PROFILE,
    "email": ("email", "email_verified"),
    "address": ("address",),
    "phone": ("phone_number", "phone_number_verified"),
}
"""What scopes ask for (OpenID Connect Core 1.0 section 5.4)."""


@dataclass(frozen=True)
class SyntheticPerson:
    """An invented member and their invented claims."""

    ref: bytes
    claims: Mapping[str, Any]

    @classmethod
    def read(cls, ref: bytes, file: Path) -> "SyntheticPerson":
        """Read a JSON object of standard claims; raises ConfigError."""
        try:
            claims = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise ConfigError(f"{file}: should be a JSON object of standard claims") from None
        known = {name for names in SCOPES.values() for name in names}
        if not isinstance(claims, dict) or not claims.keys() <= known:
            raise ConfigError(f"{file}: should be a JSON object of standard claims")
        return cls(ref, claims)

    def told(self, scope: str) -> dict[str, object]:
        """Return the claims that a scope asks for."""
        wanted = {name for part in scope.split(" ") for name in SCOPES.get(part, ())}
        return {name: value for name, value in self.claims.items() if name in wanted}
