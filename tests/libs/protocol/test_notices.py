"""Notices to suppliers: signed as Standard Webhooks says, and refused when anything of them was changed."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protocol.notices import ID, SIGNATURE, TIMESTAMP, NoticeRefused, OrderNotice, check, notice_id, sign, written
from protocol.signing import SigningKey

KEY = SigningKey(bytes(31) + b"n")
ORDER = bytes(15) + b"o"
BODY = OrderNotice(order=ORDER, state="placed").model_dump_json().encode()
NOW = 1_790_000_000


def test_a_notice_says_no_more_than_an_order_and_its_state() -> None:
    """Its id follows from the change, so whoever gets it twice knows."""
    headers = sign(KEY, notice_id(ORDER, 2), NOW, BODY)
    name, said = check(KEY.public_bytes, headers, BODY, NOW + 299)

    assert (said, set(said.model_dump())) == (OrderNotice(order=ORDER, state="placed"), {"order", "state"})
    assert (name, name == notice_id(ORDER, 3)) == (notice_id(ORDER, 2), False)
    assert written(KEY.public_bytes) == "whpk_" + base64.b64encode(KEY.public_bytes).decode()


def test_one_of_several_signatures_is_enough() -> None:
    """While a key is replaced there are two, separated by a blank; a scheme that is not known is passed over."""
    headers = sign(KEY, "msg_1", NOW, BODY)
    both = {**headers, SIGNATURE: f"v1,AAAA v1a,not-base64 {headers[SIGNATURE]}"}

    assert check(KEY.public_bytes, both, BODY, NOW)[0] == "msg_1"


@given(st.sampled_from([ID, TIMESTAMP, SIGNATURE, "body"]), st.integers(0, 10_000))
def test_nothing_may_be_changed(what: str, at: int) -> None:
    """Id, time, body and signature are bound to each other."""
    headers, body = sign(KEY, "msg_1", NOW, BODY), BODY
    if what == "body":
        body = _flipped(body, at)
    else:
        headers[what] = _flipped(headers[what].encode(), at).decode("latin-1")
    with pytest.raises(NoticeRefused):
        check(KEY.public_bytes, headers, body, NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_notice_is_refused(seconds: int) -> None:
    """What was signed five minutes ago may be somebody's who listened."""
    with pytest.raises(NoticeRefused):
        check(KEY.public_bytes, sign(KEY, "msg_1", NOW, BODY), BODY, NOW + seconds)


@pytest.mark.parametrize("missing", [ID, TIMESTAMP, SIGNATURE])
def test_headers_are_needed(missing: str) -> None:
    """Without one of the three there is nothing to check."""
    headers = sign(KEY, "msg_1", NOW, BODY)
    del headers[missing]
    with pytest.raises(NoticeRefused):
        check(KEY.public_bytes, headers, BODY, NOW)


def test_other_words_are_refused() -> None:
    """A body with more in it is none, whoever signed it."""
    body = BODY[:-1] + b',"name":"x"}'
    with pytest.raises(NoticeRefused):
        check(KEY.public_bytes, sign(KEY, "msg_1", NOW, body), body, NOW)


def _flipped(data: bytes, at: int) -> bytes:
    place = at % len(data)
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
