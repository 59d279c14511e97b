"""Letters that carry a code, as a PDF to print: one A4 page each, in Japanese and English.

Nothing here keeps a code or writes a file: `render(letters, sender)` returns the PDF's bytes, and whoever prints them deletes them.
"""

from .errors import CharactersMissing, LetterError
from .letter import Kind, Letter, Recipient, Sender
from .pdf import render

__all__ = ["CharactersMissing", "Kind", "Letter", "LetterError", "Recipient", "Sender", "render"]
