"""Parsing XML from outside: no document types, no entities, no network, no huge trees."""

from lxml import etree


class XmlError(Exception):
    """The document cannot be read; `code` is a report code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse(content: bytes) -> etree._Element:
    """Return the root element. XmlError with `xml-doctype` for any document type declaration, else `xml-malformed`.

    The bytes are searched for a declaration before the parser sees them; encodings that hide it from the search (UTF-16, UTF-7)
    are caught by the second look at the tree, and meanwhile the parser expands nothing.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise XmlError("xml-doctype")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise XmlError("xml-malformed") from None
    info: etree.DocInfo = root.getroottree().docinfo
    if info.internalDTD is not None:
        raise XmlError("xml-doctype")
    return root


def all_text(element: etree._Element) -> str:
    """Return the element's text with that of its children, without what follows it."""
    return "".join(str(part) for part in element.itertext(with_tail=False))


def line_of(element: etree._Element) -> int | None:
    """Return the line on which the element starts, where the parser knows it."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None
