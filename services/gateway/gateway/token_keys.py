"""The keys that sign tokens: the one in use, the next one, which others see before it is used, and those that were used before.

Every key is published for longer than anybody may keep what was published, before its first token and after its last.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from chassis.config import ConfigError
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.tokens import RsaTokenKey, SigningKey, TokenKey

_MEMBERS = ("kty", "crv", "x", "y", "n", "e")
PUBLISHED_BEFORE_S = 24 * 3600
"""A next key is seen for so long before it signs."""
PUBLISHED_AFTER_S = 24 * 3600
"""A key that signs no more is seen for so long: no token, and no session whose ID token is shown as a hint, lasts longer."""

K = TypeVar("K", bound=SigningKey)


@dataclass(frozen=True)
class KeyFiles(Generic[K]):
    """Where the keys of one algorithm are."""

    kind: type[K]
    current: Path
    next: Path | None
    retired: Path | None
    """Public keys, each with the time at which it signed last."""


TokenKeyFiles = KeyFiles[TokenKey]
RsaKeyFiles = KeyFiles[RsaTokenKey]


@dataclass(frozen=True)
class Ring(Generic[K]):
    """The keys at one time."""

    current: K
    others: tuple[Mapping[str, str], ...]
    """Public keys that are published beside the current one."""

    @property
    def published(self) -> list[dict[str, str]]:
        """The key set as others find it, the current key first."""
        return [self.current.public_jwk(), *(dict(jwk) for jwk in self.others)]

    @classmethod
    def read(cls, files: KeyFiles[K], now: int) -> "Ring[K]":
        """Read the files; raises ConfigError."""
        current = files.kind.read(files.current)
        others = [files.kind.read(files.next).public_jwk()] if files.next and files.next.exists() else []
        others += [_public(files.kind, entry) for entry in retired(files) if int(entry["retired"]) > now - PUBLISHED_AFTER_S]
        return cls(current, tuple(jwk for jwk in others if jwk["kid"] != current.kid))


class TokenKeys(Generic[K]):
    """The keys of one algorithm as a running gateway has them, read again when a file changed: no restart is needed to rotate."""

    def __init__(self, files: KeyFiles[K], now: int) -> None:
        """Read the files; raises ConfigError."""
        self._files = files
        self._stamp = self._look()
        self._take(Ring.read(files, now))

    @property
    def current(self) -> K:
        """The key that signs."""
        return self._ring.current

    @property
    def published(self) -> list[dict[str, str]]:
        """The key set as others find it."""
        return self._ring.published

    @property
    def key_set(self) -> KeySet:
        """The keys that verify what was signed here."""
        return self._key_set

    async def keys(self, _kid: str | None) -> KeySet:
        """Return the keys that verify this gateway's tokens, as `authority.TokenKeys` says."""
        return self._key_set

    def reread(self, now: int) -> bool:
        """Read the files again, and return whether they are others than before; raises ConfigError and keeps what was there."""
        stamp, ring = self._look(), Ring.read(self._files, now)
        changed = stamp != self._stamp
        self._stamp = stamp
        self._take(ring)
        return changed

    def _take(self, ring: Ring[K]) -> None:
        self._ring = ring
        self._key_set = KeySet([self._files.kind.imported({**jwk}) for jwk in ring.published])

    def _look(self) -> list[int]:
        paths = (self._files.current, self._files.next, self._files.retired)
        return [path.stat().st_mtime_ns if path is not None and path.exists() else 0 for path in paths]


def retired(files: KeyFiles[Any]) -> list[dict[str, Any]]:
    """Read the keys that signed before; raises ConfigError."""
    file = files.retired
    if file is None or not file.exists():
        return []
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["keys"]
        for entry in entries:
            _public(files.kind, entry)
            int(entry["retired"])
    except (ValueError, KeyError, TypeError, JoseError):
        raise ConfigError(
            f"{file}: should be a JWK set of public {files.kind.algorithm} keys, each with `retired`, seconds since 1970"
        ) from None
    return list(entries)


def rotate(files: KeyFiles[Any], now: int, *, compromised: bool) -> str:
    """Put the next key in use and make another next one; return what was done, in a sentence. Raises ConfigError.

    A ``compromised`` key is published no more, and what it signed is worth nothing from then on.
    """
    if files.next is None or files.retired is None:
        raise ConfigError("keys `keys.*token_key_next_path` and `keys.*token_keys_retired_path` are needed to rotate")
    if not files.current.exists():
        # Nobody keeps an older set with keys of this algorithm, so it may sign as soon as the gateway is started with it.
        make_key(files.current, files.kind)
        return "the first key was made; it signs from the next start"
    if not files.next.exists():
        make_key(files.next, files.kind)
        return "a next key was made; it is published now, and may be put in use in 24 hours"
    seen_for = now - int(files.next.stat().st_mtime)
    if seen_for < PUBLISHED_BEFORE_S and not compromised:
        raise ConfigError(f"{files.next}: others have seen this key for {seen_for // 3600} hours; put it in use after 24")
    old = files.kind.read(files.current)
    entries = [entry for entry in retired(files) if int(entry["retired"]) > now - PUBLISHED_AFTER_S]
    if not compromised:
        entries.append({**old.public_jwk(), "retired": now})
    # In this order a reader in between finds every key that somebody may still need.
    write_private(files.retired, json.dumps({"keys": entries}, indent=2))
    files.next.replace(files.current)
    make_key(files.next, files.kind)
    return f"key {files.kind.read(files.current).kid} is in use; the next one is published" + (
        "; the one before it is not trusted any more" if compromised else ", and the one before it stays published for a day"
    )


def make_key(file: Path, kind: type[SigningKey] = TokenKey) -> None:
    """Make a key as ``kind.read`` reads it."""
    write_private(file, kind.made().as_pem(private=True).decode())


def lines(files: KeyFiles[Any], now: int) -> Sequence[str]:
    """Return what there is, a line a key."""
    ring = Ring.read(files, now)
    said = {entry["kid"]: entry["retired"] for entry in retired(files)}
    following = files.kind.read(files.next).kid if files.next and files.next.exists() else None
    words = {**{kid: f"signed until {when}" for kid, when in said.items()}, ring.current.kid: "in use", following: "next"}
    return [f"{jwk['kid']}: {words[jwk['kid']]}" for jwk in ring.published]


def _public(kind: type[SigningKey], entry: Mapping[str, object]) -> dict[str, str]:
    return kind(kind.imported({name: str(value) for name, value in entry.items() if name in _MEMBERS})).public_jwk()


def write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone can read, all of it or nothing."""
    draft = file.with_name(file.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
