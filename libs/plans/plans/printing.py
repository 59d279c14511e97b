"""From a page to PDF, by the machine's Chromium."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from plans.errors import PlansError

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_SECONDS = 120


class NoBrowser(PlansError):
    """There is no Chromium that could print."""

    def __init__(self) -> None:
        super().__init__("no Chromium here writes the PDF: open the page in any browser and print it, A4, with backgrounds")


def print_page(page: str, to: Path) -> None:
    """Write a page as PDF; raise NoBrowser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise NoBrowser
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
