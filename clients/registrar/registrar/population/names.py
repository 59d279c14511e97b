"""Names, addresses and telephone numbers that nobody has.

Family names join a word for "imaginary" to a landscape ending; given names join a nonsense syllable pair to an ending. The
prefecture, the postcode area 000 and the area code 00 do not exist; mail goes to domains reserved for examples (RFC 2606).
"""

from dataclasses import dataclass
from random import Random

_IMAGINED = (
    ("架空", "カクウ"),
    ("仮名", "カメイ"),
    ("見本", "ミホン"),
    ("例示", "レイジ"),
    ("空想", "クウソウ"),
    ("雛形", "ヒナガタ"),
    ("検証", "ケンショウ"),
    ("試作", "シサク"),
    ("練習", "レンシュウ"),
    ("夢想", "ムソウ"),
    ("絵空", "エソラ"),
    ("作話", "サクワ"),
    ("御伽", "オトギ"),
    ("虚構", "キョコウ"),
)
_LANDSCAPES = (
    ("谷", "ダニ"),
    ("沢", "ザワ"),
    ("ヶ丘", "ガオカ"),
    ("川原", "ガワラ"),
    ("崎", "ザキ"),
    ("ノ島", "ノシマ"),
    ("ノ森", "ノモリ"),
    ("池", "イケ"),
    ("橋", "バシ"),
    ("台", "ダイ"),
)
_NONSENSE = (
    *("もふ", "ぽこ", "ぴよ", "ぷに", "むに", "ぺろ", "にょき", "ぽわ", "ふが", "ほげ", "ぴこ", "ぱた"),
    *("ぽて", "もにょ", "わふ", "ぷく", "むぎゅ", "てけ", "とこ", "ぽふ", "ぬる", "ぎゅも", "ぺた", "ころ"),
)
_MALE = (("太郎", "タロウ"), ("助", "スケ"), ("丸", "マル"), ("之進", "ノシン"), ("衛門", "エモン"), ("次郎", "ジロウ"))
_FEMALE = (("子", "コ"), ("代", "ヨ"), ("香", "カ"), ("姫", "ヒメ"), ("乃", "ノ"), ("江", "エ"))
_TOWNS = ("見本町", "例題町", "仮設町", "練習町", "標本町", "模型町")
_HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@dataclass(frozen=True, slots=True)
class Name:
    """One part of a name, written and in katakana."""

    kanji: str
    kana: str


@dataclass(frozen=True, slots=True)
class Home:
    """Where a household lives; `postcode` as NNN-NNNN."""

    postcode: str
    address: str
    telephone: str


def family_name(rng: Random) -> Name:
    """One of 140 family names."""
    word, word_kana = rng.choice(_IMAGINED)
    ending, ending_kana = rng.choice(_LANDSCAPES)
    return Name(word + ending, word_kana + ending_kana)


def given_name(rng: Random, *, male: bool) -> Name:
    """One of 144 given names per sex, the stem in hiragana."""
    stem = rng.choice(_NONSENSE)
    ending, ending_kana = rng.choice(_MALE if male else _FEMALE)
    return Name(stem + ending, stem.translate(_HIRAGANA_TO_KATAKANA) + ending_kana)


def home(rng: Random) -> Home:
    """Return a home in a prefecture that is on no map."""
    town = rng.randrange(len(_TOWNS))
    block, lot, house = rng.randint(1, 9), rng.randint(1, 30), rng.randint(1, 20)
    return Home(
        postcode=f"000-{town + 1:02d}{block:02d}",
        address=f"架空県試験市{_TOWNS[town]}{block}丁目{lot}番{house}号",
        telephone=f"00-0000-{rng.randrange(10_000):04d}",
    )
