"""The part that an authority gives to a session."""

from protocol.release import Part, SealedPart, VersionedShare

from authority.extras import PartExtras
from authority.session import Session
from authority.start import Authority
from authority.store.accounts import Salts


def sealed_part(
    authority: Authority, session: Session, salts: Salts, extras: PartExtras, *, session_key: bytes, expires: int
) -> SealedPart:
    """Derive the shares of the current and the pending version, seal them to the session's key, and sign."""
    versions = [version for version in (salts.current, salts.pending) if version is not None]
    shares = tuple(VersionedShare(v=v, share=authority.keys.share(salts.by_version[v], session.ref, v)) for v in versions)
    return SealedPart.make(
        Part(shares=shares, **extras),
        host=authority.host,
        ref=session.ref,
        sid=session.sid,
        v=salts.current,
        exp=expires,
        jkt=session.jkt,
        session_public=session_key,
        signing=authority.keys.signing,
    )
