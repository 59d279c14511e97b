"""The gateway's access tokens (RFC 9068): pairwise subject, one audience, bound to a DPoP key."""

from dataclasses import dataclass

from joserfc.jwk import ECKey, KeySet

from .encoding import EncodingError, b64u, unb64u
from .jose import TokenRefused, sign, thumbprint, verify

TYP = "at+jwt"
LIFETIME = 300


@dataclass(frozen=True)
class AccessToken:
    """What one authority learns of a session: a reference and a session id that mean nothing elsewhere."""

    issuer: str
    audience: str
    """Origin of the one host that may accept it."""
    ref: bytes
    """``ref_X`` of that host, 16 bytes."""
    sid: bytes
    """Pairwise session id, 16 bytes."""
    jkt: bytes
    """Thumbprint of the DPoP key, 32 bytes."""
    client_id: str
    issued_at: int
    expires_at: int

    def encode(self, key: ECKey, jti: str) -> str:
        """Return the signed token."""
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": b64u(self.ref),
            "sid": b64u(self.sid),
            "client_id": self.client_id,
            "iat": self.issued_at,
            "exp": self.expires_at,
            "jti": jti,
            "cnf": {"jkt": b64u(self.jkt)},
        }
        return sign(TYP, claims, key, kid=b64u(thumbprint(key)))

    @classmethod
    def decode(cls, token: str, keys: KeySet, issuer: str, audience: str, now: int) -> "AccessToken":
        """Verify a token for ``audience``, or raise ``TokenRefused``."""
        return cls.from_claims(verify(token, keys, TYP), issuer, audience, now)

    @classmethod
    def from_claims(cls, claims: dict[str, object], issuer: str, audience: str, now: int) -> "AccessToken":
        """Check the claims of a token whose signature was verified, or whose holder is the client it was issued to."""
        if claims.get("iss") != issuer:
            raise TokenRefused("an access token of another issuer")
        if claims.get("aud") != audience:
            raise TokenRefused("an access token for another audience")
        exp, iat, cnf = claims.get("exp"), claims.get("iat"), claims.get("cnf")
        if not isinstance(exp, int) or not isinstance(iat, int) or exp <= now:
            raise TokenRefused("an expired access token")
        try:
            return cls(
                issuer,
                audience,
                unb64u(str(claims.get("sub")), 16),
                unb64u(str(claims.get("sid")), 16),
                unb64u(str(cnf.get("jkt") if isinstance(cnf, dict) else None), 32),
                str(claims.get("client_id")),
                iat,
                exp,
            )
        except EncodingError as error:
            raise TokenRefused("a malformed access token") from error
