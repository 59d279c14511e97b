"""Why an authority refuses."""

from chassis.problems import Problem
from windows import ProofRefused


def proof_refused() -> ProofRefused:
    """Return the refusal of a DPoP proof, with the header of RFC 9449."""
    return ProofRefused(headers={"WWW-Authenticate": 'DPoP error="invalid_dpop_proof", algs="ES256"'})


class _Unauthorized(Problem):
    """A member's call without a valid token; the header is RFC 9449's."""

    type = "unauthorized"
    title = "The call is not authorised"
    status = 401

    def __init__(self, **members: object) -> None:
        super().__init__(headers={"WWW-Authenticate": 'DPoP error="invalid_token", algs="ES256"'}, **members)


class TokenRefused(_Unauthorized):
    """The access token is missing, expired, of another issuer, or for another host."""

    type = "token-refused"
    title = "The access token is not accepted here"


class SessionEnded(_Unauthorized):
    """The session was ended."""

    type = "session-ended"
    title = "The session was ended"


class StatementRefused(Problem):
    """The statement is malformed, stale, or about another request."""

    type = "statement-refused"
    title = "The statement is not about this request"
    status = 400


class EvidenceRefused(Problem):
    """The evidence does not hold. ``reason`` is one of: token, verifier."""

    type = "evidence-refused"
    title = "The evidence is not accepted"
    status = 403


class EvidenceReplayed(Problem):
    """The evidence was used before."""

    type = "evidence-replayed"
    title = "This evidence was used before"
    status = 409


class TooManyTries(Problem):
    """The code was tried too often, whether it exists or not; again after the next seal or midnight (UTC)."""

    type = "too-many-tries"
    title = "This code was tried too often"
    status = 429


class AccessEnded(Problem):
    """The insurer's date for this member has come: nothing is released any more."""

    type = "access-ended"
    title = "Access has ended"
    status = 403


class ChangeRefused(Problem):
    """The change is malformed, or the statement is not about it."""

    type = "change-refused"
    title = "The change is not what the statement says"
    status = 400


class VerifierExists(Problem):
    """Another verifier has this id, or somebody has this verifier."""

    type = "verifier-exists"
    title = "This way to sign in is taken"
    status = 409


class VerifiersFull(Problem):
    """The member has as many verifiers as one may have. ``most`` says how many that is."""

    type = "verifiers-full"
    title = "There are too many ways to sign in"
    status = 409


class VerifierUnknown(Problem):
    """The member has no verifier of this id here."""

    type = "verifier-unknown"
    title = "There is no such way to sign in"
    status = 404


class LastVerifier(Problem):
    """Without this verifier the member could not sign in again; another one must be added, and confirmed, first."""

    type = "last-verifier"
    title = "The last way to sign in cannot be removed"
    status = 409


class NotARecovery(Problem):
    """The verifier is in effect; it can be removed, not cancelled."""

    type = "not-a-recovery"
    title = "This is no recovery that waits"
    status = 409


class ReleaseCap(Problem):
    """The member's releases are used up until the next seal or midnight (UTC)."""

    type = "release-cap"
    title = "There were too many releases"
    status = 429


class AlreadyReleasedInSession(Problem):
    """The session was released to on another statement."""

    type = "already-released-in-session"
    title = "This session was released to before"
    status = 409


class NotReleased(Problem):
    """The call needs a release in this session first."""

    type = "not-released"
    title = "Nothing was released to this session"
    status = 403


class VersionRefused(Problem):
    """The version does not follow the current one. ``current`` says which that is."""

    type = "version-refused"
    title = "The version does not fit the current one"
    status = 409


class ReceiptRefused(Problem):
    """The receipt is not the keyvault's for this session, version and bundle."""

    type = "receipt-refused"
    title = "The receipt does not hold"
    status = 400


class BundleUnknown(Problem):
    """At the keyvault: no such bundle is stored, or its version is neither the current nor the next one."""

    type = "bundle-unknown"
    title = "There is no such bundle"
    status = 404


class RootMissing(Problem):
    """The member's share is derived from a root that this process was not started with."""

    type = "root-missing"
    title = "The root of this share is not configured here"
    status = 503


class LogKeyRefused(Problem):
    """The log key is none that anything can be sealed to."""

    type = "log-key-refused"
    title = "The log key is not a key"
    status = 400


class LogEmpty(Problem):
    """Nothing was logged yet, or nothing that is signed yet."""

    type = "log-empty"
    title = "The log has no checkpoint yet"
    status = 404


class LogRange(Problem):
    """The log has no such size, leaf or checkpoint, or it is too much at once."""

    type = "log-range"
    title = "The log has nothing of that size"
    status = 400


class CheckpointRefused(Problem):
    """The note is malformed, of none of the other authorities, or not signed by whom it must be signed."""

    type = "checkpoint-refused"
    title = "The checkpoint is not accepted"
    status = 403


class WitnessElsewhere(Problem):
    """The log was cosigned here up to another size. ``size`` says which; a smaller checkpoint is not cosigned."""

    type = "witness-elsewhere"
    title = "The log was cosigned up to another size"
    status = 409


class LogForked(Problem):
    """The checkpoint does not begin with the one that was cosigned before: something in the log was changed."""

    type = "log-forked"
    title = "The log is not what it was"
    status = 409


class ElementsRefused(Problem):
    """The elements are not 1 to 256 group elements of 32 bytes."""

    type = "elements-refused"
    title = "The elements cannot be evaluated"
    status = 400


class PartsRefused(Problem):
    """Some parts of split seals were not sealed to this authority for this use, or belong to other ciphertexts."""

    type = "parts-refused"
    title = "The parts cannot be opened"
    status = 400


class AlreadyReleased(Problem):
    """Some references were released before and cannot be enrolled again. ``rows`` are their indexes; no row was stored."""

    type = "already-released"
    title = "Some references were released before"
    status = 409


class VerifierTaken(Problem):
    """Some verifiers belong to other references. ``rows`` are the indexes of the rows that have one; no row was stored."""

    type = "verifier-taken"
    title = "Some verifiers belong to other references"
    status = 409


class ReferenceUnknown(Problem):
    """Some references were never enrolled here. ``rows`` are their indexes; no row was stored."""

    type = "reference-unknown"
    title = "Some references are not enrolled"
    status = 404


class PairwiseRefused(Problem):
    """References of other hosts were sent where they must not be known. ``rows`` are the indexes; no row was stored."""

    type = "pairwise-refused"
    title = "References of other hosts are not accepted here"
    status = 400


class LogoutRefused(Problem):
    """The logout token does not hold (OpenID Connect Back-Channel Logout 1.0 section 2.6)."""

    type = "logout-refused"
    title = "The logout token is not accepted"
    status = 400
