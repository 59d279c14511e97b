"""Evidence of kind ``code``: a 128-bit code, printed on a letter or a card, and what is derived from it.

Printed it is Bech32m with the prefix ``wf``: 35 characters, upper case, in groups of four. Read, it may be spelt as people spell.
"""

import hashlib
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from typing import ClassVar, Self

from . import bech32m
from .bech32m import Bech32mError, Fault
from .derive import KEY_BYTES, hkdf
from .encoding import lp
from .member import HYPHENS
from .names import AuthorityName
from .signing import SigningKey, verify

CODE_BYTES = 16
PREFIX = "wf"
CHARACTERS = len(PREFIX) + 1 + 26 + bech32m.CHECKSUM_CHARACTERS
"""Characters of a code, hyphens not counted."""
GROUP = 4
PIN_CHARACTERS = 6
"""The shortest PIN, in characters after NFKC."""
PIN_ITERATIONS = 600_000

# White space, and what is not seen at all but comes along when text is copied.
_BLANKS = re.compile("[\\s\u200b-\u200f\u2060\ufeff]+")
_SEPARATORS = frozenset("1li")
# None of 1, b, i and o is a character of Bech32m, so each can only be meant as the one it looks like.
_LOOK_ALIKES = str.maketrans("o1ib", "0ll8")
_SENTENCES: dict[Fault, str] = {
    "length": f"a code has {CHARACTERS} characters; one is missing or too many",
    "character": f"a code begins with {PREFIX.upper()}1 and holds only its 32 letters and digits",
    "checksum": "some character of the code is another one, or two have changed places",
}


class CodeError(ValueError):
    """A text is not a code; ``fault`` and the message say what kind of thing is wrong, and never hold the text."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(_SENTENCES[fault])
        self.fault: Fault = fault


class PinError(ValueError):
    """A PIN is too short, or no Unicode text; the message never holds it."""

    def __init__(self) -> None:
        super().__init__(f"a PIN has at least {PIN_CHARACTERS} letters, digits or other characters")


@dataclass(frozen=True)
class CodeKeys:
    """What one authority is shown of a code: a handle to find the verifier by, and an Ed25519 key."""

    host: AuthorityName
    handle: bytes = field(repr=False)
    """32 bytes, without the PIN."""
    key: SigningKey = field(repr=False, compare=False)

    @property
    def public_bytes(self) -> bytes:
        """The public key, 32 bytes: the verifier."""
        return self.key.public_bytes

    def sign(self, h: bytes) -> bytes:
        """Return the 64-byte signature for a statement's hash ``h`` (32 bytes)."""
        return self.key.sign(code_message(h))


class Code:
    """A 128-bit code. Its representation shows nothing of it."""

    prefix: ClassVar[str] = PREFIX

    def __init__(self, secret: bytes) -> None:
        if len(secret) != CODE_BYTES:
            raise CodeError("length")
        self._secret = secret
        self._stretched: tuple[str, bytes] | None = None

    @classmethod
    def fresh(cls) -> Self:
        """Return a new random code."""
        return cls(secrets.token_bytes(CODE_BYTES))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code as typed or scanned, or raise :class:`CodeError`.

        NFKC folds full-width forms; white space and hyphens go; case does not count; o is read as 0, 1 and i as l, b as 8.
        """
        folded = HYPHENS.sub("", _BLANKS.sub("", unicodedata.normalize("NFKC", text))).casefold()
        if len(folded) != CHARACTERS:
            raise CodeError("length")
        prefix, separator, data = folded[: len(cls.prefix)], folded[len(cls.prefix)], folded[len(cls.prefix) + 1 :]
        if prefix != cls.prefix or separator not in _SEPARATORS:
            raise CodeError("character")
        try:
            _, secret = bech32m.decode(f"{cls.prefix}1{data.translate(_LOOK_ALIKES)}")
        except Bech32mError as error:
            raise CodeError(error.fault) from None
        return cls(secret)

    @property
    def qr(self) -> str:
        """The code in upper case without hyphens: QR codes hold it in their alphanumeric mode (ISO/IEC 18004)."""
        return bech32m.encode(self.prefix, self._secret).upper()

    @property
    def text(self) -> str:
        """The code as printed for people: upper case, groups of four, hyphens."""
        return "-".join(self.groups)

    @property
    def groups(self) -> tuple[str, ...]:
        """The nine groups of the printed code; the last has three characters."""
        return tuple(self.qr[start : start + GROUP] for start in range(0, CHARACTERS, GROUP))

    def keys(self, host: AuthorityName, pin: str | None = None) -> CodeKeys:
        """Return handle and key for one authority; raise :class:`PinError` for a PIN that is too short.

        A PIN is stretched once, which takes part of a second, and the outcome serves the other authorities.
        """
        material = self._secret if pin is None else self.stretched(pin)
        return CodeKeys(host, hkdf(self._secret, lp("code-handle", host)), SigningKey(hkdf(material, lp("code-key", host))))

    def stretched(self, pin: str) -> bytes:
        """Return the code's secret with a PIN that costs whoever guesses; raise :class:`PinError` for one that is too short."""
        return self._secret + self._stretch(pin)

    def _stretch(self, pin: str) -> bytes:
        normal = unicodedata.normalize("NFKC", pin)
        if len(normal) < PIN_CHARACTERS:
            raise PinError
        if self._stretched is None or self._stretched[0] != normal:
            salt = hkdf(self._secret, lp("pin"))
            try:
                raw = normal.encode()
            except UnicodeEncodeError:
                # The chain is cut: the error quotes the PIN.
                raise PinError from None
            self._stretched = normal, hashlib.pbkdf2_hmac("sha256", raw, salt, PIN_ITERATIONS, KEY_BYTES)
        return self._stretched[1]

    def __eq__(self, other: object) -> bool:
        """Codes are equal when their 16 bytes are."""
        return isinstance(other, Code) and other.prefix == self.prefix and secrets.compare_digest(self._secret, other._secret)

    def __hash__(self) -> int:
        """Of the 16 bytes."""
        return hash(self._secret)

    def __repr__(self) -> str:
        """Nothing of the code."""
        return f"{type(self).__name__}()"


def code_message(h: bytes) -> bytes:
    """Return what a code's key signs for a statement's hash ``h`` (32 bytes)."""
    return lp("code", h)


def verify_code(public_bytes: bytes, signature: bytes, h: bytes) -> None:
    """Raise :class:`protocol.signing.SignatureRefused` unless the code's key signed for the statement of hash ``h``."""
    verify(public_bytes, signature, code_message(h))
