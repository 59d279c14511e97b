"""Where the keys of a test's authorities are: in files, or in a SoftHSM token of the test run."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import pytest
from authority.config import Pkcs11KeysConfig
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
        """Return an authority's keys."""
        ...

    def table(self, host: AuthorityName, folder: Path) -> str:
        """Return the lines of the table ``keys`` in the host's configuration, with what they name written into the folder."""
        ...


class FileStore:
    """Keys in files."""

    def __init__(self) -> None:
        self._secrets = {host: (os.urandom(32), os.urandom(32)) for host in AUTHORITIES}
        self._keys = {host: AuthorityKeys(host, *self._secrets[host]) for host in AUTHORITIES}

    def keys(self, host: AuthorityName) -> AuthorityKeys:
        return self._keys[host]

    def table(self, host: AuthorityName, folder: Path) -> str:
        for kind, secret in zip(("root", "signing"), self._secrets[host], strict=True):
            write_secret(folder / f"{host}-{kind}.key", b64u(secret))
        return f'root_file = "{host}-root.key"\nsigning_file = "{host}-signing.key"\n'


@dataclass
class TokenStore:
    """Keys in a token that other tests use too, each with labels of its own."""

    hsm: softhsm.SoftHsm
    token: softhsm.SoftToken
    prefix: str = field(default_factory=lambda: secrets.token_hex(8))
    _opened: dict[AuthorityName, AuthorityKeys] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def made(cls, hsm: softhsm.SoftHsm, token: softhsm.SoftToken) -> Iterator["TokenStore"]:
        store = cls(hsm, token)
        with ExitStack() as stack:
            for host in AUTHORITIES:
                make_missing(store.config(host))
                store._opened[host] = stack.enter_context(opened(host, store.config(host)))
            yield store

    def config(self, host: AuthorityName, **changes: object) -> Pkcs11KeysConfig:
        facts = {
            "store": "pkcs11",
            "module": self.hsm.module,
            "token": self.token.label,
            "pin_file": self.token.pin,
            "root_label": f"{self.prefix}-{host}-root",
            "signing_label": f"{self.prefix}-{host}-signing",
        }
        return Pkcs11KeysConfig.model_validate({**facts, **changes})

    def keys(self, host: AuthorityName) -> AuthorityKeys:
        return self._opened[host]

    def table(self, host: AuthorityName, folder: Path) -> str:
        del folder
        return "".join(f'{key} = "{value}"\n' for key, value in self.config(host).model_dump(exclude_defaults=True).items())


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
