"""Long plaintexts sealed to an X-Wing key in pieces, each bound to its place; the last one says that it is the last.

| bytes | content |
|---|---|
| 4 + n | length of the sealed key, and the key: X-Wing, info as given |
| 4 + n a piece | length (highest bit set for the last one), and the piece: AES-256-GCM, associated data LP(`stream`, place, last) |
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

from .encoding import lp
from .sealing import OpenError, XWingPrivateKey, seal, seal_xwing, unseal

PIECE_BYTES = 1 << 20
_LAST = 1 << 31
_LONGEST = PIECE_BYTES + 4096


class SealingFile:
    """Writes what it is given to a file, sealed; without ``close`` the file does not open."""

    def __init__(self, file: BinaryIO, public: bytes, info: bytes) -> None:
        self._file = file
        self._key = os.urandom(32)
        self._waiting = bytearray()
        self._place = 0
        sealed = seal_xwing(public, self._key, info)
        file.write(len(sealed).to_bytes(4) + sealed)

    def write(self, data: bytes) -> None:
        """Add bytes."""
        self._waiting += data
        while len(self._waiting) > PIECE_BYTES:
            self._piece(bytes(self._waiting[:PIECE_BYTES]), last=False)
            del self._waiting[:PIECE_BYTES]

    def close(self) -> None:
        """Write the last piece."""
        self._piece(bytes(self._waiting), last=True)

    def _piece(self, plaintext: bytes, *, last: bool) -> None:
        sealed = seal(self._key, plaintext, lp("stream", self._place, int(last)))
        self._file.write((len(sealed) | (_LAST if last else 0)).to_bytes(4) + sealed)
        self._place += 1


class OpeningFile:
    """Reads what a :class:`SealingFile` wrote, or raises :class:`OpenError`."""

    def __init__(self, file: BinaryIO, private: XWingPrivateKey, info: bytes) -> None:
        self._pieces = _pieces(file, private, info)
        self._left = memoryview(b"")

    def read(self, count: int) -> bytes:
        """Return exactly so many bytes."""
        found = bytearray()
        while len(found) < count:
            if not self._left:
                self._left = memoryview(self._next())
                continue
            taken = self._left[: count - len(found)]
            found += taken
            self._left = self._left[len(taken) :]
        return bytes(found)

    def end(self) -> None:
        """Raise unless everything was read."""
        if self._left or any(self._pieces):
            raise OpenError("a sealed file goes on")

    def _next(self) -> bytes:
        piece = next(self._pieces, None)
        if piece is None:
            raise OpenError("a sealed file ends too early")
        return piece


def _pieces(file: BinaryIO, private: XWingPrivateKey, info: bytes) -> Iterator[bytes]:
    key = private.open(_framed(file)[0], info)
    place, last = 0, False
    while not last:
        sealed, last = _framed(file)
        yield unseal(key, sealed, lp("stream", place, int(last)))
        place += 1
    if file.read(1):
        raise OpenError("bytes after the last piece of a sealed file")


def _framed(file: BinaryIO) -> tuple[bytes, bool]:
    head = int.from_bytes(file.read(4))
    length, last = head & (_LAST - 1), bool(head & _LAST)
    sealed = file.read(length) if 0 < length <= _LONGEST else b""
    if not sealed or len(sealed) != length:
        raise OpenError("a sealed file is cut off")
    return sealed, last
