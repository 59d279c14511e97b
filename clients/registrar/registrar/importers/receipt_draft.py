"""One receipt while its lines come in: kept whole or not at all, but for single lines of its content."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from protocol.encoding import lp, sha256

from .receipt_cells import CellError
from .receipt_content import Content
from .receipt_dental import DentalContent
from .receipt_head import (
    DENTAL,
    MEDICAL,
    PHARMACY,
    Common,
    Header,
    Insurer,
    parse_branch,
    parse_common,
    parse_group,
    parse_insurer,
    parse_public,
)
from .receipt_lines import Record
from .receipt_pharmacy import PharmacyContent
from .receipt_rows import Identifying, PublicPayer, ReceiptKind, ReceiptRow
from .receipt_types import insured_of, is_inpatient
from .report import Accepted, Rejected
from .text import fold

Part = TypeVar("Part")

MOST_RECORDS = 10_000
"""Lines of one receipt; the longest stays in hospital have some thousand."""
_MOST_PUBLIC = 4
_ANY_MONTH = date(2000, 1, 1)
"""31 days, for the content of receipts whose month cannot be read."""
_CONTENTS: dict[str, type[Content]] = {MEDICAL: Content, DENTAL: DentalContent, PHARMACY: PharmacyContent}


@dataclass
class Draft:
    """A receipt since its first record (RE) at `line`; reports come out in the order of the lines."""

    where: str
    line: int
    header: Header
    common: Common | None = None
    _insurer: Insurer | None = None
    _branch: str | None = None
    _group: str | None = None
    _public: list[PublicPayer] = field(default_factory=list)
    _recipients: list[str] = field(default_factory=list)
    _content: Content = field(default_factory=lambda: Content(_ANY_MONTH))
    _reports: list[Rejected] = field(default_factory=list)
    _lost: bool = False
    _records: int = 0
    _noted: list[bytes] = field(default_factory=list)
    """A SHA-256 for each record so far."""

    @classmethod
    def begin(cls, record: Record, header: Header, where: str) -> "Draft":
        """Begin with the receipt's first record, readable or not."""
        draft = cls(where, record.line, header, _content=_CONTENTS[header.table](_ANY_MONTH))
        draft.note(record)
        try:
            draft.common = parse_common(record, header)
            draft._content.claim_month = draft.common.claim_month
            draft._content.started = draft.common.started
        except CellError as problem:
            draft._lose(record.line, "receipt-record-bad", problem.about)
        return draft

    def note(self, record: Record) -> None:
        """Let a record count for the digest, whatever is read of it."""
        cells = [fold(cell) for cell in record.cells or ()]
        while cells and not cells[-1]:
            cells.pop()
        self._noted.append(sha256(lp("receipt-record", record.name, *cells)))

    @property
    def content_names(self) -> tuple[str, ...]:
        """The ids of the records that such a receipt has many of, and that are read."""
        return self._content.NAMES

    def broken(self, line: int) -> None:
        """Note a line of which nobody can say what it was, perhaps the next receipt's first."""
        self._lose(line, "receipt-line-bad")

    def head(self, record: Record) -> None:
        """Take HO, KO, SN or BU; what cannot be read costs the receipt."""
        try:
            if record.name == "HO":
                self._insurer = self._once(self._insurer, parse_insurer(record, self.header), "HO")
            elif record.name == "SN":
                self._branch = self._once(self._branch, parse_branch(record), "SN")
            elif record.name == "BU":
                self._group = self._once(self._group, parse_group(record), "BU")
            else:
                self._payer(record)
        except CellError as problem:
            self._lose(record.line, "receipt-record-bad", problem.about)

    def content(self, record: Record) -> None:
        """Take a diagnosis, act, drug, material, comment or narrative; what cannot be read is left out."""
        self._records += 1
        if self._records > MOST_RECORDS:
            if self._records == MOST_RECORDS + 1:
                self._lose(record.line, "receipt-too-long")
            return
        try:
            self._content.add(record)
        except CellError as problem:
            self._reports.append(Rejected(self.where, record.line, "receipt-item-bad", problem.about))

    def finish(self) -> Iterator[Accepted[ReceiptRow] | Rejected]:
        """Yield the row unless the receipt is lost, then the reports."""
        self._content.close()
        if not self._lost and self._insurer is None:
            self._reports.insert(0, Rejected(self.where, self.line, "receipt-insurer-missing"))
        elif not self._lost and self.common is not None and self._insurer is not None:
            yield Accepted(self.where, self.line, self._row(self.common, self._insurer))
        yield from self._reports

    def _lose(self, line: int, code: str, about: str = "") -> None:
        self._lost = True
        self._reports.append(Rejected(self.where, line, code, about))

    def _payer(self, record: Record) -> None:
        payer, recipient = parse_public(record, self.header)
        if len(self._public) == _MOST_PUBLIC:
            raise CellError("KO repeated")
        self._public.append(payer)
        self._recipients.append(recipient)

    @staticmethod
    def _once(before: Part | None, now: Part, name: str) -> Part:
        if before is not None:
            raise CellError(f"{name} repeated")
        return now

    def _kind(self) -> ReceiptKind:
        if self.header.table == MEDICAL:
            return "medical" if self._group is None else "dpc"
        return "dental" if self.header.table == DENTAL else "pharmacy"

    def _row(self, common: Common, insurer: Insurer) -> ReceiptRow:
        return ReceiptRow(
            insurer_number=insurer.insurer_number,
            symbol=insurer.symbol,
            number=insurer.number,
            branch=self._branch,
            birth_date=common.birth_date,
            sex=common.sex,
            kana_name=common.kana_name,
            claim_month=common.claim_month,
            billing_month=self.header.billing_month,
            kind=self._kind(),
            receipt_type=common.receipt_type,
            inpatient=is_inpatient(common.receipt_type),
            insured=insured_of(common.receipt_type),
            days=insurer.days,
            points=insurer.points,
            own_payment=insurer.own_payment,
            public_payers=tuple(self._public),
            diagnosis_group=self._group,
            diagnoses=tuple(self._content.diagnoses),
            entries=tuple(self._content.entries),
            identifying=Identifying(
                institution=self.header.institution,
                receipt_number=common.receipt_number,
                search_number=common.search_number,
                written_name=common.written_name,
                chart_number=common.chart_number,
                recipients=tuple(self._recipients),
                texts=tuple(self._content.texts),
            ),
            digest=sha256(*self._noted),
        )
