"""The rules of health checkups, pure: what the published rules make of coded results, and which value decided."""

from .changes import Change, Direction, changes
from .criteria import Criterion, Judged, Reading, Side
from .decision import Alternative, Decision, Note
from .facts import Facts, Sex, body_mass_index
from .guidance import AGES, GuidanceLevel, explain_guidance, guidance_level
from .limits import MINISTRY_2024, TABLES, Band, Beyond, Grade, Limits, Table, grades, table_of
from .observed import Absent, Number, Observed, answers, facts, numbers
from .syndrome import CASUAL_TRIGLYCERIDES, Syndrome, explain_syndrome, metabolic_syndrome
from .words import LANGUAGES, Language, words

__all__ = [
    "AGES",
    "CASUAL_TRIGLYCERIDES",
    "LANGUAGES",
    "MINISTRY_2024",
    "TABLES",
    "Absent",
    "Alternative",
    "Band",
    "Beyond",
    "Change",
    "Criterion",
    "Decision",
    "Direction",
    "Facts",
    "Grade",
    "GuidanceLevel",
    "Judged",
    "Language",
    "Limits",
    "Note",
    "Number",
    "Observed",
    "Reading",
    "Sex",
    "Side",
    "Syndrome",
    "Table",
    "answers",
    "body_mass_index",
    "changes",
    "explain_guidance",
    "explain_syndrome",
    "facts",
    "grades",
    "guidance_level",
    "metabolic_syndrome",
    "numbers",
    "table_of",
    "words",
]
