"""JSON that two readers could read differently is refused, and nothing of it is repeated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.strict_json import JsonRefused, loads, loads_object

SECRET = "himitsu"
DEEP = 100_000

_VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b'{"a":1,"b":{"a":2}}', {"a": 1, "b": {"a": 2}}),
        (b" [1, 2.5, true, null]\n", [1, 2.5, True, None]),
        ('"割符"'.encode(), "割符"),
        (b'{"":0}', {"": 0}),
        (b'["\\ud83d\\ude00", "\\\\ud800"]', ["😀", "\\ud800"]),
    ],
)
def test_plain_json_is_read(raw: bytes, value: object) -> None:
    """Values, blanks and the same key at different depths are as in every reader."""
    assert loads(raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b'{"himitsu":1,}',
        b'{"himitsu":1,"himitsu":1}',
        b'{"a":{"himitsu":1,"himitsu":2}}',
        b'[{"\\u0068imitsu":1,"himitsu":2}]',
        b'{"himitsu":NaN}',
        b'{"himitsu":-Infinity}',
        b'{"himitsu":1}{}',
        b"\xef\xbb\xbf{}",
        b'"himitsu\xff"',
        b'"himitsu\n"',
        b'"\xed\xa0\x80"',
        b'"himitsu\\ud800"',
        b'{"a":["\\udc00\\ud800"]}',
        b'{"\\uDFFFhimitsu":1}',
        '{"himitsu":1}'.encode("utf-16"),
        b"[" * DEEP,
        b"[" * DEEP + b"]" * DEEP,
        b'{"a":' * DEEP,
        b"1" * 10_000,
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_other_bytes_are_refused(raw: bytes) -> None:
    """Whatever is wrong ends with the one error; neither it nor what it came from repeats the input."""
    with pytest.raises(JsonRefused) as caught:
        loads(raw)

    assert (str(caught.value), caught.value.__cause__, caught.value.__suppress_context__) == ("not strict JSON", None, True)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("raw", [b"[]", b'"himitsu"', b"1", b"true", b"null", b'[["himitsu",1]]'])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    """Where an object is expected nothing else passes, a list of pairs neither."""
    with pytest.raises(JsonRefused) as caught:
        loads_object(raw)

    assert str(caught.value) == "not a JSON object"


def test_the_error_is_a_value_error() -> None:
    """A validator that calls the parser turns it into its own refusal."""
    assert issubclass(JsonRefused, ValueError)


@given(st.dictionaries(st.text(), _VALUES))
def test_what_was_written_is_read(value: dict[str, object]) -> None:
    """Every object of the standard writer comes back as it was."""
    import json

    assert loads_object(json.dumps(value).encode()) == value


@given(st.binary(max_size=64))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """No input raises anything else."""
    try:
        outcome = type(loads(raw)).__name__
    except JsonRefused:
        outcome = "refused"

    assert outcome in {"refused", "dict", "list", "str", "int", "float", "bool", "NoneType"}
