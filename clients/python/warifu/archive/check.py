"""Whether an archive is as it was written: needs no session and asks nobody."""

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from protocol.archive import verify_archive
from protocol.deployment import B64
from protocol.encoding import EncodingError, sha256, unb64u
from protocol.messages.base import Bytes32
from protocol.signing import SignatureRefused
from pydantic import BaseModel, ConfigDict, ValidationError

from warifu.errors import InputRefused

from .pack import MANIFEST, SIGNATURE

_MOST_FILES, _MOST_BYTES = 1000, 1 << 30


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    bytes: int
    sha256: Bytes32


class _Manifest(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    v: int
    made: str
    key: B64
    files: tuple[_File, ...]


@dataclass(frozen=True)
class Archive:
    """An archive that is as it was written."""

    made: str
    """The day, ISO 8601."""
    key: bytes
    """The public key that signed, 32 bytes: the same in all archives of one member."""
    files: Mapping[str, bytes]
    """By name, without manifest and signature."""


def checked(content: bytes) -> Archive:
    """Return an archive's files; raises InputRefused (``archive``) unless each is as the signature says, and none beside them.

    The signature shows that whoever held the member's keys wrote it so. Who the member is, and whether hosts and insurer told the
    truth, it does not show.
    """
    files = _files(content)
    raw, signature = files.pop(MANIFEST, b""), files.pop(SIGNATURE, b"")
    try:
        manifest = _Manifest.model_validate_json(raw)
        verify_archive(manifest.key, unb64u(signature.decode()), raw)
    except (ValidationError, EncodingError, UnicodeDecodeError, SignatureRefused):
        # The chain is cut: an error may quote the archive.
        raise InputRefused("archive", "the archive is not signed as it must be") from None
    listed = {one.name: (one.bytes, one.sha256) for one in manifest.files}
    if listed != {name: (len(one), sha256(one)) for name, one in files.items()} or len(listed) != len(manifest.files):
        raise InputRefused("archive", "the archive was changed after it was signed")
    return Archive(manifest.made, manifest.key, files)


def _files(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            if len(names) != len(infos) or len(infos) > _MOST_FILES or sum(info.file_size for info in infos) > _MOST_BYTES:
                raise InputRefused("archive", "the archive holds more than an archive does")
            return {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error):
        raise InputRefused("archive", "the file is no archive, or damaged") from None
