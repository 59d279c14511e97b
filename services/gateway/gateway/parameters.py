"""Request parameters, read strictly: each at most once, only what can be read in one way (RFC 6749 section 3.1)."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

FORM = "application/x-www-form-urlencoded"
MOST_PARAMETERS = 40
LONGEST_VALUE = 4096
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


class ParametersRefused(Exception):
    """Parameters are not form-encoded UTF-8, too many, too long, or repeated."""


class Parameters:
    """The parameters of one request. An empty value counts as absent (RFC 6749 section 3.1)."""

    def __init__(self, encoded: bytes) -> None:
        """Parse a query string or a form body."""
        self._values: dict[str, list[str]] = {}
        try:
            text = encoded.decode("ascii")
            if _BROKEN_ESCAPE.search(text):
                raise ParametersRefused
            pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
        except ValueError as error:
            raise ParametersRefused from error
        for name, value in pairs:
            if len(value) > LONGEST_VALUE or "\0" in name or "\0" in value:
                raise ParametersRefused
            if value:
                self._values.setdefault(name, []).append(value)
            else:
                self._values.setdefault(name, [])

    @classmethod
    def of_form(cls, headers: Mapping[str, str], body: bytes) -> "Parameters":
        """Parse the body of a form post."""
        kind, _, rest = headers.get("content-type", "").partition(";")
        if kind.strip().lower() != FORM or rest.strip().lower() not in ("", "charset=utf-8"):
            raise ParametersRefused
        return cls(body)

    def __contains__(self, name: str) -> bool:
        """Whether a parameter was sent, even without a value."""
        return name in self._values

    def one(self, name: str) -> str | None:
        """Return a parameter that may be sent once; None when it is absent."""
        values = self._values.get(name, [])
        if len(values) > 1:
            raise ParametersRefused
        return values[0] if values else None

    def many(self, name: str) -> list[str]:
        """Return a parameter that may be repeated, such as ``resource`` (RFC 8707 section 2)."""
        return self._values.get(name, [])

    def refuse_repeats(self, *repeatable: str) -> None:
        """Refuse every parameter sent twice, the unknown ones included, but the named ones."""
        if any(len(values) > 1 for name, values in self._values.items() if name not in repeatable):
            raise ParametersRefused
