"""What can go wrong, as one small tree.

::

    WarifuError
    ├── SignInFailed         the person, the group's provider or the gateway ended the sign-in
    ├── InputRefused         what was typed cannot be a code, a PIN or a label: ``fault``; nobody was asked
    ├── EvidenceRefused      the evidence says too much, or an authority does not accept it
    ├── HostRefused          a host understood and said no: ``host``, ``type`` of the problem, ``status``
    ├── HostUnavailable      a host cannot be reached or failed: ask again later
    ├── KeyMaterialRefused   an answer is not from who it must be from: an alarm, never to be retried away
    ├── SessionEnded         signed off, expired or idle for too long: sign in again
    └── LogoffIncomplete     the keys are gone here, but some ``hosts`` did not confirm

No message repeats what a host or a person sent.
"""

from collections.abc import Sequence


class WarifuError(Exception):
    """Everything this package raises on purpose."""


class SignInFailed(WarifuError):
    """The sign-in ended without a session."""


class InputRefused(WarifuError):
    """What was typed cannot be what it must be; nobody was asked.

    ``fault`` is ``length``, ``character`` or ``checksum`` of a code, ``pin``, ``label``, ``wish``, ``note`` or ``archive``; the
    command line has more.
    """

    def __init__(self, fault: str, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = fault


class EvidenceRefused(WarifuError):
    """The evidence cannot be used. ``host`` is the authority that refused it, or ``None`` when it was never sent."""

    def __init__(self, reason: str, host: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.host = host


class HostRefused(WarifuError):
    """A host said no."""

    def __init__(self, host: str, problem_type: str, status: int) -> None:
        super().__init__(f"{host} refused: {problem_type} ({status})")
        self.host = host
        self.type = problem_type
        """The slug of the problem document (RFC 9457), or the OAuth error code."""
        self.status = status


class HostUnavailable(WarifuError):
    """A host does not answer, or answers that it cannot."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not available")
        self.host = host


class KeyMaterialRefused(WarifuError):
    """A signature, commitment, reference or claim is not what it must be: a host may be under attack."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"{host}: {reason}")
        self.host = host
        self.reason = reason


class SessionEnded(WarifuError):
    """There is no session any more; the keys are gone."""

    def __init__(self) -> None:
        super().__init__("the session has ended")


class LogoffIncomplete(WarifuError):
    """The keys are dropped here; the hosts named did not confirm and may hold their half of the session until it expires."""

    def __init__(self, hosts: Sequence[str]) -> None:
        super().__init__("not confirmed by " + ", ".join(hosts))
        self.hosts = tuple(hosts)
