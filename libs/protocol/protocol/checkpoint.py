"""Checkpoints of a release log and their cosignatures, as signed notes.

Formats: C2SP signed-note, tlog-checkpoint and tlog-cosignature (c2sp.org), Ed25519. A note's text ends with a line break; then come
an empty line and one line a signature: an em dash, the key's name, base64 of the key's id (4 bytes) and the signature.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from .deployment import Deployment
from .encoding import sha256
from .names import AuthorityName
from .signing import PublicKeys, SignatureRefused, Signer, verify

_ED25519, _COSIGNATURE = b"\x01", b"\x04"
_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_DAY_S = 86_400
_LARGEST = 2**63


class CheckpointRefused(Exception):
    """A note is malformed, or not signed by whom it must be signed."""


@dataclass(frozen=True)
class Signature:
    """One signature line."""

    name: str
    raw: bytes
    """The key's id and what that key's algorithm makes."""

    def __str__(self) -> str:
        """Return the line."""
        return f"— {self.name} {b64encode(self.raw).decode()}"

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line; raise :class:`CheckpointRefused`."""
        found = _LINE.fullmatch(line)
        if found is None:
            raise CheckpointRefused("a signature line of another form")
        try:
            raw = b64decode(found[2], validate=True)
        except binascii.Error:
            raise CheckpointRefused("a signature that is not base64") from None
        return cls(found[1], raw)


@dataclass(frozen=True)
class Note:
    """A text and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """Return the note as it travels."""
        return self.text + "\n" + "".join(f"{signature}\n" for signature in self.signatures)

    @classmethod
    def parse(cls, note: str) -> Self:
        """Read a note; raise :class:`CheckpointRefused`."""
        text, gap, lines = note.rpartition("\n\n")
        if not gap or not lines.endswith("\n"):
            raise CheckpointRefused("a note without signatures")
        return cls(text + "\n", tuple(Signature.parse(line) for line in lines[:-1].split("\n")))

    def require(self, name: str, public: PublicKeys) -> None:
        """Raise :class:`CheckpointRefused` unless the note is signed with this name's key."""
        _require(self.signatures, name, public, _ED25519, lambda made: (made, self.text.encode()), 64)


@dataclass(frozen=True)
class Checkpoint:
    """A log's size and root."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    def sign(self, signer: Signer) -> Signature:
        """Return the log's own signature."""
        return Signature(self.origin, key_id(self.origin, signer.public_bytes, _ED25519) + signer.sign(self.text.encode()))

    def cosign(self, name: str, signer: Signer, now: int) -> Signature:
        """Return a witness's signature, of the day's beginning: nobody needs to know the second in which a log had a size."""
        time = now - now % _DAY_S
        signed = signer.sign(_cosigned(self.text, time))
        return Signature(name, key_id(name, signer.public_bytes, _COSIGNATURE) + time.to_bytes(8, "big") + signed)

    def require_cosigned(self, signature: Signature, name: str, public: PublicKeys) -> None:
        """Raise :class:`CheckpointRefused` unless this is the witness's signature of this checkpoint."""

        def parts(made: bytes) -> tuple[bytes, bytes]:
            return made[8:], _cosigned(self.text, int.from_bytes(made[:8], "big"))

        _require((signature,), name, public, _COSIGNATURE, parts, 72)

    @classmethod
    def parse(cls, text: str, origin: str) -> Self:
        """Read a note's text, which must be of this log; raise :class:`CheckpointRefused`. Extension lines are not used here."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[0] != origin or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
            raise CheckpointRefused("not a checkpoint of this log")
        try:
            found = cls(origin, int(lines[1]), b64decode(lines[2], validate=True))
        except binascii.Error:
            raise CheckpointRefused("a root that is not base64") from None
        if found.text != text or len(found.root) != 32 or found.size >= _LARGEST:
            raise CheckpointRefused("not a checkpoint of this log")
        return found

    @classmethod
    def of_authority(cls, deployment: Deployment, host: AuthorityName, note: str) -> "tuple[Checkpoint, Note]":
        """Read an authority's checkpoint, signed with a key that the deployment file pins; raise :class:`CheckpointRefused`."""
        read = Note.parse(note)
        read.require(log_name(deployment, host), deployment.authorities[host].signing_keys)
        return cls.parse(read.text, log_name(deployment, host)), read

    def cosigners(self, deployment: Deployment, signatures: Iterable[Signature]) -> frozenset[AuthorityName]:
        """Return the authorities among whose signatures of this checkpoint these are."""
        found: set[AuthorityName] = set()
        for signature in signatures:
            for host, keys in deployment.authorities.items():
                try:
                    self.require_cosigned(signature, witness_name(deployment, host), keys.signing_keys)
                except CheckpointRefused:
                    continue
                found.add(host)
        return frozenset(found)


def log_name(deployment: Deployment, host: AuthorityName, number: int | None = None) -> str:
    """Return the name of an authority's log and of the key that signs it: a URL without its scheme.

    By default of the present log; one that is not the first has its number in its name.
    """
    number = deployment.log_number(host) if number is None else number
    return _bare(deployment, host) + ("/log" if number == 1 else f"/log/{number}")


def carried_over(deployment: Deployment, host: AuthorityName) -> Checkpoint | None:
    """Return what others cosigned last of the log before an authority's present one; None where that is its first.

    Raise :class:`CheckpointRefused` where it is no checkpoint of that log, or no other authority cosigned it.
    """
    if host not in deployment.logs:
        return None
    listed = deployment.logs[host]
    note = Note.parse(listed.before)
    found = Checkpoint.parse(note.text, log_name(deployment, host, listed.number - 1))
    if not found.cosigners(deployment, note.signatures) - {host}:
        raise CheckpointRefused("a checkpoint that no other authority cosigned")
    return found


def witness_name(deployment: Deployment, host: AuthorityName) -> str:
    """Return the name under which an authority cosigns others' logs."""
    return _bare(deployment, host) + "/witness"


def key_id(name: str, public: bytes, algorithm: bytes = _ED25519) -> bytes:
    """Return the first four bytes of SHA-256 over name, line break, algorithm and key."""
    return sha256(name.encode(), b"\n", algorithm, public)[:4]


def _bare(deployment: Deployment, host: AuthorityName) -> str:
    return deployment.origins[host].split("://", 1)[1]


def _cosigned(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _require(
    signatures: Iterable[Signature],
    name: str,
    public: PublicKeys,
    algorithm: bytes,
    parts: Callable[[bytes], tuple[bytes, bytes]],
    length: int,
) -> None:
    """Raise unless one signature is of this name and one of its keys; ``parts`` gives what was made and what over."""
    for key in (public,) if isinstance(public, bytes) else public:
        wanted = key_id(name, key, algorithm)
        for one in signatures:
            if one.name != name or one.raw[:4] != wanted or len(one.raw) != 4 + length:
                continue
            made, message = parts(one.raw[4:])
            try:
                verify(key, made, message)
            except SignatureRefused:
                continue
            return
    raise CheckpointRefused("not signed by whom it must be signed")
