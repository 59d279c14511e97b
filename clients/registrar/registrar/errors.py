"""What can go wrong at the workstation. No message holds a person's data.

RegistrarError
 +-- HomeError            the folder, its keys or its roster cannot be used
 +-- OfficerError         an officer's key file or an officers' list cannot be used
 +-- RequestRefused       a signing request does not say what it must
 +-- WindowError          no window, an expired one, or one that the hosts refuse
 |    +-- QuotaExceeded   a host counted the window's quota to its end
 |    +-- WindowClosed    it was closed, or its time is over
 +-- HostError            a host refused a call
 |    +-- RowsRefused     and named the rows of the batch
 |    +-- HostUnreachable a host gave no answer
 +-- ItemsDiffer          anon-data knows some item codes in another meaning
 +-- AnswerRefused        a host's answer is not signed, sealed or proved as it must be
"""

from collections.abc import Sequence

from protocol.names import HostName


class RegistrarError(Exception):
    """Anything the registrar says no to, in a sentence for the person at the workstation."""


class HomeError(RegistrarError):
    """The workstation's folder cannot be used."""


class OfficerError(RegistrarError):
    """An officer's key file is unreadable, its key is not on the current list, or a list does not follow the one before."""


class RequestRefused(RegistrarError):
    """A signing request is not what an officer could sign; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the signing request is refused: {code}")
        self.code = code


class WindowError(RegistrarError):
    """There is no window for this, or the hosts refuse it."""


class QuotaExceeded(WindowError):
    """A host has counted a quota of the window to its end."""

    def __init__(self, host: HostName, use: str) -> None:
        super().__init__(f"{host}: the window's quota for {use} is used up; open a new window and run the same command again")
        self.host = host
        self.use = use


class WindowClosed(WindowError):
    """The window was closed, or its time is over by the host's clock."""

    def __init__(self, host: HostName) -> None:
        super().__init__(f"{host}: the window is closed (window-closed); open a new window and run the same command again")
        self.host = host


class HostError(RegistrarError):
    """A host refused a call; ``problem`` is the slug of its problem document."""

    def __init__(self, host: HostName, status: int, problem: str) -> None:
        super().__init__(f"{host} refused: {problem} ({status})")
        self.host = host
        self.status = status
        self.problem = problem


class RowsRefused(HostError):
    """A host refused a whole batch because of some rows; ``rows`` are their places in it."""

    def __init__(self, host: HostName, status: int, problem: str, rows: tuple[int, ...]) -> None:
        super().__init__(host, status, problem)
        self.rows = rows


class HostUnreachable(HostError):
    """A host gave no answer, or was not ready, for as long as the registrar was willing to try."""

    def __init__(self, host: HostName) -> None:
        super().__init__(host, 503, "unreachable")


class ItemsDiffer(RegistrarError):
    """anon-data knows some item codes with another kind, unit or choice list. No checkup of the round was sent."""

    def __init__(self, codes: Sequence[str]) -> None:
        super().__init__(f"anon-data knows these item codes with another kind, unit or choice list: {', '.join(codes)}")
        self.codes = tuple(codes)


class AnswerRefused(RegistrarError):
    """A host's answer does not fit its pinned keys. Nothing of it was used."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; the answer does not fit the pinned keys and was not used")
