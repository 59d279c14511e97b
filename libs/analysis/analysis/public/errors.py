"""What is not released, and why."""

from analysis.errors import AnalysisError


class NotReleased(AnalysisError):
    """A table that is not released: not registered, without a budget, or its year's budget does not suffice."""


class LedgerUnusable(AnalysisError):
    """A file that is no ledger: something was changed in it."""


class NoiseMissing(AnalysisError):
    """OpenDP is not installed."""

    def __init__(self) -> None:
        super().__init__("OpenDP is not installed: it is the extra `public` of this package")
