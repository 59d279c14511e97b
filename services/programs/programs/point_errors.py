"""What points can refuse."""

from chassis.problems import Problem


class RuleUnknown(Problem):
    """There is no rule of this id."""

    type = "rule-unknown"
    title = "There is no such rule"
    status = 404


class RuleDiffers(Problem):
    """The version of the rule is there with other words, or is not the next one. ``version`` is the newest."""

    type = "rule-differs"
    title = "Another version of the rule is the newest"
    status = 409


class RunRefused(Problem):
    """Points cannot be granted, because of the ``reason``.

    ``period`` (not over yet, or longer than a year), ``budget``, ``overlaps`` (another run of the rule covers a part of the period)
    ``open`` (another run of the rule was interrupted: finish that one first) or ``contest`` (not one of these days whose result
    stands).
    """

    type = "run-refused"
    title = "The points cannot be granted"
    status = 409


class CorrectionRefused(Problem):
    """A correction cannot be made, because of the ``reason``.

    ``about`` (no case and no order of this name), ``id`` (none of this id, or one with other words), ``alone`` (who proposed does
    not decide) or ``decided`` (the other way).
    """

    type = "correction-refused"
    title = "The correction cannot be made"
    status = 409


class BooksDisagree(Problem):
    """The books of points do not agree: nothing is exported from them."""

    type = "books-disagree"
    title = "The books do not agree"
    status = 409
