"""Configuration: one frozen TOML file per service, unknown keys refused; secrets are files that it names."""

import base64
import binascii
import os
import re
import stat
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_KINDS = {
    "extra_forbidden": "unknown key",
    "missing": "missing key",
}


class ConfigError(Exception):
    """The service cannot start as it is configured; the text is a sentence for the person who runs it."""


class DatabaseConfig(BaseModel):
    """Where the service's own database is: a file with the URL of the runtime role, and the size of the pool."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url_file: Path
    pool_min: int = Field(default=1, ge=0)
    pool_max: int = Field(default=8, ge=1)


def _names_a_port(bind: str) -> str:
    address, colon, port = bind.rpartition(":")
    if not colon or not address or not port.isascii() or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise ValueError("should be an address and a port, as 127.0.0.1:8101")
    return bind


def _parts(bind: str) -> tuple[str, int]:
    address, _, port = bind.rpartition(":")
    return address.removeprefix("[").removesuffix("]"), int(port)


Bind = Annotated[str, AfterValidator(_names_a_port)]
"""An address and a port."""


class TlsConfig(BaseModel):
    """The host's certificate, with which it is known to whoever calls it and to whom it calls."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    certificate_file: Path
    """PEM, the certificates that lead to the authority after the own."""
    key_file: Path
    """PEM, readable by its owner alone."""


class PartnersConfig(BaseModel):
    """Another listener, for those who show a certificate (:mod:`chassis.partners`)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bind: Bind
    authority_file: Path
    """PEM of who signs the partners' certificates."""

    @property
    def bind_address(self) -> tuple[str, int]:
        """The address (an IPv6 one without its brackets) and the port to listen on."""
        return _parts(self.bind)


class BackupConfig(BaseModel):
    """What a host that is backed up needs: the key that backups are sealed to, and the ledger of those it erased."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    restore_key_file: Path
    """The X-Wing public key, 1,216 bytes in base64url; its private key is kept offline, at the registrar."""
    erasures_file: Path
    """Outside the database's own backups, on a disk that all processes of the service share."""


class ServiceConfig(BaseModel):
    """What every service is told; each service subclasses it with its own keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: Literal["gateway", "keyvault", "identity", "anon-data", "programs"]
    bind: Bind
    deployment_file: Path
    database: DatabaseConfig
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    cors_origins: list[str] = []
    backup: BackupConfig | None = None
    max_in_flight: int | None = Field(default=None, ge=1)
    """Requests answered at a time (:mod:`chassis.limits`); by default four for each connection of the pool."""

    tls: TlsConfig | None = None
    """Without it the host speaks plain HTTP: on loopback, or behind a proxy of its own."""
    partners: PartnersConfig | None = None
    """Without it partners' calls are answered where everybody's are."""

    @model_validator(mode="after")
    def _partners_by_tls(self) -> Self:
        if self.partners is not None and self.tls is None:
            raise ValueError("partners need tls")
        return self

    @property
    def bind_address(self) -> tuple[str, int]:
        """The address (an IPv6 one without its brackets) and the port to listen on."""
        return _parts(self.bind)


T = TypeVar("T", bound=ServiceConfig)
M = TypeVar("M", bound=BaseModel)


def load_config(path: Path, kind: type[T]) -> T:
    """Read a TOML file into a configuration; relative paths in it are relative to its own folder.

    ``WARIFU_<SERVICE>_DATABASE_URL_FILE`` overrides ``database.url_file`` (relative to the working folder).
    Raises ConfigError naming the file and the key.
    """
    try:
        with path.open("rb") as file:
            raw = tomllib.load(file)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({_reason(error)})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}") from None
    try:
        config = _rebased(kind.model_validate(raw), path.absolute().parent)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(path, raw, dict(item)) for item in error.errors())) from None
    variable = f"WARIFU_{config.host.upper().replace('-', '_')}_DATABASE_URL_FILE"
    if override := os.environ.get(variable):
        database = config.database.model_copy(update={"url_file": Path(override).absolute()})
        config = config.model_copy(update={"database": database})
    return config


def read_secret(path: Path) -> bytes:
    """Return the bytes of a secret kept as unpadded base64url text; raises ConfigError, which never shows the text."""
    return _decoded(path, read_secret_text(path))


def read_base64url(path: Path) -> bytes:
    """Return the bytes of something public kept as unpadded base64url text; raises ConfigError."""
    try:
        return _decoded(path, path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({_reason(error)})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: a key should be ASCII text") from None


def _decoded(path: Path, text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    try:
        secret = base64.urlsafe_b64decode(padded) if _BASE64URL.fullmatch(text) else b""
    except binascii.Error:
        secret = b""
    if not secret or base64.urlsafe_b64encode(secret).rstrip(b"=").decode() != text:
        raise ConfigError(f"{path}: a secret should be unpadded base64url text on one line")
    return secret


def read_secret_text(path: Path) -> str:
    """Return the one line of a secret that is text, such as a database URL; same rules as read_secret."""
    text = read_secret_file(path).strip()
    if not text:
        raise ConfigError(f"{path}: is empty")
    return text


def read_secret_file(path: Path) -> str:
    """Return a secret of several lines, such as a key in PEM; raises ConfigError where others may read it too."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise ConfigError(f"{path}: a secret should be a file")
        if mode & 0o077:
            raise ConfigError(f"{path}: a secret should be readable by its owner alone (chmod 600)")
        return path.read_text(encoding="ascii")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({_reason(error)})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: a secret should be ASCII text") from None


def named_files(config: BaseModel) -> Iterator[tuple[str, Path]]:
    """Yield every path that a configuration names under a key that ends in ``file`` or ``files``, with its key."""
    for key, value in _leaves(config, ""):
        if isinstance(value, Path) and re.search(r"(?:^|_)files?(?:\.|$)", key):
            yield key, value


def _leaves(value: object, key: str) -> Iterator[tuple[str, object]]:
    children: Any = None
    if isinstance(value, BaseModel):
        children = ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, dict):
        children = value.items()
    elif isinstance(value, list | tuple):
        children = enumerate(value)
    if children is None:
        yield key, value
        return
    for name, child in children:
        yield from _leaves(child, f"{key}.{name}" if key else str(name))


def _rebased(model: M, base: Path) -> M:
    return model.model_copy(update={name: _rebase(getattr(model, name), base) for name in type(model).model_fields})


def _rebase(value: Any, base: Path) -> Any:
    if isinstance(value, Path):
        return base / value
    if isinstance(value, BaseModel):
        return _rebased(value, base)
    if isinstance(value, list):
        return [_rebase(item, base) for item in value]
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(_rebase(item, base) for item in value)
    if isinstance(value, dict):
        return {key: _rebase(item, base) for key, item in value.items()}
    return value


def _sentence(path: Path, raw: Any, item: dict[str, Any]) -> str:
    key = ".".join(_written(raw, item["loc"], missing=item["type"] == "missing"))
    what = _KINDS.get(item["type"])
    return f"{path}: {what} `{key}`" if what else f"{path}: key `{key}`: {item['msg']}"


def _written(raw: Any, location: Sequence[int | str], *, missing: bool) -> Iterator[str]:
    """Yield the parts of a key as they stand in the file: which of several forms a table has is no part of it."""
    for place, part in enumerate(location):
        if isinstance(part, int) or (isinstance(raw, dict) and part in raw):
            raw = raw[part]
            yield str(part)
        elif missing and place == len(location) - 1:
            yield str(part)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
