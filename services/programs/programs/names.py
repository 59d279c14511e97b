"""Which names members may show to each other."""

import re
import unicodedata

_ADDRESS = re.compile(r"@|://|www\.|\.(com|net|org|jp|co)\b")
_DIGITS = re.compile(r"\d[\d\- ]{2,}\d")
"""Four digits, with or without hyphens: an employee number, a telephone number, a birthday."""
_WORDS = (
    *("admin", "official", "warifu", "support"),
    *("運営", "事務局", "公式", "健保", "健康保険", "管理者"),
    *("fuck", "shit", "bitch", "nazi", "死ね", "しね", "殺す", "ころす", "馬鹿", "ばか", "バカ", "アホ", "ちんこ", "まんこ"),
)


def refused(name: str) -> bool:
    """Return whether a name looks like an address or a number of a person, speaks for the insurer, or insults."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    squeezed = re.sub(r"[\s_.\-・*]+", "", folded)
    return bool(_ADDRESS.search(folded) or _DIGITS.search(folded)) or any(word.casefold() in squeezed for word in _WORDS)
