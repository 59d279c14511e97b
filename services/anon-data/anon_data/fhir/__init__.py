"""HL7 FHIR R4 (http://hl7.org/fhir/R4) as this host speaks it: pure translation between its own words and the standard's.

The record belongs to nobody that this host knows, so there is one Patient, ``Patient/me``, who is whoever signed the request. Ids
are made of what a resource is about (day, programme and item, or day and kind), and so are the same whenever they are read.
"""
