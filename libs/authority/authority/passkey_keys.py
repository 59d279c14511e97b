"""Which public keys of passkeys are accepted: one parse decides, so that a key that can never verify is not stored."""

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn.helpers import decode_credential_public_key, decoded_public_key_to_cryptography
from webauthn.helpers.exceptions import WebAuthnException


def is_passkey_key(cose_key: bytes) -> bool:
    """Return whether these bytes are a COSE_Key (RFC 9052 section 7) of a kind that assertions are verified with."""
    try:
        decoded_public_key_to_cryptography(decode_credential_public_key(cose_key))
    except (WebAuthnException, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        return False
    return True
