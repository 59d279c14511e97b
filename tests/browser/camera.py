"""What the browser's camera sees: a file of one picture, which Chromium reads anew whenever somebody opens the camera."""

from pathlib import Path

import numpy as np
import pypdfium2  # type: ignore[import-untyped]  # it ships no types
import zxingcpp
from numpy.typing import NDArray

WIDTH, HEIGHT = 640, 480
_DOTS = 150
_WHITE = 255
_GREY = 128


class Camera:
    """A camera that shows a picture until it is given another one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.show_nothing()

    def show_nothing(self) -> None:
        self._show(np.full((HEIGHT, WIDTH), _GREY, np.uint8))

    def show(self, pdf: Path, page: int = 0) -> None:
        """Hold a printed page before it, so that its QR code is in the middle."""
        with pypdfium2.PdfDocument(pdf.read_bytes()) as document:
            sheet = document[page].render(scale=_DOTS / 72, grayscale=True).to_numpy()
        sheet = sheet.reshape(sheet.shape[:2])
        (code,) = zxingcpp.read_barcodes(sheet)
        corners = code.position.top_left, code.position.bottom_right
        left, top = (sum(axis) // 2 for axis in zip(*((one.x, one.y) for one in corners), strict=True))
        around = np.pad(sheet, max(WIDTH, HEIGHT), constant_values=_WHITE)
        left, top = (at + max(WIDTH, HEIGHT) - size // 2 for at, size in ((left, WIDTH), (top, HEIGHT)))
        self._show(around[top : top + HEIGHT, left : left + WIDTH])

    def _show(self, grey: NDArray[np.uint8]) -> None:
        """Write one frame of YUV4MPEG2, whose colours are none."""
        colours = np.full(WIDTH * HEIGHT // 2, _GREY, np.uint8)
        head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\nFRAME\n"
        self.path.write_bytes(head.encode("ascii") + grey.tobytes() + colours.tobytes())
