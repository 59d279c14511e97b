"""The personal record: opened, brought up to what the insurer has said since, and sealed anew."""

from protocol.encoding import EncodingError, sha256
from protocol.messages.profiles import ProfileFields, PutRecord, update_info
from protocol.record import Profile, open_profile, seal_profile
from protocol.sealing import OpenError

from ._authorities import Authorities
from ._parts import Opened
from ._rotation import Held
from .errors import HostRefused, HostUnavailable, KeyMaterialRefused


async def take_in(authorities: Authorities, held: Held) -> Profile | None:
    """Return the record with all updates in it, and let identity store it so.

    Where another device was faster, or identity fails, the record stays as it is there: the next login does it again.
    """
    identity = held.joined.parts["identity"]
    stored = identity.part.record
    if stored is None:
        return None
    try:
        profile = open_profile(stored.record, held.bundle.record_key, identity.ref, stored.version)
    except OpenError as error:
        raise KeyMaterialRefused("identity", "a record that does not open") from error
    if not identity.part.updates:
        return profile
    profile = _updated(profile, held, identity)
    await _store(authorities, held, profile)
    return profile


def _updated(profile: Profile, held: Held, identity: Opened) -> Profile:
    """Put the updates in, in their order."""
    key, info = held.bundle.seed("anon-data").mailbox_key, update_info(identity.ref)
    for sealed in identity.part.updates:
        try:
            said = ProfileFields.open(sealed, key, info)
        except OpenError as error:
            raise KeyMaterialRefused("identity", "an update that does not open") from error
        profile = profile.model_copy(update=said.model_dump(exclude_none=True))
    return profile


async def _store(authorities: Authorities, held: Held, profile: Profile) -> None:
    identity = held.joined.parts["identity"]
    stored = identity.part.record
    version = stored.version + 1 if stored else 0
    try:
        record = seal_profile(profile, held.bundle.record_key, identity.ref, version)
    except EncodingError:
        # It does not fit the one size that records have; it is shown, and taken in again at each login.
        return
    settles = tuple(sha256(sealed) for sealed in identity.part.updates)
    try:
        await authorities.call("identity", "PUT", "/record", PutRecord(version=version, record=record, settles=settles))
    except HostUnavailable:
        return
    except HostRefused as error:
        # Another device was faster; or the insurer has said something newer meanwhile.
        if error.status != 409:
            raise
