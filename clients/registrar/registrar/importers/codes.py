"""The one table of report codes: stable slugs that reports, tests and manuals share."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Scope = Literal["file", "row", "item", "note"]


@dataclass(frozen=True, slots=True)
class Code:
    """A report code: what is lost (`scope`) and the sentence people read."""

    slug: str
    scope: Scope
    reason: str


_TABLE = (
    # any file
    Code("format-unknown", "file", "no importer recognises this file"),
    Code("file-too-large", "file", "the file is larger than the limit"),
    Code("file-unreadable", "file", "the file cannot be opened or read"),
    # tables
    Code("encoding-unknown", "file", "the text is neither UTF-8 nor CP932"),
    Code("table-broken", "file", "the table's quoting is broken from this line on; nothing after it was read"),
    Code("table-damaged", "file", "the table's quoting is broken at this line; nothing in the file was read"),
    Code("table-empty", "file", "the table has no header line"),
    Code("columns-missing", "file", "the header line lacks needed columns"),
    Code("columns-repeated", "file", "the header line names a column twice"),
    Code("cells-mismatch", "row", "the line has more or fewer cells than the header"),
    # fields of a person
    Code("field-missing", "row", "a needed field is empty"),
    Code("field-too-long", "row", "a field is longer than its limit"),
    Code("control-character", "row", "a field holds control characters"),
    Code("member-number-bad", "row", "insurer number, number or branch is not made of digits"),
    Code("other-number-bad", "row", "the previous number, or the guardian's branch, is not made of digits"),
    Code("date-bad", "row", "a date does not exist, is not written YYYY-MM-DD, or lies before 1900 (births also: after 2100)"),
    Code("dates-disordered", "row", "birth, acquisition and loss are not in that order"),
    Code("sex-bad", "row", "the sex is neither 1 nor 2"),
    Code("relation-unknown", "row", "the relation is not one of the known words"),
    Code("qualification-unknown", "row", "the qualification is not a code from 1 to 7"),
    Code("email-bad", "row", "the e-mail address is not one"),
    Code("member-repeated", "row", "the same member came on an earlier line, which was kept"),
    # checkups in tables
    Code("ticket-bad", "row", "the ticket's number is not made of up to eleven digits"),
    Code("ticket-repeated", "row", "the same ticket came on an earlier line for somebody else, which was kept"),
    Code("ticket-expired", "note", "the checkup lies after the ticket's last day"),
    Code("program-unknown", "row", "the programme code is not one of the known words"),
    Code("item-repeated", "item", "the same item came earlier in the line, which was kept"),
    Code("item-mark-unknown", "item", "a mark beside a result is none of the format's"),
    # archives
    Code("archive-broken", "file", "the archive is damaged or cut off; nothing in it was read"),
    Code("archive-encrypted", "file", "the archive is encrypted; nothing in it was read"),
    Code("archive-too-large", "file", "the archive holds more, or larger, files than the limits; nothing in it was read"),
    Code("archive-empty", "file", "the archive holds no checkup document"),
    Code("index-missing", "note", "the archive has no index file"),
    Code("index-unreadable", "note", "the archive's index file cannot be understood"),
    Code("index-mismatch", "note", "the index announces another number of documents than the archive holds"),
    # documents
    Code("xml-malformed", "row", "the document is not well-formed XML"),
    Code("xml-doctype", "row", "the document declares a document type or entities, which are never read"),
    Code("namespace-wrong", "row", "the document is in a namespace this format does not have"),
    Code("document-unknown", "row", "the document is none of this format's kinds"),
    Code("document-not-a-checkup", "row", "the document reports neither a checkup nor guidance"),
    Code("json-malformed", "row", "the document is not strict JSON: UTF-8, every key once, numbers that are numbers"),
    Code("lines-damaged", "file", "a line is not strict JSON, or nested too deep; nothing in the file was read"),
    Code("entries-unread", "note", "resources beside the documents were not read; their number"),
    Code("json-too-deep", "row", "the document is nested deeper than the limit"),
    Code("reference-broken", "item", "a section refers to a result that the document does not hold"),
    Code("subject-differs", "item", "a result is about somebody else than the document"),
    Code("result-withdrawn", "item", "a result is marked as entered in error, or with a status of no use"),
    Code(
        "results-outside",
        "note",
        "results to which no section refers are not part of the document; their number",
    ),
    Code("attachment-bad", "row", "the document holds nothing but an attached checkup, which cannot be read"),
    Code("attachment-differs", "row", "the attached checkup is another person's than the document"),
    Code("attachment-unread", "note", "attachments of the document were not read; their number"),
    Code("days-differ", "note", "the document names another day of the examination elsewhere; that of the encounter counts"),
    Code("header-incomplete", "row", "the document's header lacks a needed part"),
    # results
    Code("items-unknown", "note", "results with codes outside the item table were kept as they are; their number"),
    Code("item-code-bad", "item", "a result's code is not 17 letters and digits"),
    Code("guidance-code-bad", "item", "the code of a result of guidance is not ten digits"),
    Code("item-type-mismatch", "item", "a result's value type is not the item's"),
    Code("item-value-missing", "item", "a result has neither a value nor a reason for having none"),
    Code("item-not-a-number", "item", "a result that should be a number is not one"),
    Code("item-unit-unknown", "item", "a result's unit is not the item's"),
    Code("item-not-in-term", "item", "the result's item belongs to another term of 特定健診 than the file"),
    Code("item-out-of-range", "item", "a result is outside what can be typed in for the item"),
    Code("item-choice-unknown", "item", "a coded result is not in its choice list"),
    Code("item-text-too-long", "item", "a text result is longer than 1,000 characters or holds control characters"),
    # receipts
    Code("receipts-encoding", "file", "the file is UTF-8; receipts are CP932. Nothing in it was read"),
    Code(
        "receipts-header-missing",
        "file",
        "a receipt lacks its institution's header (IR, YK); nothing in the file was read",
    ),
    Code("receipts-header-bad", "file", "an institution's header (IR, YK) cannot be read; nothing in the file was read"),
    Code("receipts-total-bad", "file", "the totals (GO) cannot be read; nothing in the file was read"),
    Code("receipts-total-mismatch", "file", "the totals (GO) are not those of the file's receipts; nothing in it was read"),
    Code("receipts-returned", "file", "a file of returned receipts (返戻, .HEN), which are billed anew; nothing in it was read"),
    Code("receipts-cut-off", "file", "the file does not end with its totals (GO), so it is cut off; nothing in it was read"),
    Code("receipt-line-bad", "row", "a line without a record id; the receipt it stands in was left out"),
    Code("receipt-line-stray", "row", "a line of a receipt stands where no receipt began"),
    Code("receipt-record-bad", "row", "a needed record cannot be read, or is there twice; the receipt was left out"),
    Code("receipt-insurer-missing", "row", "the receipt names no insurer (HO), so it is none of ours"),
    Code("receipt-too-long", "row", "the receipt has more than 10,000 lines"),
    Code("receipt-item-bad", "item", "a diagnosis, act, drug, material, comment or narrative cannot be read and was left out"),
    Code("receipt-records-unread", "note", "records that this importer does not read were passed over; their number"),
    Code("cancellation-bad", "row", "the line does not say which receipt is cancelled, or since when"),
    # cancer screenings
    Code(
        "screening-bad",
        "row",
        "the fiscal year is not written YYYY, the screening is none of the five, or the mark is neither 0 nor 1",
    ),
    # prices of drugs
    Code("price-bad", "row", "a code is not nine digits, or a price, family or mark has not its form"),
    Code("price-repeated", "row", "the drug stands on an earlier line with another price"),
)

CODES: Mapping[str, Code] = MappingProxyType({code.slug: code for code in _TABLE})
