"""The ZIP archive of one fiscal year, named and laid out as the transfer specification says."""

from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from health.items import CHOICE_ROOT

from .sites import INSURER_NUMBER

SENDER = "9910000018"
INDEX_NAMESPACE = "https://www.mhlw.go.jp/stf/seisakunitsuite/bunya/0000161103.html"
_README = (
    "The transfer format asks for the ministry's schema files in this folder.\n"
    "They were not given to the generator (option `schemas`), so they are not here.\n"
)
_EPOCH = (2000, 1, 1, 0, 0, 0)
_LETTERS = {"1": "h", "2": "g"}
"""With which a document's name begins, by what is in the archive."""


class CheckupArchive:
    """Write documents one by one, then the index with their number; a context manager.

    Equal content gives equal bytes: entries carry no clock time. `kind` is 1 for checkups, 2 for guidance (実施区分).
    """

    def __init__(self, folder: Path, written: date, schemas: Path | None = None, *, kind: str = "1") -> None:
        self.count = 0
        self._kind = kind
        self._written = f"{written:%Y%m%d}"
        self.root = f"{SENDER}_{INSURER_NUMBER}_{self._written}0_{kind}"
        self.path = folder / f"{self.root}.zip"
        self._zip = ZipFile(self.path, "w", ZIP_DEFLATED, compresslevel=4)
        self._add_schemas(schemas)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._add("ix08_V08.xml", self._index())
        self._zip.close()

    def add(self, document: bytes, institution: str) -> None:
        """Store one person's document under the name the specification gives it."""
        self.count += 1
        letter = _LETTERS[self._kind]
        self._add(f"DATA/{letter}{institution}{self._written}0{self._kind}{self.count:06d}.xml", document)

    def _add(self, name: str, content: bytes) -> None:
        entry = ZipInfo(f"{self.root}/{name}", _EPOCH)
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = 0o644 << 16
        self._zip.writestr(entry, content)

    def _add_schemas(self, schemas: Path | None) -> None:
        found = sorted(schemas.rglob("*.xsd")) if schemas is not None else []
        for path in found:
            self._add(f"XSD/{path.relative_to(schemas or path).as_posix()}", path.read_bytes())
        if not found:
            self._add("XSD/README.txt", _README.encode())

    def _index(self) -> bytes:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<index xmlns="{INDEX_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
            f' xsi:schemaLocation="{INDEX_NAMESPACE} ./XSD/ix08_V08.xsd">\n'
            '<interactionType code="6"/>\n'
            f'<creationTime value="{self._written}"/>\n'
            f'<sender><id root="{CHOICE_ROOT}102" extension="{SENDER}"/></sender>\n'
            f'<receiver><id root="{CHOICE_ROOT}101" extension="{INSURER_NUMBER}"/></receiver>\n'
            f'<serviceEventType code="{self._kind}"/>\n'
            f'<totalRecordCount value="{self.count}"/>\n'
            "</index>\n"
        ).encode()
