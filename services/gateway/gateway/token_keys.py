"""The keys that sign tokens: the one in use, the next one, which others see before it is used, and those that were used before.

Every key is published for longer than anybody may keep what was published, before its first token and after its last.
"""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.config import ConfigError
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet
from protocol import jose
from protocol.encoding import b64u

from gateway.tokens import TokenKey

PUBLISHED_BEFORE_S = 24 * 3600
"""A next key is seen for so long before it signs."""
PUBLISHED_AFTER_S = 24 * 3600
"""A key that signs no more is seen for so long: no token, and no session whose ID token is shown as a hint, lasts longer."""


@dataclass(frozen=True)
class TokenKeyFiles:
    """Where the keys are."""

    current: Path
    next: Path | None
    retired: Path | None
    """Public keys, each with the time at which it signed last."""


@dataclass(frozen=True)
class Ring:
    """The keys at one time."""

    current: TokenKey
    others: tuple[Mapping[str, str], ...]
    """Public keys that are published beside the current one."""

    @property
    def published(self) -> list[dict[str, str]]:
        """The key set as others find it, the current key first."""
        return [self.current.public_jwk(), *(dict(jwk) for jwk in self.others)]

    @classmethod
    def read(cls, files: TokenKeyFiles, now: int) -> "Ring":
        """Read the files; raises ConfigError."""
        current = TokenKey.read(files.current)
        others = [TokenKey.read(files.next).public_jwk()] if files.next and files.next.exists() else []
        others += [_public(entry) for entry in retired(files.retired) if int(entry["retired"]) > now - PUBLISHED_AFTER_S]
        return cls(current, tuple(jwk for jwk in others if jwk["kid"] != current.kid))


class TokenKeys:
    """The keys as a running gateway has them. They are read again when a file changed: no restart is needed to rotate."""

    def __init__(self, files: TokenKeyFiles, now: int) -> None:
        """Read the files; raises ConfigError."""
        self._files = files
        self._stamp = self._look()
        self._take(Ring.read(files, now))

    @property
    def current(self) -> TokenKey:
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

    def _take(self, ring: Ring) -> None:
        self._ring = ring
        self._key_set = KeySet([ECKey.import_key({**jwk}) for jwk in ring.published])

    def _look(self) -> list[int]:
        paths = (self._files.current, self._files.next, self._files.retired)
        return [path.stat().st_mtime_ns if path is not None and path.exists() else 0 for path in paths]


def retired(file: Path | None) -> list[dict[str, Any]]:
    """Read the keys that signed before; raises ConfigError."""
    if file is None or not file.exists():
        return []
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))["keys"]
        for entry in entries:
            ECKey.import_key({**_public(entry)})
            int(entry["retired"])
    except (ValueError, KeyError, TypeError, JoseError):
        raise ConfigError(f"{file}: should be a JWK set of public P-256 keys, each with `retired`, seconds since 1970") from None
    return list(entries)


def rotate(files: TokenKeyFiles, now: int, *, compromised: bool) -> str:
    """Put the next key in use and make another next one; return what was done, in a sentence. Raises ConfigError.

    A ``compromised`` key is published no more, and what it signed is worth nothing from then on.
    """
    if files.next is None or files.retired is None:
        raise ConfigError("keys `keys.token_key_next_path` and `keys.token_keys_retired_path` are needed to rotate")
    if not files.next.exists():
        make_key(files.next)
        return "a next key was made; it is published now, and may be put in use in 24 hours"
    seen_for = now - int(files.next.stat().st_mtime)
    if seen_for < PUBLISHED_BEFORE_S and not compromised:
        raise ConfigError(f"{files.next}: others have seen this key for {seen_for // 3600} hours; put it in use after 24")
    old = TokenKey.read(files.current)
    entries = [entry for entry in retired(files.retired) if int(entry["retired"]) > now - PUBLISHED_AFTER_S]
    if not compromised:
        entries.append({**old.public_jwk(), "retired": now})
    # In this order a reader in between finds every key that somebody may still need.
    write_private(files.retired, json.dumps({"keys": entries}, indent=2))
    files.next.replace(files.current)
    make_key(files.next)
    return f"key {TokenKey.read(files.current).kid} is in use; the next one is published" + (
        "; the one before it is not trusted any more" if compromised else ", and the one before it stays published for a day"
    )


def make_key(file: Path) -> None:
    """Make a P-256 key as `TokenKey.read` reads it."""
    write_private(file, jose.generate_p256().as_pem(private=True).decode())


def lines(files: TokenKeyFiles, now: int) -> Sequence[str]:
    """Return what there is, a line a key."""
    ring = Ring.read(files, now)
    said = {entry["kid"]: entry["retired"] for entry in retired(files.retired)}
    following = TokenKey.read(files.next).kid if files.next and files.next.exists() else None
    words = {**{kid: f"signed until {when}" for kid, when in said.items()}, ring.current.kid: "in use", following: "next"}
    return [f"{jwk['kid']}: {words[jwk['kid']]}" for jwk in ring.published]


def _public(entry: Mapping[str, object]) -> dict[str, str]:
    jwk = {name: str(entry[name]) for name in ("crv", "kty", "x", "y")}
    return {**jwk, "kid": b64u(jose.thumbprint(ECKey.import_key({**jwk}))), "alg": jose.ES256, "use": "sig"}


def write_private(file: Path, text: str) -> None:
    """Write a file that its owner alone can read, all of it or nothing."""
    draft = file.with_name(file.name + ".new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
