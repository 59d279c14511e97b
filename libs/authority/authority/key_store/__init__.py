"""Where an authority's root and signing key are kept: in files or inside a PKCS#11 token, behind one interface."""

from collections.abc import Iterator
from contextlib import contextmanager

from protocol.authority_keys import AuthorityKeys
from protocol.names import AuthorityName

from authority.config import FileKeysConfig, Pkcs11KeysConfig
from authority.key_store import files, pkcs11_keys
from authority.key_store.pkcs11_token import login

__all__ = ["make_missing", "opened"]


@contextmanager
def opened(host: AuthorityName, config: FileKeysConfig | Pkcs11KeysConfig) -> Iterator[AuthorityKeys]:
    """Yield an authority's keys, which can be used until the block ends; raises ConfigError."""
    if isinstance(config, FileKeysConfig):
        yield files.read(host, config)
        return
    with login(config) as token:
        yield pkcs11_keys.find(host, config, token)


def make_missing(config: FileKeysConfig | Pkcs11KeysConfig) -> None:
    """Make every key that the configuration names and that is not there; those that are there stay. Raises ConfigError."""
    if isinstance(config, FileKeysConfig):
        files.make_missing(config)
        return
    with login(config) as token:
        pkcs11_keys.make_missing(config, token)
