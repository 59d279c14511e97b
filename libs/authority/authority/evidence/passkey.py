"""Evidence of kind ``passkey``: a WebAuthn assertion made on the portal's origin, with the statement's hash as challenge."""

from protocol.encoding import b64u
from protocol.messages.release import PasskeyEvidence
from protocol.strict_json import JsonRefused, loads_object
from webauthn import verify_authentication_response
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticationCredential, AuthenticatorAssertionResponse

from authority.errors import EvidenceRefused
from authority.evidence_context import EvidenceContext, passkey_hash

KIND = "passkey"
_NO_COUNTER = 0
"""Signature counters are not kept: synchronised passkeys have none, and a row that changes with each sign-in is a history."""


async def check(evidence: PasskeyEvidence, h: bytes, context: EvidenceContext) -> bytes:
    """Return the keyed hash of the credential whose authenticator verified its user for this statement."""
    portal = context.deployment.portal
    verifier = passkey_hash(context.verifier_key, evidence.credential_id)
    known = await context.key(verifier)
    if portal is None or known is None or known.public_key is None:
        raise EvidenceRefused(reason="verifier")
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
            raise EvidenceRefused(reason="token")
        verify_authentication_response(
            credential=credential,
            expected_challenge=h,
            expected_rp_id=portal.rp_id,
            expected_origin=portal.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=_NO_COUNTER,
            require_user_verification=True,
        )
    except (WebAuthnException, JsonRefused, ValueError):
        raise EvidenceRefused(reason="token") from None
    return verifier
