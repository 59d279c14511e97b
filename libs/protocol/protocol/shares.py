"""The three shares of a member key, and what is derived when they meet."""

from collections.abc import Mapping

from .derive import hkdf
from .encoding import lp
from .names import AUTHORITIES, AuthorityName
from .roots import Root, expand

REF_BYTES = 16
SALT_BYTES = 32


def share(root: Root, salt: bytes, host: AuthorityName, ref: bytes, version: int) -> bytes:
    """Return this authority's 32-byte share of one member and key version.

    Only ``salt`` is stored: deleting it shreds the member at this authority even though the root lives on.
    """
    return expand(root, lp("share", host, ref, version, salt))


def member_key(shares: Mapping[AuthorityName, bytes], version: int) -> bytes:
    """Return the member key of one version; all three shares are needed."""
    return hkdf(b"".join(shares[host] for host in AUTHORITIES), lp("member-key", version))


def first_record_key(member_key: bytes) -> bytes:
    """Return the AES-256 key of the personal record in version 0, from the member key of version 0.

    The registrar stores record and bundle at two hosts, one after the other, and may do so again while the member was never
    released. Because the key follows from the shares, any mix of an older and a newer one opens. Later versions take the key
    over in their bundles.
    """
    return hkdf(member_key, lp("record-key"))
