"""Answers with the media types that FHIR has for its JSON."""

from fastapi import Response

from anon_data.fhir.outcomes import MEDIA_TYPE


class FhirResponse(Response):
    """One resource."""

    media_type = MEDIA_TYPE


class NdjsonResponse(Response):
    """One resource a line."""

    media_type = "application/fhir+ndjson"
