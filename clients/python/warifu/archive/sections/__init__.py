"""The parts of what a member takes along, each a module with one ``SECTION``."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from warifu.archive.section import Section


@cache
def sections() -> tuple[Section, ...]:
    """Return every section, in the order in which pages show them."""
    found = [import_module(f"{__name__}.{module.name}").SECTION for module in iter_modules(__path__)]
    return tuple(sorted((one for one in found if isinstance(one, Section)), key=lambda one: (one.place, one.name)))
