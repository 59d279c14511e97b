"""The part of a session that reads checkups, and what they said before."""

from typing import Any

from protocol import strict_json
from protocol.encoding import EncodingError, lp, unpad
from protocol.messages import former_versions as stored
from protocol.messages.records import Checkup, Checkups
from protocol.sealing import OpenError

from ._lifetime import Lifetime
from ._wire import parse
from .errors import KeyMaterialRefused
from .history import FormerCheckup, former_checkups


class ReadsCheckups(Lifetime):
    """A session in which a member reads checkups."""

    async def checkups(self) -> Checkups:
        """Return all checkups, the newest first, with the code table entries they use."""
        return parse("anon-data", Checkups, await self._ask("anon-data", "GET", "/me/checkups"))

    async def former_checkups(self) -> tuple[FormerCheckup, ...]:
        """Return what checkups said before they were corrected, the newest checkup and its last version first."""
        found = parse("anon-data", stored.FormerCheckups, await self._ask("anon-data", "GET", "/me/former-checkups"))
        return former_checkups(found, await self.checkups(), self.details) if found.checkups else ()

    def details(self, checkup: Checkup) -> dict[str, Any]:
        """Open what the insurer sealed to this member's mailbox: institution, doctor, free text. Empty when there is nothing."""
        seed = self._keys().stores["anon-data"].seed
        if checkup.details is None:
            return {}
        info = lp("checkup-details", seed.token, checkup.exam_date.isoformat(), checkup.program)
        try:
            return strict_json.loads_object(unpad(seed.mailbox_key.open(checkup.details, info)))
        except (OpenError, EncodingError, strict_json.JsonRefused) as error:
            raise KeyMaterialRefused("anon-data", "details that do not open") from error
