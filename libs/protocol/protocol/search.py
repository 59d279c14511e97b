"""Searchable encryption at identity: one spelling for what people are searched by, and the tags under which it is found.

A word goes through the blind evaluation of its field; identity keeps ``SHA-256(F || salt)`` with one of 4,096 salts, which is
stored nowhere and which no two rows of one word share: they look different at rest, and whoever searches tries all salts by
index. Import and search take words from here alone: what meets, meets here.
"""

import re
import secrets
import unicodedata
from collections import defaultdict
from typing import Literal, get_args

from .encoding import lp, sha256
from .member import HYPHENS, MemberNumber
from .record import Profile

Field = Literal["member-number", "kana-birth", "telephone", "email"]
FIELDS: tuple[Field, ...] = get_args(Field)

EVALUATED = r"^(?:member|search\|(?:member-number|kana-birth|telephone|email)\|[1-9][0-9]{0,3})$"
"""Uses of the blind evaluation, as a pattern: member numbers, and words by field and epoch."""
FIRST_EPOCH = 1
"""Blind evaluation has a key for each field and epoch: after a year others, under which everybody is indexed anew."""

CHANGING: tuple[Field, ...] = ("telephone", "email")
"""Fields that change by a member's wish."""

SALTS = 4096
"""A salt is a number below, two bytes big-endian."""
WORDS = 2
"""Words of one search for each epoch: the one that is searched, and a random one that nothing is found under."""
MOST_EPOCHS = 2
"""Valid at once: while everybody is indexed anew, the one before too."""

_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_MARKS = str.maketrans("゛゜ﾞﾟ", "\u3099\u309a\u3099\u309a")
_ONE_SOUND = str.maketrans("ァィゥェォッャュョヮヵヶヰヱヲヂヅ", "アイウエオツヤユヨワカケイエオジズ")
_ROWS = {
    "ア": "アカガサザタダナハバパマヤラワ",
    "イ": "イキギシジチニヒビピミリ",
    "ウ": "ウクグスズツヌフブプムユルヴ",
    "エ": "エケゲセゼテデネヘベペメレ",
    "オ": "オコゴソゾトドノホボポモヨロ",
}
_ROW_OF = {kana: row for row, kanas in _ROWS.items() for kana in kanas}
_LENGTHENS = {"ア": "ア", "イ": "イエ", "ウ": "ウオ", "エ": "エ", "オ": "オ"}
"""The vowels that write a long sound, and after which rows: コウ, コオ and コー are one."""


def search_use(field: Field, epoch: int) -> str:
    """Return the use of the blind evaluation for a field's words in an epoch."""
    return f"search|{field}|{epoch}"


def kana(text: str) -> str:
    """Return a name's reading as it is searched by.

    NFKC; half-width and hiragana become katakana; small kana become large, and ヲ, ヂ, ヅ become オ, ジ, ズ; spaces, hyphens,
    long-vowel marks and whatever else is no letter go, and so does a vowel that only lengthens the one before. Latin letters lose
    their case. Two readings that differ in such ways alone meet: who searches sees one record too many, never one too few.
    """
    folded = _folded(text.translate(_MARKS)).translate(_HIRAGANA_TO_KATAKANA).translate(_ONE_SOUND)
    kept: list[str] = []
    for letter in HYPHENS.sub("", folded):
        if letter.isalnum() and not (kept and _ROW_OF.get(kept[-1], "-") in _LENGTHENS.get(letter, "")):
            kept.append(letter)
    return "".join(kept)


def telephone(text: str) -> str:
    """Return a telephone number's digits as dialled in Japan: +81 becomes 0; other countries keep their plus sign."""
    folded = unicodedata.normalize("NFKC", text)
    digits = re.sub(r"[^0-9]", "", folded)
    if not folded.lstrip().startswith("+") or not digits:
        return digits
    return "0" + digits[2:].lstrip("0") if digits.startswith("81") else "+" + digits


def email(text: str) -> str:
    """Return an e-mail address in NFKC without white space and case."""
    # Folded again: without the white space a mark meets its letter.
    return _folded(re.sub(r"\s", "", _folded(text)))


def number_word(number: MemberNumber) -> bytes:
    """Return the word of a member number."""
    return lp("search-word", "member-number", number.x)


def kana_word(name: str, birth_date: str) -> bytes | None:
    """Return the word of a reading and a birth date (ISO 8601), or nothing where there is no letter in the reading."""
    read = kana(name)
    return lp("search-word", "kana-birth", read, birth_date) if read else None


def telephone_word(text: str) -> bytes | None:
    """Return the word of a telephone number, or nothing where there is no digit."""
    digits = telephone(text)
    return lp("search-word", "telephone", digits) if digits else None


def email_word(text: str) -> bytes | None:
    """Return the word of an e-mail address, or nothing for an empty one."""
    address = email(text)
    return lp("search-word", "email", address) if address else None


def words_of(profile: Profile) -> dict[Field, bytes | None]:
    """Return under what a person is found, by field."""
    return {
        "member-number": number_word(_number(profile.member_number)),
        "kana-birth": kana_word(profile.kana, profile.birth_date),
        "telephone": telephone_word(profile.telephone),
        "email": email_word(profile.email),
    }


def tag(evaluated: bytes, salt: int) -> bytes:
    """Return the tag of a word's evaluation under one salt, 32 bytes."""
    return sha256(evaluated, salt.to_bytes(2))


class Tags:
    """Draws tags, never the same one twice."""

    def __init__(self) -> None:
        self._drawn: defaultdict[bytes, set[int]] = defaultdict(set)

    def draw(self, evaluated: bytes) -> bytes:
        """Return another tag of an evaluation at random; once all are drawn, random bytes under which nothing is found."""
        drawn = self._drawn[evaluated]
        if len(drawn) == SALTS:
            return secrets.token_bytes(32)
        while (salt := secrets.randbelow(SALTS)) in drawn:
            pass
        drawn.add(salt)
        return tag(evaluated, salt)


def _number(written: str) -> MemberNumber:
    insurer, rest = written.split(":", 1)
    return MemberNumber.parse(insurer, *rest.rsplit(":", 2))


def _folded(text: str) -> str:
    """Return text in NFKC without case, as stable as Unicode's own NFKC_Casefold."""
    before, after = text, unicodedata.normalize("NFKC", text).casefold()
    while after != before:
        before, after = after, unicodedata.normalize("NFKC", after).casefold()
    return after
