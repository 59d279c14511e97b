"""A member's session: what can be done while the keys are in memory."""

from protocol.archive import archive_key
from protocol.encoding import EncodingError
from protocol.messages.profiles import ProfileFields, PutWish, wish_info
from protocol.names import StoreName
from protocol.record import Profile
from protocol.signing import SigningKey

from ._challenges import DoesChallenges
from ._checkups import ReadsCheckups
from ._claims import ReadsClaims
from ._messages import ReadsMessages
from ._openings import SeesOpenings
from ._participation import TellsParticipation
from ._shopping import Shops
from ._walking import Walks
from .checkup_views import CheckupView, checkup_views, sex_of
from .errors import HostRefused, InputRefused


class MemberSession(DoesChallenges, ReadsCheckups, ReadsClaims, TellsParticipation, ReadsMessages, SeesOpenings, Walks, Shops):
    """Made by :meth:`warifu.Client.sign_in`; as an async context manager it logs off at the end.

    Keys are dropped at log-off, when the first authority ends the session or says that it is over, and after half an hour without
    a call; the authorities are told each time.
    """

    @property
    def profile(self) -> Profile:
        """The personal record as the insurer has it."""
        profile = self._keys().settled.profile
        if profile is None:
            raise HostRefused("identity", "no-record", 404)
        return profile

    @property
    def archive_key(self) -> SigningKey:
        """The key that signs what the member takes along (:func:`warifu.export`); no host has seen any half of it."""
        return archive_key(self._keys().settled.held.mailbox_seed)

    async def wish(
        self, *, postcode: str | None = None, address: str | None = None, telephone: str | None = None, email: str | None = None
    ) -> None:
        """Ask the insurer to change something of the record; only the insurer can read it.

        A newer wish replaces an older one. What becomes of it comes back as a part of the record at a later sign-in.
        """
        asked = {"postcode": postcode, "address": address, "telephone": telephone, "email": email}
        said = {name: value for name, value in asked.items() if value is not None}
        if not said:
            raise InputRefused("wish", "a wish names what is to be changed")
        opened = self._keys()
        info = wish_info(opened.settled.held.joined.parts["identity"].ref)
        try:
            sealed = ProfileFields(**said).seal(self._wire.deployment.insurer_key, info)
        except (EncodingError, ValueError):
            raise InputRefused("wish", "a wish is text, and not this long") from None
        await opened.authorities.call("identity", "PUT", "/profile/wish", PutWish(sealed=sealed))

    async def checkup_views(self) -> tuple[CheckupView, ...]:
        """Return all checkups, the newest first, with ranges, letters, changes and the results of the public rules.

        The sex is the personal record's, so what depends on it is only decided for who has one.
        """
        found = await self.checkups()
        details = {at: self.details(checkup) for at, checkup in enumerate(found.checkups)}
        return checkup_views(found, details, sex=sex_of(self.profile))

    async def refuse_mailbox_recovery(self, store: StoreName) -> None:
        """Refuse what :attr:`mailbox_recoveries` names of a store; where nothing waits, nothing changes.

        It needs no gesture: only who reads the mailbox can ask, and what is refused would take it from them.
        """
        await self._ask(store, "DELETE", "/me/recovery")
        self.mailbox_recoveries = {name: day for name, day in self.mailbox_recoveries.items() if name != store}
