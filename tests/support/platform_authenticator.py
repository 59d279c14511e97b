"""A phone's passkeys as the members' SDK asks for them."""

from collections.abc import Sequence

from support.software_authenticator import SoftwareAuthenticator
from warifu import Assertion, Credential


class PlatformAuthenticator(SoftwareAuthenticator):
    """A software authenticator behind ``warifu.Authenticator``; of several credentials its user takes the newest allowed."""

    async def create(self, rp_id: str, origin: str, *, challenge: bytes, user_handle: bytes, name: str) -> Credential:
        """Make a credential in the place of the one that has this user handle (Web Authentication Level 3, 6.3.2)."""
        assert (len(challenge), len(user_handle) <= 64, bool(name), origin.startswith("http")) == (32, True, True, True)
        for known in [found for found, (rp, handle, _) in self.credentials.items() if (rp, handle) == (rp_id, user_handle)]:
            del self.credentials[known]
        made = self.credential(rp_id, user_handle)
        return Credential(made.credential_id, made.public_key)

    async def get(self, rp_id: str, origin: str, *, challenge: bytes, allow: Sequence[bytes]) -> Assertion:
        """Sign a challenge."""
        chosen = next((known for known in reversed(self.credentials) if known in allow), None)
        made = self.assertion(rp_id, origin, challenge, chosen)
        return Assertion(made.credential_id, made.authenticator_data, made.client_data, made.signature)
