"""Why a call of staff, or a list of theirs, is refused."""

from chassis.problems import Problem


class StaffTokenRefused(Problem):
    """The gateway's staff token is missing, malformed, expired, or not for this host."""

    type = "staff-token-refused"
    title = "The gateway's word does not hold here"
    status = 401


class StaffProofRefused(Problem):
    """The DPoP proof is missing, malformed, old, by another key than the token's, or was seen before."""

    type = "staff-proof-refused"
    title = "The request is not proved as it must be"
    status = 401


class StaffSessionNeeded(Problem):
    """No session is open for this key and subject: one is opened with a passkey."""

    type = "staff-session-needed"
    title = "A session must be opened with a passkey first"
    status = 401


class StaffRefused(Problem):
    """Statement or assertion does not hold, or two officers have not listed this passkey for this subject here."""

    type = "staff-refused"
    title = "The passkey does not open a session here"
    status = 403


class StaffLogoutRefused(Problem):
    """The token is not the gateway's for this store and time."""

    type = "staff-logout-refused"
    title = "The logout token is not accepted"
    status = 400


class StaffRole(Problem):
    """The session is in none of the roles that this call needs."""

    type = "staff-role"
    title = "This call needs another role"
    status = 403


class StaffListRefused(Problem):
    """The list is malformed, for another deployment, or not signed by two officers of the current list, which it must name."""

    type = "staff-list-refused"
    title = "This is not a staff list that this host accepts"
    status = 403


class StaffListBehind(Problem):
    """A list of a higher number is known here. ``number`` is the list this host goes by."""

    type = "staff-list-behind"
    title = "A later staff list is known here"
    status = 409


class StaffListDiffers(Problem):
    """Another list of this number is the one that was accepted here."""

    type = "staff-list-differs"
    title = "Another staff list has this number"
    status = 409
