"""Workplace groups as anon-data may know them: never one of fewer than ten members."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

SMALLEST = 10
OTHER = "other"
_LONGEST = 32


def slug(site_code: str) -> str:
    """Return a site code as a group name: lower case letters, digits and hyphens; ``other`` for none."""
    return re.sub("[^a-z0-9]+", "-", site_code.lower()).strip("-")[:_LONGEST] or OTHER


def generalise(sites: Iterable[str]) -> Mapping[str, str]:
    """Return the published group of each site, counted over the whole roster.

    Sites of fewer than ten join ``other``. Where that leaves ``other`` itself with one to nine members, the next smallest
    sites join it too, so that it hides those it is made of.
    """
    sizes = Counter(sites)
    merged = sum(size for site, size in sizes.items() if site == OTHER or size < SMALLEST)
    kept = sorted((size, site) for site, size in sizes.items() if site != OTHER and size >= SMALLEST)
    while kept and 0 < merged < SMALLEST:
        merged += kept.pop(0)[0]
    names = {site for _, site in kept}
    return {site: site if site in names else OTHER for site in sizes}
