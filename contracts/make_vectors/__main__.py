"""``python contracts/make_vectors``."""

import sys
from pathlib import Path

# Run as a folder, Python looks inside it; the package is to be found by its name.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from make_vectors.write import main  # noqa: E402 - needs the line above

main()
