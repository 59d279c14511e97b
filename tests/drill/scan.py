"""Finds many short byte strings in large files at once."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from protocol.encoding import b64u

_PROBE = 8
_PIECE = 1 << 20


class Needles:
    """Byte strings of at least 8 bytes, found in every spelling a program might write them in."""

    def __init__(self, values: Iterable[bytes], *, spellings: bool = True) -> None:
        self._by_probe: dict[int, list[tuple[bytes, bytes]]] = {}
        for value in set(values):
            if len(value) < _PROBE:
                raise ValueError(f"a needle of {len(value)} bytes would be found everywhere")
            forms = _spellings(value) if spellings else {value}
            for form in forms:
                probe = int.from_bytes(form[:_PROBE], "little")
                self._by_probe.setdefault(probe, []).append((form, value))
        self._probes = np.array(sorted(self._by_probe), dtype=np.uint64)
        # Two bytes decide first, by a table that fits the nearest cache; then three, by one that stays sparse.
        self._two = np.zeros(1 << 16, dtype=bool)
        self._two[(self._probes & np.uint64(0xFFFF)).astype(np.int64)] = True
        self._three = np.zeros(1 << 24, dtype=bool)
        self._three[(self._probes & np.uint64(0xFFFFFF)).astype(np.int64)] = True

    def find(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, value) for every place where a value stands, in order of the offset."""
        if len(data) < _PROBE or not len(self._probes):
            return
        raw = np.frombuffer(data, dtype=np.uint8)
        # In pieces that fit a processor's cache: four times as fast as all at once.
        for begin in range(0, len(data) - _PROBE + 1, _PIECE):
            for offset in self._candidates(raw[begin : begin + _PIECE + _PROBE - 1]):
                start = begin + int(offset)
                probe = int.from_bytes(data[start : start + _PROBE], "little")
                for form, value in self._by_probe[probe]:
                    if data.startswith(form, start):
                        yield start, value

    def _candidates(self, raw: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
        """Return the offsets at which the first eight bytes of some needle stand."""
        wide = raw[: len(raw) - _PROBE + 3].astype(np.uint32)
        pairs = wide[:-2] | wide[1:-1] << 8
        at: np.ndarray[Any, Any] = np.flatnonzero(self._two[pairs])
        at = at[self._three[pairs[at] | wide[at + 2] << 16]]
        if not len(at):
            return at
        words = np.zeros(len(at), dtype=np.uint64)
        for byte in range(_PROBE):
            words |= raw[at + byte].astype(np.uint64) << np.uint64(8 * byte)
        # Not isin: it would sort all probes again for every piece.
        nearest = np.minimum(np.searchsorted(self._probes, words), len(self._probes) - 1)
        found: np.ndarray[Any, Any] = at[self._probes[nearest] == words]
        return found


def _spellings(value: bytes) -> set[bytes]:
    """Return the forms in which a program might write a value: raw, base64 of both alphabets, hexadecimal, JSON, UTF-16."""
    forms = {value, b64u(value).encode(), base64.b64encode(value).rstrip(b"="), value.hex().encode(), value.hex().upper().encode()}
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return forms
    return forms | {json.dumps(text)[1:-1].encode(), text.encode("utf-16-le")}


def files_below(folder: Path) -> list[Path]:
    """Return every regular file below a folder, in a stable order."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
