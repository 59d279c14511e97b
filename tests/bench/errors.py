"""What makes a figure worthless."""


class BenchError(Exception):
    """A measurement that did not measure what it says, such as one whose requests were refused."""
