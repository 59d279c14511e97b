"""An insurer's Data Health Plan as data, and its yearly review from what analysis shows.

Whoever asks is an engine of analysis, or something that answers like one: ``fill`` and the review count nobody themselves.
"""
