"""The ways in that one authority keeps of the one member, and the check of every kind of evidence."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from joserfc.jwk import ECKey
from protocol.code import Code, verify_code
from protocol.deployment import Deployment
from protocol.encoding import b64u
from protocol.jose import TokenRefused, verify
from protocol.messages.release import CodeEvidence, Evidence, OidcEvidence, PasskeyEvidence
from protocol.messages.verifiers import Addition, CardVerifier, PasskeyVerifier, Verifier, VerifierKind
from protocol.names import AuthorityName
from protocol.oidc_evidence import check_claims
from protocol.signing import SignatureRefused
from webauthn import verify_authentication_response
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticationCredential, AuthenticatorAssertionResponse

from .http import Refused

SUBJECT = b"E000001"


@dataclass(frozen=True)
class Kept:
    """One way in."""

    id: bytes
    kind: VerifierKind
    found_by: bytes
    """Subject, handle or credential id."""
    public_key: bytes = b""
    label: bytes | None = None
    confirmed: bool = True
    not_before: int | None = None
    expires: int | None = None
    guardian_until: int | None = None

    def valid(self, now: int) -> bool:
        """Whether it signs in now."""
        return (self.not_before or 0) <= now < min(self.expires or 2**53, self.guardian_until or 2**53)

    def shown(self) -> Verifier:
        """As its member sees it."""
        return Verifier(
            id=self.id,
            kind=self.kind,
            confirmed=self.confirmed,
            label=self.label,
            not_before=self.not_before,
            expires=self.expires,
            guardian_until=self.guardian_until,
        )

    @classmethod
    def letter(cls, code: Code, host: AuthorityName, verifier_id: bytes, **facts: int | None) -> "Kept":
        """A letter as this authority is told of it."""
        keys = code.keys(host)
        return replace(cls(verifier_id, "letter", keys.handle, keys.public_bytes), **facts)  # type: ignore[arg-type]

    @classmethod
    def added(cls, addition: Addition) -> "Kept":
        """What a member adds."""
        match addition.verifier:
            case PasskeyVerifier(credential_id=found_by, public_key=key) | CardVerifier(handle=found_by, public_key=key):
                return cls(addition.id, addition.verifier.kind, found_by, key, addition.label, confirmed=False)


class Keeper:
    """The list, and what proves control of a line of it."""

    def __init__(self, deployment: Deployment, provider_key: ECKey, clock: Callable[[], int], subject_id: bytes) -> None:
        self.kept: dict[bytes, Kept] = {subject_id: Kept(subject_id, "oidc", SUBJECT)}
        self._deployment = deployment
        self._provider_key = provider_key
        self._clock = clock

    def proved(self, evidence: Evidence, h: bytes) -> Kept:
        """Return the way in that the evidence proves control of."""
        now = self._clock()
        match evidence:
            case OidcEvidence():
                try:
                    claims = verify(evidence.id_token, self._provider_key, None)
                    check_claims(claims, self._deployment.group_idps[0], h, now)
                except TokenRefused as error:
                    raise Refused(403, "evidence-refused") from error
                found = self._find(SUBJECT)
            case CodeEvidence():
                found = self._find(evidence.handle)
                try:
                    verify_code(found.public_key, evidence.signature, h)
                except SignatureRefused as error:
                    raise Refused(403, "evidence-refused") from error
            case PasskeyEvidence():
                found = self._find(evidence.credential_id)
                self._check_passkey(evidence, found, h)
        if not found.valid(now):
            raise Refused(403, "evidence-refused")
        return found

    def add(self, addition: Addition) -> bool:
        """Keep what a member adds; False when it is there."""
        new = Kept.added(addition)
        known = self.kept.get(addition.id)
        if known is not None and known.found_by != new.found_by:
            raise Refused(409, "verifier-exists")
        if known is None:
            self.kept[addition.id] = new
        return known is None

    def remove(self, verifier_id: bytes) -> None:
        """Forget a way in, unless it is the last."""
        now = self._clock()
        others = [one for one in self.kept.values() if one.id != verifier_id]
        if not any(one.kind != "letter" and one.confirmed and one.valid(now) for one in others):
            raise Refused(409, "last-verifier")
        del self.kept[verifier_id]

    def confirm(self, verifier_id: bytes) -> None:
        """Count a way in, and use letters up."""
        if verifier_id not in self.kept:
            raise Refused(404, "verifier-unknown")
        self.kept[verifier_id] = replace(self.kept[verifier_id], confirmed=True)
        now = self._clock()
        for letter in [one.id for one in self.kept.values() if one.kind == "letter" and one.valid(now)]:
            del self.kept[letter]

    def _find(self, found_by: bytes) -> Kept:
        found = next((one for one in self.kept.values() if one.found_by == found_by), None)
        if found is None:
            raise Refused(403, "evidence-refused")
        return found

    def _check_passkey(self, evidence: PasskeyEvidence, kept: Kept, h: bytes) -> None:
        portal = self._deployment.portal
        assert portal is not None
        response = AuthenticatorAssertionResponse(evidence.client_data, evidence.authenticator_data, evidence.signature)
        try:
            verify_authentication_response(
                credential=AuthenticationCredential(b64u(evidence.credential_id), evidence.credential_id, response),
                expected_challenge=h,
                expected_rp_id=portal.rp_id,
                expected_origin=portal.origin,
                credential_public_key=kept.public_key,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        except WebAuthnException as error:
            raise Refused(403, "evidence-refused") from error
