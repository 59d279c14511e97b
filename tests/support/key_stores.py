"""Where the keys of a test's authorities are: in files, or in a SoftHSM token of the test run."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import pytest
from authority.config import FileKeysConfig, Pkcs11KeysConfig
from authority.key_store import make_missing, opened
from local import softhsm
from local.errors import NoSoftHsm
from protocol.authority_keys import AuthorityKeys
from protocol.encoding import b64u
from protocol.names import AUTHORITIES, AuthorityName

Kind = Literal["file", "pkcs11"]
BOTH_STORES = pytest.mark.parametrize("key_store", ["file", "pkcs11"], indirect=True)
"""Runs a module's tests twice: what they see is the same, wherever the keys are."""


class KeyStore(Protocol):
    """Keys of three authorities, and how a host is told of them."""

    def keys(self, host: AuthorityName) -> AuthorityKeys:
        """Return an authority's keys as they are now."""
        ...

    def config(self, host: AuthorityName, folder: Path) -> FileKeysConfig | Pkcs11KeysConfig:
        """Return the host's table ``keys``, with what it names written into the folder."""
        ...

    def new_signing_key(self, host: AuthorityName) -> None:
        """Give an authority another signing key."""
        ...

    def new_roots(self, host: AuthorityName, *generations: int) -> None:
        """Give an authority new later roots of these generations, in the place of those it has."""
        ...


class FileStore:
    """Keys in files."""

    def __init__(self) -> None:
        self._secrets = {host: (os.urandom(32), os.urandom(32)) for host in AUTHORITIES}
        self._later: dict[AuthorityName, dict[int, bytes]] = {host: {} for host in AUTHORITIES}

    def keys(self, host: AuthorityName) -> AuthorityKeys:
        return AuthorityKeys(host, *self._secrets[host], self._later[host])

    def config(self, host: AuthorityName, folder: Path) -> FileKeysConfig:
        root, signing = (
            write_secret(folder / f"{host}-{kind}.key", b64u(secret))
            for kind, secret in zip(("root", "signing"), self._secrets[host], strict=True)
        )
        later = {
            number: write_secret(folder / f"{host}-root-{number}.key", b64u(root)) for number, root in self._later[host].items()
        }
        return FileKeysConfig(root_file=root, signing_file=signing, share_root_files=later)

    def new_signing_key(self, host: AuthorityName) -> None:
        self._secrets[host] = (self._secrets[host][0], os.urandom(32))

    def new_roots(self, host: AuthorityName, *generations: int) -> None:
        self._later[host] = {number: os.urandom(32) for number in generations}


@dataclass
class TokenStore:
    """Keys in a token that other tests use too, each with labels of its own."""

    hsm: softhsm.SoftHsm
    token: softhsm.SoftToken
    prefix: str = field(default_factory=lambda: secrets.token_hex(8))
    _stack: ExitStack = field(default_factory=ExitStack)
    _opened: dict[AuthorityName, AuthorityKeys] = field(default_factory=dict)
    _changed: dict[AuthorityName, dict[str, object]] = field(default_factory=lambda: {host: {} for host in AUTHORITIES})

    @classmethod
    @contextmanager
    def made(cls, hsm: softhsm.SoftHsm, token: softhsm.SoftToken) -> Iterator["TokenStore"]:
        with ExitStack() as stack:
            yield cls(hsm, token, _stack=stack)

    def table(self, host: AuthorityName, **changes: object) -> Pkcs11KeysConfig:
        facts = {
            "store": "pkcs11",
            "module": self.hsm.module,
            "token": self.token.label,
            "pin_file": self.token.pin,
            "root_label": f"{self.prefix}-{host}-root",
            "signing_label": f"{self.prefix}-{host}-signing",
        }
        return Pkcs11KeysConfig.model_validate({**facts, **self._changed[host], **changes})

    def keys(self, host: AuthorityName) -> AuthorityKeys:
        if host not in self._opened:
            make_missing(self.table(host))
            self._opened[host] = self._stack.enter_context(opened(host, self.table(host)))
        return self._opened[host]

    def config(self, host: AuthorityName, folder: Path) -> Pkcs11KeysConfig:
        del folder
        self.keys(host)
        return self.table(host)

    def new_signing_key(self, host: AuthorityName) -> None:
        self._change(host, signing_label=f"{self.prefix}-{secrets.token_hex(4)}")

    def new_roots(self, host: AuthorityName, *generations: int) -> None:
        self._change(host, share_root_labels={number: f"{self.prefix}-{secrets.token_hex(4)}" for number in generations})

    def _change(self, host: AuthorityName, **change: object) -> None:
        self._changed[host] |= change
        self._opened.pop(host, None)


def write_secret(file: Path, text: str) -> Path:
    """Write a file for its owner alone."""
    file.touch(mode=0o600)
    file.write_text(text, encoding="ascii")
    return file


def a_token(folder: Path) -> tuple[softhsm.SoftHsm, softhsm.SoftToken]:
    """Return SoftHSM, fetched where it is not there, and a token that this process will find; skips where none can be had."""
    try:
        hsm = softhsm.ensure()
    except NoSoftHsm as missing:
        pytest.skip(str(missing))
    token = hsm.make_token(folder, "warifu-tests")
    # Read once, when the module is loaded.
    os.environ.update(token.environment)
    return hsm, token
