"""What anon-data can refuse, beside what it shares with the other hosts."""

from chassis.problems import Problem


class ConsentText(Problem):
    """A consent to another text than the newest, whose ``version`` is told: show that and ask again."""

    type = "consent-text"
    title = "There is a newer text"
    status = 409


class ConsentMissing(Problem):
    """The member has not agreed to ``purpose``, or has withdrawn it."""

    type = "consent-missing"
    title = "The member did not agree to this"
    status = 403


class ViewRefused(Problem):
    """A household view cannot be given: ``reason`` is ``until``, ``order`` or ``too-many``."""

    type = "view-refused"
    title = "The view cannot be given"
    status = 400


class ViewDiffers(Problem):
    """A view of this handle is there with another key, days or contents."""

    type = "view-differs"
    title = "Another view has this handle"
    status = 409


class ViewUnknown(Problem):
    """No view that reads has this handle and key. A wrong PIN, one that has ended and one that never was look the same."""

    type = "view-unknown"
    title = "This code and PIN open nothing"
    status = 401


class MessageRefused(Problem):
    """A message cannot be sent: ``reason`` is ``until``, ``link``, ``too-few`` or, for staff, ``too-many`` of one day."""

    type = "message-refused"
    title = "The message cannot be sent"
    status = 400


class MessageDiffers(Problem):
    """A message of this id was sent with other words."""

    type = "message-differs"
    title = "Another message has this id"
    status = 409


class ClaimUnknown(Problem):
    """The mailbox has no such medical claim."""

    type = "claim-unknown"
    title = "No such medical claim"
    status = 404


class HalfYearRefused(Problem):
    """Only the last half-year that is over is told of."""

    type = "half-year-refused"
    title = "This half-year cannot be told of"
    status = 422


class QuestionRefused(Problem):
    """A question that analysts may not ask, for a ``reason`` that follows from the question alone.

    ``unknown-measure``, ``unknown-variable``, ``unknown-level``, ``unknown-year``, ``variable-twice``, ``too-many-variables``,
    ``too-many-attributes``, ``disease-mismatch``, ``stale-snapshot``, ``unknown-funnel``, ``not-comparable``,
    ``cohort-alone``, or ``unknown-cohort`` of one that is not approved, was refused or never was.
    """

    type = "question-refused"
    title = "This cannot be asked"
    status = 400


class NoSnapshot(Problem):
    """There is no snapshot that could be asked: the operator makes one."""

    type = "no-snapshot"
    title = "There is no snapshot for analysis"
    status = 404


class ReportUnknown(Problem):
    """No report of this name is kept, or it has no result of this month, or no such question."""

    type = "report-unknown"
    title = "There is no such report or result"
    status = 404


class ReportRefused(Problem):
    """A report cannot be kept: ``reason`` is ``twice`` (two questions of one name) or ``too-many`` reports."""

    type = "report-refused"
    title = "The report cannot be kept"
    status = 409


class CohortRefused(Problem):
    """A cohort cannot be registered or decided: ``reason`` says why, and follows from definitions alone.

    ``unknown-variable``, ``unknown-level``, ``variable-twice``, ``not-a-population``, ``not-a-cohort``, ``known``, ``overlaps``,
    ``too-many``; of a decision ``unknown``, ``alone`` (who registered it does not decide) or ``decided`` (the other way).
    """

    type = "cohort-refused"
    title = "The cohort cannot be registered or decided"
    status = 409


class ExportRefused(Problem):
    """An export cannot be asked, decided or taken: ``reason`` says why.

    ``unknown``, ``id`` (another one has it), ``alone`` (who asked does not decide), ``decided`` (the other way), ``not-approved``.
    """

    type = "export-refused"
    title = "The export cannot be asked, decided or taken"
    status = 409


class PlanUnknown(Problem):
    """There is no plan of this name, or the plan has no such fiscal year."""

    type = "plan-unknown"
    title = "There is no such plan"
    status = 404


class PlanUnusable(Problem):
    """A file of the plan, its actuals or its reference has ``faults``: each a ``field`` and a ``reason``."""

    type = "plan-unusable"
    title = "The plan's files have faults"
    status = 409


class NoWorkplaceReport(Problem):
    """Fewer than fifty people work there in the year, or it is no workplace; which, is not told."""

    type = "no-workplace-report"
    title = "There is no report of this workplace"
    status = 404
