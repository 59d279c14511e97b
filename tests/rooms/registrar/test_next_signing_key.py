"""While an authority's signing key is replaced, the registrar takes first shares that either key signed."""

import os

import pytest
from protocol.authority_keys import AuthorityKeys
from protocol.messages.enrolment import Enrolled, enrolment_info, enrolment_signed
from protocol.sealing import XWingPrivateKey, seal_xwing
from protocol.signing import SigningKey
from registrar.enrolments import _open
from registrar.errors import AnswerRefused


def test_first_shares_of_either_key() -> None:
    """Shares open under the present and the next key, and under no other."""
    root, seeds = os.urandom(32), [os.urandom(32) for _ in range(3)]
    pinned = AuthorityKeys("gateway", root, seeds[0]).public()
    pinned = pinned.model_copy(update={"signing_next": SigningKey(seeds[1]).public_bytes})
    hpke, info = XWingPrivateKey.generate(), enrolment_info("gateway", os.urandom(16), b"{}")
    sealed = seal_xwing(hpke.public_bytes, bytes(64), info)
    answers = [Enrolled(sealed=sealed, signature=SigningKey(seed).sign(enrolment_signed(sealed, info))) for seed in seeds]
    with pytest.raises(AnswerRefused):
        _open(pinned.signing_keys, hpke, answers[2], info)

    assert [_open(pinned.signing_keys, hpke, answer, info) for answer in answers[:2]] == [[bytes(32), bytes(32)]] * 2
