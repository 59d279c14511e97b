"""From a page to PDF, by the machine's Chromium."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from plans.errors import PlansError

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_SECONDS = 120
_FIRST_OF_JAPANESE = "\u3041"
"""Everything from hiragana on: latin fonts end before."""


class NoBrowser(PlansError):
    """There is no Chromium that could print."""

    def __init__(self) -> None:
        super().__init__("no Chromium here writes the PDF: open the page in any browser and print it, A4, with backgrounds")


class NoFont(PlansError):
    """There is no font for Japanese: Chromium would print boxes, and say nothing."""

    def __init__(self) -> None:
        super().__init__("no font here has Japanese, nobody could read the PDF: install one, such as Debian's fonts-noto-cjk")


def print_page(page: str, to: Path) -> None:
    """Write a page as PDF; raise NoBrowser or NoFont."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise NoBrowser
    if any(letter >= _FIRST_OF_JAPANESE for letter in page) and not _writes_japanese():
        raise NoFont
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "page.html"), Path(folder, "page.pdf")
        source.write_text(page, encoding="utf-8")
        # Chromium has no sandbox for root; the page has no script, and its policy lets it load nothing.
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        command = [browser, "--headless", "--disable-gpu", f"--user-data-dir={folder}/profile", *options]
        command += ["--no-pdf-header-footer", f"--print-to-pdf={made}", source.as_uri()]
        subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)  # noqa: S603  # a fixed program and our own page
        if not made.exists():
            raise NoBrowser
        shutil.move(made, to)


def _writes_japanese() -> bool:
    """Return whether there is a font, as far as fontconfig says."""
    lister = shutil.which("fc-list")
    return lister is None or bool(subprocess.run([lister, ":lang=ja"], check=False, capture_output=True).stdout)  # noqa: S603
