"""The member's record as FHIR resources, made on the device, where person and results meet."""

from .document import checkup_document
from .home import home_observations
from .ids import PATIENT_URL, document_url, observation_url
from .person import patient
from .results import Result, results

__all__ = [
    "PATIENT_URL",
    "Result",
    "checkup_document",
    "document_url",
    "home_observations",
    "observation_url",
    "patient",
    "results",
]
