"""Large files are read in a process of their own: parsing takes most of an import's time and needs nothing of the rest.

The process reads a bounded number of rows ahead while this one looks members up, seals and sends. What it hands over goes through
memory alone, and it ends with whoever reads.
"""

import multiprocessing
import queue
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import TypeVar

from .errors import RegistrarError
from .importers import Accepted, Importer, Rejected, discover

LARGE = 2 * 1024 * 1024
"""Bytes of a file for which a process of its own pays: it takes about a second to start."""
_TOGETHER = 50
_AHEAD = 100
"""Pieces of so many rows that are read ahead at most."""
# A fork would copy this process with its threads and open connections.
_SPAWN = multiprocessing.get_context("spawn")

Row = TypeVar("Row")


class ReadingBroken(RegistrarError):
    """The process that read a file ended before the file did."""


def outcomes(importer: Importer[Row], path: Path, large: int = LARGE) -> Iterator[Accepted[Row] | Rejected]:
    """Return what the importer says of the file, in the same order whoever reads it. A profile's importer reads here."""
    return ahead(importer, path) if path.stat().st_size >= large and importer in discover() else importer.read(path)


def ahead(importer: Importer[Row], path: Path) -> Iterator[Accepted[Row] | Rejected]:
    """Read the file in another process; raises ReadingBroken where that fails."""
    here, there = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_read, args=(importer.name, path, there), daemon=True)
    process.start()
    there.close()
    try:
        while piece := here.recv():
            yield from piece
    except (EOFError, OSError):  # the end, and the end within a piece
        raise ReadingBroken("reading a file broke off") from None
    finally:
        process.kill()
        process.join()
        here.close()


def _read(name: str, path: Path, out: "Connection[list[object], None]") -> None:
    pieces = queue.Queue[list[object]](_AHEAD)
    sender = Thread(target=_send, args=(pieces, out), daemon=True)
    sender.start()
    # An error would be printed with what it quotes; the reader learns from the end that there was one.
    with suppress(Exception):
        found = next(one for one in discover() if one.name == name).read(path)
        while piece := list[object](islice(found, _TOGETHER)):
            pieces.put(piece)
        pieces.put([])
        sender.join()


def _send(pieces: "queue.Queue[list[object]]", out: "Connection[list[object], None]") -> None:
    while piece := pieces.get():
        out.send(piece)
    out.send([])
