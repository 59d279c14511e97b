"""Why identity refuses, beside what every authority refuses."""

from chassis.problems import Problem


class RecordSize(Problem):
    """A record has another size than all records. ``size`` is in bytes."""

    type = "record-size"
    title = "A record has one fixed size"
    status = 400


class UpdateUnknown(Problem):
    """None of the updates that the record settles waits here: another device put them in, or the insurer said something newer."""

    type = "update-unknown"
    title = "There is no such update"
    status = 409
