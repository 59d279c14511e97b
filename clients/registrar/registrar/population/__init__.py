"""An invented insurer's members and their checkups, the same for the same seed.

Nobody in it can exist: names are built from nonsense, the prefecture, postcodes and telephone area are not assigned, the
insurer and institution numbers belong to a prefecture 99.
"""

from .generate import DEFAULT_SEED, PopulationSummary, write_population

__all__ = ["DEFAULT_SEED", "PopulationSummary", "write_population"]
