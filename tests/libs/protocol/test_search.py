"""One spelling for what people are searched by, and tags that show nothing of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from protocol import search
from protocol.record import Profile

KANA = st.text("アイウエオカガコゴシジヤャユュヨョツッンヂヅヲパバーヴ", max_size=12)
HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


@given(st.text(max_size=20))
@example("u \u0304")
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Whatever somebody types: what is normal already stays."""
    once = (search.kana(text), search.telephone(text), search.email(text))

    assert (search.kana(once[0]), search.telephone(once[1]), search.email(once[2])) == once


@given(KANA)
def test_hiragana_is_katakana(text: str) -> None:
    """A reading in hiragana meets the same in katakana."""
    assert search.kana(text.translate(HIRAGANA)) == search.kana(text)


@given(KANA, KANA, st.sampled_from([" ", "\u3000", "・", "", "-"]))
def test_blanks_between_names_do_not_count(family: str, given_name: str, between: str) -> None:
    """Family and given name meet with whatever stands between them."""
    assert search.kana(family + between + given_name) == search.kana(family + given_name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("カクウダニ モフタロウ", "ｶｸｳﾀﾞﾆ ﾓﾌﾀﾛｳ"),
        ("カクウダニ モフタロウ", "かくうだに\u3000もふたろう"),
        ("コウジ", "コージ"),
        ("コオジ", "コウジ"),
        ("ユウキ", "ユーキ"),
        ("ケイ", "ケー"),
        ("シヨウ", "ショウ"),
        ("イツキ", "イッキ"),
        ("チヂミ", "チジミ"),
        ("カオル", "カヲル"),
        ("ガ", "カ゛"),
        ("ＡＮＮＡ", "Anna"),
    ],
)
def test_readings_that_meet(one: str, other: str) -> None:
    """Files and people write one name in several ways."""
    assert search.kana(one) == search.kana(other) != ""


@pytest.mark.parametrize(("one", "other"), [("ハナ", "ハマ"), ("カオ", "カホ"), ("ハト", "バト"), ("タエ", "タイ")])
def test_readings_that_differ(one: str, other: str) -> None:
    """Other sounds are other names."""
    assert search.kana(one) != search.kana(other)


@given(st.text("0123456789", min_size=9, max_size=10).filter(lambda rest: rest[0] != "0"))
def test_telephones_that_meet(rest: str) -> None:
    """At home, from abroad, with whatever is written between the digits, in whatever width."""
    written = [f"0{rest}", f"+81{rest}", f"+81 (0){rest}", f"+81-{rest[:2]}-{rest[2:]}", f"0{rest[:1]}({rest[1:5]}){rest[5:]}"]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in f"0{rest}")

    assert {search.telephone(one) for one in (*written, wide)} == {f"0{rest}"}


@given(st.emails())
def test_case_of_an_address_does_not_count(address: str) -> None:
    """Nor does white space around it."""
    assert search.email(f" {address.upper()}\u3000") == search.email(address)


def test_nothing_is_no_word() -> None:
    """An empty field is found under nothing, rather than everybody's under one word."""
    assert [search.kana_word("・ー", "1980-04-01"), search.telephone_word("-"), search.email_word(" ")] == [None] * 3


def test_words_of_a_profile() -> None:
    """Fields have words of their own: an address that reads like another field's text meets nothing."""
    profile = Profile(
        member_number="06990019:1:0:1:1:00",
        name="架空谷 もふ太郎",
        kana="カクウダニ",
        birth_date="1980-04-01",
        sex="male",
        relation="insured",
        telephone="0000",
        email="0000",
    )
    words = search.words_of(profile)

    assert len(set(words.values())) == len(search.FIELDS) == len({search.search_use(field, 1) for field in search.FIELDS})


def test_one_word_looks_different_each_time() -> None:
    """All its tags are drawn, none twice, and each is found by trying the salts; whatever comes after them is found by nothing."""
    tags, word = search.Tags(), bytes(32)
    drawn = [tags.draw(word) for _ in range(search.SALTS + 2)]
    by_salt = {search.tag(word, salt) for salt in range(search.SALTS)}

    assert (set(drawn[: search.SALTS]), len(set(drawn)), by_salt & set(drawn[search.SALTS :])) == (by_salt, len(drawn), set())
    assert drawn[:4] != [search.tag(word, salt) for salt in range(4)]
    assert search.Tags().draw(bytes(31) + b"1") not in by_salt
