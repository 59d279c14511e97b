"""``code.json``."""

from typing import Any

from protocol.code import Code, CodeError, code_message
from protocol.names import AUTHORITIES

from make_vectors.cases import Case, Stored
from make_vectors.inputs import fixed

PINS = (None, "135792", "ひみつの番号1")
# Ways to write one code.
SPELLINGS = {
    "lower case": str.lower,
    "without hyphens": lambda text: text.replace("-", ""),
    "blanks for hyphens": lambda text: f" {text.replace('-', chr(0x3000))}\n",
    "full width": lambda text: "".join(chr(ord(character) + 0xFEE0) for character in text),
    "another hyphen": lambda text: text.replace("-", chr(0x2010)),
    "o for 0": lambda text: text.replace("0", "o"),
    "l for the separator": lambda text: text.replace("WF1", "wfl"),
    "i for the separator": lambda text: text.replace("WF1", "wfi"),
    "1 for l": lambda text: text.replace("L", "1"),
    "i for l": lambda text: text.replace("L", "I"),
    "b for 8": lambda text: text.replace("8", "b"),
}


def build(_stored: Stored) -> Case:
    """Show codes as printed and as people write them, and what they give each authority, without and with a PIN."""
    secret = fixed("code 4", 16)
    code = Code(secret)
    h = fixed("h")
    return {
        "cases": [_case(pin, secret, h) for pin in PINS],
        "message": code_message(h).hex(),
        "spellings": [{"why": why, "written": spell(code.text), "code": secret.hex()} for why, spell in SPELLINGS.items()],
        "refused": [_refused(written) for written in _wrong(code.qr)],
        "pins_refused": ["", "12345", "ガギグゲコ", "ｶﾞｷﾞｸﾞ"],
    }


def _case(pin: str | None, secret: bytes, h: bytes) -> dict[str, Any]:
    code = Code(secret)
    keys = {host: code.keys(host, pin) for host in AUTHORITIES}
    return {
        "code": secret.hex(),
        "text": code.text,
        "qr": code.qr,
        "pin": pin,
        "h": h.hex(),
        "authorities": {
            host: {"handle": key.handle.hex(), "public": key.public_bytes.hex(), "signature": key.sign(h).hex()}
            for host, key in keys.items()
        },
    }


def _wrong(qr: str) -> list[str]:
    return ["", qr[:-1], f"{qr}q", f"xf{qr[2:]}", f"wf2{qr[3:]}", f"{qr[:9]}#{qr[10:]}", f"{qr[:3]}{qr[4]}{qr[3]}{qr[5:]}"]


def _refused(written: str) -> dict[str, str]:
    try:
        Code.parse(written)
    except CodeError as error:
        return {"written": written, "fault": error.fault}
    raise AssertionError
