"""``search.json``."""

from protocol import search
from protocol.derive import hkdf
from protocol.encoding import lp
from protocol.member import MemberNumber
from protocol.names import AUTHORITIES
from protocol.search import Field, search_use

from make_vectors.cases import Case, Stored
from make_vectors.inputs import KEYS, fixed

_READINGS = ("カクウダニ モフタロウ", "ｶｸｳﾀﾞﾆ　ﾓﾌﾀﾛｰ", "かくうだに・もふたろう", "ヂュン・ヲノ")
_TELEPHONES = ("00-0000-0000", "+81 (0)3-0000-0000", "０９０（００００）００００", "+1 000 000 0000")
_ADDRESSES = (" M1@example.jp", "ｍ１@example.jp")


def build(_stored: Stored) -> Case:
    """Show how words are normalised, what they evaluate to, and their tags under one salt."""
    words: dict[Field, bytes | None] = {
        "member-number": search.number_word(MemberNumber.parse("06139999", "テスト-1", "100", "00")),
        "kana-birth": search.kana_word(_READINGS[0], "1980-04-01"),
        "telephone": search.telephone_word(_TELEPHONES[1]),
        "email": search.email_word(_ADDRESSES[0]),
    }
    return {
        "roots": {host: fixed(f"root {host}").hex() for host in AUTHORITIES},
        "kana": {text: search.kana(text) for text in _READINGS},
        "telephone": {text: search.telephone(text) for text in _TELEPHONES},
        "email": {text: search.email(text) for text in _ADDRESSES},
        "cases": [_case(field, word) for field, word in words.items() if word is not None],
    }


def _case(field: Field, word: bytes) -> Case:
    use, salt = search_use(field, 1), 0x0ABC
    y = hkdf(b"".join(KEYS[host].evaluator(use).evaluate_known_input(word) for host in AUTHORITIES), lp("F", use))
    return {"use": use, "word": word.hex(), "y": y.hex(), "salt": salt, "tag": search.tag(y, salt).hex()}
