"""Documents as pages: one file each, without script, that prints on paper of size A4."""

from plans.document.page import review_page
from plans.document.shell import policy
from plans.document.words import LANGUAGES, Language
from plans.document.workplace_page import workplace_page

__all__ = ["LANGUAGES", "Language", "policy", "review_page", "workplace_page"]
