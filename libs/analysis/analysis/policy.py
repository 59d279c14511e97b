"""The rules of disclosure, as one value: what tests switch off one by one."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Policy:
    """What is shown of how many people.

    `floor`: nothing is said of fewer. `rare`: a count under it, or that leaves fewer uncounted, is hidden. `base`: counts are
    rounded to its multiples, up or down, each group by offsets that nobody knows (`offset`). `former`: steps are so many times as
    large where people are told apart by what they were in another year, since who never changes is in a number for each year.
    `rate_floor`: under it neither rates nor sums nor on which side a count is hidden. `caps`: nobody adds more to a sum than the
    measure's cap, and sums are rounded to so many caps, as counts are; 0 neither. `least_caps`: a smaller sum is hidden, so that
    one or two never make up most of it. `variables`, `sum_variables`, `attributes`: of how many a question may make use, dimensions
    and filters together.

    Of a cohort (`analysis.cohorts`) nothing is said of fewer than `cohort_floor` people, and steps are `cohort` times as large.
    `beside`: how many variables a question uses beside it at most. `overlaps`: how many approved ones it overlaps at most.
    `cohort_attributes`: whether it may name what is somebody's own, which none does.
    """

    floor: int = 10
    rare: int = 10
    base: int = 5
    former: int = 2
    offset: bool = True
    rate_floor: int = 50
    caps: int = 5
    least_caps: int = 10
    digits: int = 3
    variables: int = 3
    sum_variables: int = 2
    attributes: int = 1
    cohort_floor: int = 50
    cohort: int = 3
    beside: int = 0
    overlaps: int = 2
    cohort_attributes: bool = False

    def of_former(self) -> "Policy":
        """Return the rules for people by what they were in another year."""
        return replace(self, base=self.base * self.former, caps=self.caps * self.former)

    def of_cohort(self) -> "Policy":
        """Return the rules for a cohort."""
        floor = max(self.floor, self.cohort_floor)
        return replace(self, floor=floor, base=self.base * self.cohort, caps=self.caps * self.cohort)


ANALYST = Policy()
EMPLOYER = replace(ANALYST, floor=50)
"""For whatever an employer sees."""
