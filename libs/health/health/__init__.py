"""The rules of health checkups, pure: what the published rules make of coded results, and which value decided."""

from .changes import Change, Direction, Trend, changes, trend
from .criteria import Criterion, Judged, Reading, Side
from .decision import Alternative, Decision, Note
from .explaining import sentences
from .facts import Facts, Sex, body_mass_index
from .guidance import AGES, GuidanceLevel, explain_guidance, guidance_level
from .letters import JUDGED_TOGETHER, LETTERS, NINGEN_DOCK_2026, Letter, Lettered, Normal, letters, normal
from .limits import MINISTRY_2024, TABLES, Band, Beyond, Grade, Limits, Table, grades, table_of
from .observed import Absent, Number, Observed, answers, facts, numbers
from .questionnaire import Answer, questionnaire, questions, said
from .syndrome import CASUAL_TRIGLYCERIDES, Syndrome, explain_syndrome, metabolic_syndrome
from .words import LANGUAGES, Language, words

__all__ = [
    "AGES",
    "CASUAL_TRIGLYCERIDES",
    "JUDGED_TOGETHER",
    "LANGUAGES",
    "LETTERS",
    "MINISTRY_2024",
    "NINGEN_DOCK_2026",
    "TABLES",
    "Absent",
    "Alternative",
    "Answer",
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
    "Letter",
    "Lettered",
    "Limits",
    "Normal",
    "Note",
    "Number",
    "Observed",
    "Reading",
    "Sex",
    "Side",
    "Syndrome",
    "Table",
    "Trend",
    "answers",
    "body_mass_index",
    "changes",
    "explain_guidance",
    "explain_syndrome",
    "facts",
    "grades",
    "guidance_level",
    "letters",
    "metabolic_syndrome",
    "normal",
    "numbers",
    "questionnaire",
    "questions",
    "said",
    "sentences",
    "table_of",
    "trend",
    "words",
]
