"""The part that an authority gives to a session."""

from protocol.authority_keys import RootUnknown
from protocol.release import Part, SealedPart, VersionedShare

from authority.errors import RootMissing
from authority.extras import PartExtras
from authority.session import Session
from authority.start import Authority
from authority.store.accounts import Salt, Salts


async def sealed_part(
    authority: Authority, session: Session, salts: Salts, extras: PartExtras, *, session_key: bytes, expires: int
) -> SealedPart:
    """Derive the shares of the current and the pending version, seal them to the session's key, and sign."""
    versions = [version for version in (salts.current, salts.pending) if version is not None]
    renew = salts.by_version[salts.current].root < authority.keys.newest

    def part() -> SealedPart:
        shares = tuple(VersionedShare(v=v, share=share_of(authority, salts.by_version[v], session.ref, v)) for v in versions)
        return SealedPart.make(
            Part(shares=shares, renew=renew, **extras),
            host=authority.host,
            ref=session.ref,
            sid=session.sid,
            v=salts.current,
            exp=expires,
            jkt=session.jkt,
            session_public=session_key,
            signing=authority.keys.signing,
        )

    return await authority.with_keys(part)


def share_of(authority: Authority, salt: Salt, ref: bytes, version: int) -> bytes:
    """Return a share of the root that the salt is for; raises RootMissing where that root came or went while this host ran."""
    try:
        return authority.keys.share(salt.value, ref, version, salt.root)
    except RootUnknown:
        raise RootMissing from None
