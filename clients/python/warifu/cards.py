"""A card: a code that the member keeps, as text, as QR code, and as a sheet to print. There is nothing personal on it."""

import html
import io
from typing import Self

import segno
from protocol.code import Code

_SHEET = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>warifu</title>
<style>body{{font:1.125rem/1.8 "Noto Sans JP","Hiragino Sans",Meiryo,sans-serif;color:#1a1a1c;background:#fff;max-width:34rem;
margin:2rem auto;padding:0 1rem}}svg{{width:12rem;height:auto}}code{{font:1.25rem/1.6 monospace;letter-spacing:.05em}}
</style></head>
<body><main><h1>ログイン用カード</h1>
<p>このコードと、あなたが決めたPINでログインできます。PINはこの紙に書かないでください。安全な場所に保管し、ほかの人に渡さないでください。</p>
<div>{qr}</div><p><code>{text}</code></p>
<section lang="en"><h2>Sign-in card</h2>
<p>This code signs you in together with the PIN that you chose. Do not write the PIN on this sheet.
Keep it in a safe place and give it to nobody.</p></section></main></body></html>
"""


class Card:
    """A card's code. Show or print it first, then :meth:`warifu.MemberSession.add_card` makes it a way to sign in."""

    def __init__(self, code: Code) -> None:
        self.code = code

    @classmethod
    def fresh(cls) -> Self:
        """Return a card with a new random code."""
        return cls(Code.fresh())

    @property
    def text(self) -> str:
        """The code as printed for people: groups of four with hyphens."""
        return self.code.text

    @property
    def qr(self) -> str:
        """What the QR code holds."""
        return self.code.qr

    @property
    def svg(self) -> str:
        """The QR code as an SVG element (error correction M)."""
        made: str = self._qr_code().svg_inline(scale=4, border=4, omitsize=True)
        return made

    @property
    def sheet(self) -> str:
        """An HTML page to print, in Japanese and English, complete in itself."""
        return _SHEET.format(qr=self.svg, text=html.escape(self.text))

    @property
    def terminal(self) -> str:
        """The QR code in block characters."""
        return qr_terminal(self.qr)

    def _qr_code(self) -> segno.QRCode:
        return _made(self.qr)

    def __repr__(self) -> str:
        """Nothing of the code."""
        return "Card()"


def qr_terminal(text: str) -> str:
    """Return a QR code in block characters."""
    shown = io.StringIO()
    _made(text).terminal(out=shown, compact=True, border=2)
    return shown.getvalue()


def _made(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
