"""Why a registrar's call is refused."""

from chassis.problems import Problem


class WindowRefused(Problem):
    """The manifest is malformed, not signed by two current officers, or not for this host and now."""

    type = "window-refused"
    title = "The manifest does not open a window here"
    status = 403


class WindowDiffers(Problem):
    """A window of this id was opened with another manifest."""

    type = "window-differs"
    title = "Another manifest has this window's id"
    status = 409


class WindowUnknown(Problem):
    """No window of the id that the proof names is known here."""

    type = "window-unknown"
    title = "This window was not opened here"
    status = 401


class WindowNotHere(Problem):
    """The window that an officer wants to close was not opened here."""

    type = "window-not-here"
    title = "There is no such window here"
    status = 404


class WindowClosed(Problem):
    """The window's time is over, or it was closed before."""

    type = "window-closed"
    title = "This window is closed"
    status = 403


class OfficersBehind(Problem):
    """The manifest or list is of officers later than those known here: ``number`` is the list this host goes by.

    The host is behind, as after a restore: give it the lists that it lacks, in their order (``PUT /officers``).
    """

    type = "officers-behind"
    title = "This host lacks officers' lists"
    status = 409


class OfficersRefused(Problem):
    """The list does not follow the current one, or is not signed by two officers who are in both, each with the same key."""

    type = "officers-refused"
    title = "This is not the officers' next list"
    status = 403


class OfficersDiffer(Problem):
    """Another list of this number is the one that was accepted here."""

    type = "officers-differ"
    title = "Another officers' list has this number"
    status = 409


class OfficerRefused(Problem):
    """The request is not a current officer's to this host, is not fresh, or was seen before."""

    type = "officer-refused"
    title = "The request is not signed by a current officer"
    status = 401


class WindowPurpose(Problem):
    """The window was opened for something else."""

    type = "window-purpose"
    title = "This window has another purpose"
    status = 403


class QuotaExceeded(Problem):
    """The call asks for more than is left. ``use`` names the quota, ``remaining`` says what is left of it."""

    type = "quota-exceeded"
    title = "The window's quota does not allow this"
    status = 429


class ProofRefused(Problem):
    """The signature over the request is missing, wrong, too old, made by another key, or (a member's) seen before."""

    type = "proof-refused"
    title = "The request is not signed as it must be"
    status = 401


class Replayed(Problem):
    """The same signed request arrived before."""

    type = "replayed"
    title = "This signed request was seen before"
    status = 409


class RowsRefused(Problem):
    """Rows of a batch break a rule, such as their order or size. ``rows`` are the indexes; nothing of the batch was stored."""

    type = "rows-refused"
    title = "Rows of the batch break a rule"
    status = 400


class SubjectRefused(Problem):
    """Rows are about somebody the officers did not sign for. ``rows`` are the indexes; nothing of the batch was done."""

    type = "subject-refused"
    title = "Rows are about nobody on the window's list"
    status = 403
