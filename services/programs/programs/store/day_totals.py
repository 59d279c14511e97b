"""What counts of a member's day, everywhere alike: what the chosen installation counted, or else the largest; never a sum."""


def of_day(value: str, install: str, chosen: str) -> str:
    """Return the SQL of a day's total, over the rows of the day's installations; ``chosen`` is null where none was chosen."""
    return f"coalesce(max({value}) FILTER (WHERE {install} = {chosen}), max({value}))"
