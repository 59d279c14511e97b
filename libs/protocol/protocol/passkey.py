"""Passkeys (Web Authentication Level 3) as hosts check them. Needs the package's extra ``passkeys``."""

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import verify_authentication_response
from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticationCredential, AuthenticatorAssertionResponse

from .deployment import Portal
from .encoding import b64u
from .messages.release import PasskeyEvidence
from .strict_json import loads_object

_NO_COUNTER = 0
"""Signature counters are not kept: synchronised passkeys have none, and a row that changes with each sign-in is a history."""


class AssertionRefused(Exception):
    """An assertion is malformed, for something else, by another key, or without its user verified."""


def check(evidence: PasskeyEvidence, h: bytes, portal: Portal, public_key: bytes) -> None:
    """Raise :class:`AssertionRefused` unless the key's authenticator verified its user, on the portal's own page, for ``h``."""
    credential = AuthenticationCredential(
        id=b64u(evidence.credential_id),
        raw_id=evidence.credential_id,
        response=AuthenticatorAssertionResponse(
            client_data_json=evidence.client_data,
            authenticator_data=evidence.authenticator_data,
            signature=evidence.signature,
        ),
    )
    try:
        if loads_object(evidence.client_data).get("crossOrigin", False) is not False:
            raise AssertionRefused("made in a page within another's")
        verify_authentication_response(
            credential=credential,
            expected_challenge=h,
            expected_rp_id=portal.rp_id,
            expected_origin=portal.origin,
            credential_public_key=public_key,
            credential_current_sign_count=_NO_COUNTER,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        raise AssertionRefused("an assertion does not verify") from None


def is_passkey_key(cose_key: bytes) -> bool:
    """Return whether these bytes are a COSE_Key (RFC 9052 section 7) of a kind that assertions are verified with.

    One parse decides, so that a key that can never verify is not stored.
    """
    try:
        decoded_public_key_to_cryptography(decode_credential_public_key(cose_key))
    except (WebAuthnException, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        return False
    return True
