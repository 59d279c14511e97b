"""What can go wrong while a local deployment starts or runs, each with what to do about it."""


class LocalError(Exception):
    """A failure that is told to the person at the terminal as it is, without a traceback."""


class PortsTaken(LocalError):
    """Other programs hold ports that the deployment needs; nothing was started."""


class AlreadyRunning(LocalError):
    """Another supervisor works in this home."""


class HomeMismatch(LocalError):
    """The home belongs to another base port, or the folder is not a home at all."""


class BadTable(LocalError):
    """A process definition is missing, doubled, or depends on something that does not exist."""


class NotReady(LocalError):
    """A process started and lives, but does not become healthy in time."""


class ProcessDied(LocalError):
    """A process ended by itself."""


class StepFailed(LocalError):
    """A command that prepares a process failed."""


class NoNamespaces(LocalError):
    """The kernel gives no networks of one's own, or the programs for them are missing."""


class CannotDropRoot(LocalError):
    """PostgreSQL refuses root, and no other user could be taken."""


class NoChromium(LocalError):
    """There is no Chromium on this machine, and no way to get it."""


class NoSoftHsm(LocalError):
    """SoftHSM is not there and cannot be fetched."""
