"""The tables of this store that hold a token: all of them, or an erasure would leave something behind."""

from mailboxes.store.holding import Holding

from anon_data.store import (
    checkups,
    consents,
    former_versions,
    guidance,
    guidance_tasks,
    household_views,
    kept,
    medical_claims,
    messages,
    notes,
    participation,
    people,
    portal_weeks,
    screenings,
    vitals,
)

HOLDING = Holding(
    checkups.observation,
    checkups.checkup,
    former_versions.former_observation,
    former_versions.former_checkup,
    former_versions.former_claim,
    medical_claims.diagnosis,
    medical_claims.drug,
    medical_claims.claim,
    guidance.guidance,
    guidance_tasks.support,
    screenings.screening,
    vitals.inbox,
    vitals.vital,
    notes.inbox,
    notes.note,
    messages.addressed,
    participation.inbox,
    participation.participation,
    portal_weeks.inbox,
    portal_weeks.portal_week,
    household_views.view,
    consents.consent,
    people.person,
    keeping=kept.KEEPING,
)
