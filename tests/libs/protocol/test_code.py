"""Codes of letters and cards: their printed form, and what is derived from them."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protocol.bech32m import CHARACTERS
from protocol.code import Code, CodeError, CodeKeys, PinError, verify_code
from protocol.names import AUTHORITIES, AuthorityName
from protocol.signing import SignatureRefused

CODES = st.binary(min_size=16, max_size=16).map(Code)
TYPED = "".join(chr(number) for number in range(0x21, 0x7F) if chr(number) != "-")
LOOK_ALIKES = {"0": "0oO", "l": "lL1iI", "8": "8bB"}
BLANKS = ("", "-", " ", "\u3000", "‐", "－", "ー", "\n", "\u200b", "–")
H = bytes(range(32))


def read(text: str) -> Code | str:
    """Return the code that a text is read as, or the fault found in it."""
    try:
        return Code.parse(text)
    except CodeError as error:
        return error.fault


@given(CODES)
def test_the_printed_form(code: Code) -> None:
    """Upper case in groups of four, alphanumeric for the QR code, and both are read again."""
    assert [len(group) for group in code.groups] == [4] * 8 + [3]
    assert code.text == "-".join(code.groups)
    assert (code.qr, code.qr.upper(), len(code.qr)) == (code.text.replace("-", ""), code.qr, 35)
    assert set(code.qr[3:].lower()) <= set(CHARACTERS)
    assert (Code.parse(code.text), Code.parse(code.qr)) == (code, code)


def test_codes_are_random() -> None:
    """No two fresh codes are the same."""
    assert len({Code.fresh() for _ in range(1000)}) == 1000


@given(CODES, st.data())
def test_any_spelling_is_the_same_code(code: Code, data: st.DataObject) -> None:
    """Case, width, hyphens, blanks and look-alikes do not count."""
    written = ""
    for place, character in enumerate(code.qr.lower()):
        spelt = data.draw(st.sampled_from(LOOK_ALIKES.get(character, character)), label="character")
        spelt = data.draw(st.sampled_from("1lLiI"), label="separator") if place == 2 else spelt
        spelt = data.draw(st.sampled_from([spelt, spelt.upper(), chr(ord(spelt) + 0xFEE0)]), label="width")
        written += spelt + data.draw(st.sampled_from(BLANKS), label="blank")

    assert Code.parse(written) == code


def folded(character: str) -> str:
    """Return the character of a code that a typed one is read as."""
    lower = character.lower()
    return next((meant for meant, looks in LOOK_ALIKES.items() if lower in looks), lower)


@settings(max_examples=10)
@given(CODES)
def test_every_wrong_character_is_noticed(code: Code) -> None:
    """No single character can be another one, wherever it is, but one that looks like it."""
    qr = code.qr
    missed = [
        (place, typed)
        for place, typed in itertools.product(range(len(qr)), TYPED)
        if read(qr[:place] + typed + qr[place + 1 :]) not in ("character", "checksum") and folded(typed) != folded(qr[place])
    ]

    assert missed == []


@given(CODES)
def test_changed_places_are_noticed(code: Code) -> None:
    """Two neighbours that changed places are noticed, unless they look alike."""
    qr = code.qr
    changed = [qr[:place] + qr[place + 1] + qr[place] + qr[place + 2 :] for place in range(len(qr) - 1)]
    alike = [folded(qr[place]) == folded(qr[place + 1]) for place in range(len(qr) - 1)]

    assert [read(text) == code for text in changed] == alike


@given(CODES)
def test_missing_and_doubled_characters_are_noticed(code: Code) -> None:
    """A character too few or too many is a wrong length."""
    missing = {read(code.qr[:place] + code.qr[place + 1 :]) for place in range(35)}
    doubled = {read(code.qr[:place] + code.qr[place] + code.qr[place:]) for place in range(35)}

    assert (missing, doubled) == ({"length"}, {"length"})


@given(CODES, st.data())
def test_up_to_four_wrong_characters_are_noticed(code: Code, data: st.DataObject) -> None:
    """Bech32m promises this for any four."""
    places = data.draw(st.sets(st.integers(3, 34), min_size=1, max_size=4))
    typed = list(code.qr.lower())
    for place in places:
        typed[place] = data.draw(st.sampled_from([other for other in CHARACTERS if other != typed[place]]))

    assert read("".join(typed)) == "checksum"


@given(st.text(max_size=60))
def test_errors_are_silent(text: str) -> None:
    """Whatever is no code is refused in one of three sentences, which never hold it."""
    with pytest.raises(CodeError) as caught:
        Code.parse(text)

    assert str(caught.value) in SENTENCES
    assert caught.value.__context__ is None or caught.value.__suppress_context__


SENTENCES = (
    "a code has 35 characters; one is missing or too many",
    "a code begins with WF1 and holds only its 32 letters and digits",
    "some character of the code is another one, or two have changed places",
)


def test_a_code_of_another_prefix_is_refused() -> None:
    """Bech32m of something else is not a code."""
    assert (read("bc1" + "q" * 32), read("A1LQFN3A")) == ("character", "length")


def test_nothing_is_shown() -> None:
    """Neither a code nor its keys appear in a representation."""
    code = Code(bytes(16))
    keys = code.keys("gateway")

    assert (repr(code), str(code), repr(keys)) == ("Code()", "Code()", "CodeKeys(host='gateway')")


@pytest.mark.parametrize("size", [0, 15, 17])
def test_other_sizes_are_no_codes(size: int) -> None:
    """A code has sixteen bytes."""
    with pytest.raises(CodeError) as caught:
        Code(bytes(size))

    assert caught.value.fault == "length"


def shown(keys: CodeKeys) -> tuple[bytes, bytes]:
    return keys.handle, keys.public_bytes


def test_authorities_share_nothing() -> None:
    """Handles and keys of the three authorities, and of another code or PIN, have nothing in common."""
    codes = (Code(bytes(16)), Code(bytes(15) + b"\1"))
    pins = (None, "135792", "135793")
    made = {(at, pin, host): shown(codes[at].keys(host, pin)) for at in (0, 1) for pin in pins for host in AUTHORITIES}

    assert len({public for _, public in made.values()}) == len(made)
    assert {key: handle for key, (handle, _) in made.items()} == {key: made[key[0], None, key[2]][0] for key in made}
    assert len({handle for handle, _ in made.values()}) == 6


def test_a_pin_in_any_width() -> None:
    """A PIN typed in full width is the same PIN; the handle is found without it."""
    code = Code(bytes(16))

    assert code.keys("identity", "１３５７９２") == code.keys("identity", "135792")
    assert code.keys("identity", "135792").public_bytes == code.keys("identity", "１３５７９２").public_bytes


@pytest.mark.parametrize("pin", ["", "12345", "ｶﾞｷﾞｸﾞ", "１２３４５", "12345\ud800"])
def test_a_pin_is_long_enough(pin: str) -> None:
    """Fewer than six characters after NFKC are refused, as is what is no text; the message does not repeat them."""
    with pytest.raises(PinError) as caught:
        Code(bytes(16)).keys("gateway", pin)

    assert str(caught.value) == "a PIN has at least 6 letters, digits or other characters"
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_pin_is_stretched_once() -> None:
    """Three authorities cost one stretching; another PIN is stretched anew."""
    code = Code(bytes(16))
    code.keys("gateway", "135792")
    first = code._stretched
    code.keys("keyvault", "135792")
    second = code._stretched
    code.keys("identity", "975312")

    assert (first is second, code._stretched is second) == (True, False)


@given(CODES, st.sampled_from(AUTHORITIES))
def test_a_code_signs_one_statement(code: Code, host: AuthorityName) -> None:
    """The signature is of this statement and of nothing else."""
    keys = code.keys(host)
    signature = keys.sign(H)
    verify_code(keys.public_bytes, signature, H)
    wrong: list[tuple[Any, Any, Any]] = [
        (keys.public_bytes, signature, H[::-1]),
        (keys.public_bytes, bytes([signature[0] ^ 1]) + signature[1:], H),
        (Code.fresh().keys(host).public_bytes, signature, H),
        (b"", signature, H),
    ]

    assert [_accepted(*case) for case in wrong] == [False] * 4


def _accepted(public: bytes, signature: bytes, h: bytes) -> bool:
    try:
        verify_code(public, signature, h)
    except SignatureRefused:
        return False
    return True
