"""The staff list: who may work at the stores."""

from collections.abc import Mapping, Sequence

from protocol.messages.staff import PutStaffList, StaffEnrolment
from protocol.names import StoreName
from protocol.staff import Role, SignedStaffList, StaffGrant, StaffList, StaffPasskey
from pydantic import ValidationError

from .errors import OfficerError
from .signed_lists import ListKind, Proposal

STAFF: ListKind[StaffPasskey, PutStaffList] = ListKind(
    title="a staff list",
    file="staff.json",
    refused="not-a-staff-proposal",
    put=PutStaffList,
    proposal=Proposal[PutStaffList],
    signed=lambda put: SignedStaffList(put.staff, dict(put.signatures)),
    message=lambda signed: PutStaffList(staff=signed.raw, signatures=signed.signatures),
    draft=lambda number, officers, entries, origins: SignedStaffList.draft(
        StaffList(number=number, officers=officers, passkeys=entries), origins
    ),
    # Whose passkey an id is was compared by telephone: another one is never put in its place without being removed first.
    replaces=False,
)


def entry(name: str, enrolment: StaffEnrolment, roles: Mapping[StoreName, Sequence[Role]]) -> StaffPasskey:
    """Return a new entry; raise ``OfficerError`` where it names a store for which the enrolment has no subject."""
    if missing := sorted(set(roles) - set(enrolment.subjects)):
        raise OfficerError(f"the enrolment has no subject for {', '.join(missing)}")
    try:
        stores = {store: StaffGrant(subject=enrolment.subjects[store], roles=tuple(given)) for store, given in roles.items()}
        return StaffPasskey(id=name, credential_id=enrolment.credential_id, public_key=enrolment.public_key, stores=stores)
    except ValidationError:
        raise OfficerError("--as is a short plain word, and at least one --role is needed") from None
