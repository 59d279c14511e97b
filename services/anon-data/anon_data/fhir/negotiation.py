"""Which format an answer is wanted in, and a body is in. Both are JSON, under any of its names."""

from anon_data.fhir.errors import BodyRefused, FormatRefused

JSON = frozenset({"application/fhir+json", "application/json", "text/json", "json"})
NDJSON = frozenset({"application/fhir+ndjson", "application/ndjson", "application/x-ndjson", "ndjson"})
_BODIES = frozenset({"application/fhir+json", "application/json"})
_ANY = frozenset({"*/*", "application/*"})
_VERSIONS = frozenset({"4.0", "4.0.1"})


def accept(header: str | None, asked: str | None, names: frozenset[str] = JSON) -> None:
    """Raise FormatRefused unless the answer may be of a media type of these names; ``_format`` (``asked``) goes before Accept."""
    wanted = [asked.replace(" ", "+")] if asked else (header or "*/*").split(",")
    if not any(_fits(one, names | _ANY) for one in wanted):
        raise FormatRefused


def require_json(content_type: str | None) -> None:
    """Raise BodyRefused unless a body is JSON."""
    if not _fits(content_type or "", _BODIES):
        raise BodyRefused


def _fits(text: str, names: frozenset[str]) -> bool:
    name, *parameters = [part.strip().lower() for part in text.split(";")]
    said = dict(parameter.partition("=")[::2] for parameter in parameters)
    charset = said.get("charset", "utf-8").strip('"')
    return (
        name in names
        and charset == "utf-8"
        and said.get("fhirversion", "4.0").strip('"') in _VERSIONS
        and said.get("q", "1") not in ("0", "0.0", "0.00", "0.000")
    )
