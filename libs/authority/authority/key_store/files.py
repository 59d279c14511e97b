"""Keys in files."""

import os
import secrets
from pathlib import Path

from chassis.config import ConfigError, read_secret
from protocol.authority_keys import AuthorityKeys
from protocol.encoding import b64u
from protocol.names import AuthorityName
from protocol.roots import ROOT_BYTES

from authority.config import FileKeysConfig

_SEED_BYTES = ROOT_BYTES


def read(host: AuthorityName, config: FileKeysConfig) -> AuthorityKeys:
    """Read all secrets; raises ConfigError."""
    later = {generation: _secret(file) for generation, file in config.share_root_files.items()}
    return AuthorityKeys(host, _secret(config.root_file), _secret(config.signing_file), later)


def make_missing(config: FileKeysConfig) -> None:
    """Write a random secret into every file that is not there; raises ConfigError."""
    for file in (config.root_file, config.signing_file, *config.share_root_files.values()):
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        except OSError as error:
            raise ConfigError(f"{file}: cannot be made ({error.strerror})") from None
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(b64u(secrets.token_bytes(_SEED_BYTES)))
            opened.flush()
            os.fsync(descriptor)


def _secret(file: Path) -> bytes:
    secret = read_secret(file)
    if len(secret) != ROOT_BYTES:
        raise ConfigError(f"{file}: should hold {ROOT_BYTES} bytes")
    return secret
