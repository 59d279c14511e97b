"""What every authority is told besides what every service is told."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from chassis.config import ServiceConfig
from protocol.names import AuthorityName
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

Generation = Annotated[int, Field(ge=2, le=32767)]
"""Of roots that give shares alone; generation 1 is the root. Numbers are not used again, so a table of them, and no list."""


class FileKeysConfig(BaseModel):
    """Root and signing key in files: 32 bytes each, unpadded base64url, readable by their owner alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: Literal["file"] = "file"
    root_file: Path
    signing_file: Path
    share_root_files: dict[Generation, Path] = {}
    """Roots of later generations, by number; new shares come from the newest."""

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        _require_different(self.root_file, self.signing_file, *self.share_root_files.values())
        return self


class Pkcs11KeysConfig(BaseModel):
    """Root and signing key inside a PKCS#11 token, which computes with them and never shows them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    store: Literal["pkcs11"]
    module: Path
    """The vendor's library."""
    token: str
    """Label of the token."""
    pin_file: Path
    """The user's PIN, one line, readable by its owner alone."""
    root_label: str
    signing_label: str
    share_root_labels: dict[Generation, str] = {}
    """Roots of later generations, by number; new shares come from the newest."""

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        _require_different(self.root_label, self.signing_label, *self.share_root_labels.values())
        return self


def _store_of(value: Any) -> str | None:
    found = value.get("store", "file") if isinstance(value, Mapping) else getattr(value, "store", None)
    return found if isinstance(found, str) else None


BY_STORE = Discriminator(
    _store_of, custom_error_type="key_store", custom_error_message="`store` should be file or pkcs11, and file needs no saying"
)
"""Chooses among tables of keys by their ``store``; each is tagged with its own."""

KeysConfig = Annotated[Annotated[FileKeysConfig, Tag("file")] | Annotated[Pkcs11KeysConfig, Tag("pkcs11")], BY_STORE]
"""Where the secrets of an authority are."""


class AuthorityConfig(ServiceConfig):
    """Configuration of an authority."""

    host: AuthorityName
    keys: KeysConfig
    releases_per_day: int = Field(default=50, ge=1)
    """Releases of one member from one seal, or one midnight (UTC), to the next."""
    code_tries_per_day: int = Field(default=10, ge=1, le=100)
    """Wrong tries of one code from one seal, or one midnight (UTC), to the next."""
    session_seconds: int = Field(default=8 * 3600, ge=60, le=11 * 3600)
    """How long a release may be read again, and how long the end of a session is remembered.

    A release in the last minute of a session lasts as long again, and its end is remembered for as long: 24 hours hold both.
    """


def _require_different(*places: object) -> None:
    if len(set(places)) != len(places):
        raise ValueError("two keys have the same place")
