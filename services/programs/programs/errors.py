"""What programs can refuse, beside what it shares with the other hosts."""

from chassis.problems import Problem


class InstallUnknown(Problem):
    """No key of this installation may write here, or not with this proof. Whoever may only write is told nothing more."""

    type = "install-unknown"
    title = "This key writes nothing here"
    status = 401


class TooManyInstalls(Problem):
    """As many installations of this member have a key as may have one: revoke one first. ``most`` says how many."""

    type = "too-many-installs"
    title = "Too many installations have a key"
    status = 409


class ContestUnknown(Problem):
    """There is no such contest."""

    type = "contest-unknown"
    title = "There is no such contest"
    status = 404


class ContestDiffers(Problem):
    """The contest is there and can be entered already: it cannot be changed any more."""

    type = "contest-differs"
    title = "This contest has begun"
    status = 409


class EntryRefused(Problem):
    """A member cannot do this in a contest; ``reason`` says why.

    ``closed``: no entry now. ``begun``: teams stay as they are from the first day on. ``no-unit``. ``no-team``: a free team needs a
    name or a code. ``code``: unknown, or another team's. ``full``. ``name``: not to be shown. ``no-entry``. ``units-only``.
    """

    type = "entry-refused"
    title = "That cannot be done in this contest now"
    status = 409


class RosterRefused(Problem):
    """A roster cannot hold; ``reason`` says why.

    ``too-small``: a unit of fewer than ten. ``incomplete``. ``earlier`` than the one that holds. ``day``: too far from today.
    """

    type = "roster-refused"
    title = "The roster cannot hold"
    status = 409


class ReviewRefused(Problem):
    """Nothing like this can be decided: the total is another one by now, or the contest is frozen."""

    type = "review-refused"
    title = "There is nothing to decide"
    status = 409


class AdjustmentRefused(Problem):
    """A correction needs a contest whose result stands, and a team of it: ``reason`` is ``not-final`` or ``team``."""

    type = "adjustment-refused"
    title = "The result cannot be corrected"
    status = 409


class RankingUnknown(Problem):
    """No ranking of this contest has such a page."""

    type = "ranking-unknown"
    title = "There is no such page"
    status = 404


class ChallengeUnknown(Problem):
    """There is no such program."""

    type = "challenge-unknown"
    title = "There is no such program"
    status = 404


class ChallengeDiffers(Problem):
    """The program has begun: it cannot be changed any more."""

    type = "challenge-differs"
    title = "This program has begun"
    status = 409


class ChallengeRefused(Problem):
    """A member cannot do this: ``reason`` is ``over``, ``day``, ``kind``, ``not-joined`` or ``answers`` (too many or too few)."""

    type = "challenge-refused"
    title = "That cannot be done in this program now"
    status = 409
