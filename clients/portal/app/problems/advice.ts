/** What a person can do about each type of problem (contracts/problems.md, and RFC 6749's codes of the gateway's). */

export type Advice = keyof typeof import('../words/ja/problems.json')['advice'];

const BY_ADVICE: Record<Advice, readonly string[]> = {
  again: [
    'bundle-exists', 'bundle-unknown', 'busy', 'internal', 'replayed', 'root-missing', 'too-slow', 'unavailable', 'version-refused',
    'witness-elsewhere',
  ],
  reload: [
    'bundle-size', 'challenge-unknown', 'claim-unknown', 'consent-text', 'contest-unknown', 'elements-refused', 'fhir-body-refused',
    'fhir-format-refused', 'fhir-interaction-refused', 'fhir-resource-unknown', 'fhir-version-differs', 'idempotency-key-missing',
    'idempotency-key-reused', 'log-key-refused', 'log-range', 'malformed', 'method-not-allowed', 'not-a-recovery', 'not-found',
    'order-state', 'order-unknown', 'precondition-failed', 'precondition-required', 'product-unknown', 'ranking-unknown', 'record-size',
    'review-refused', 'rule-unknown', 'update-unknown', 'verifier-exists', 'verifier-unknown', 'view-differs',
  ],
  signin: [
    'already-released-in-session', 'change-refused', 'evidence-refused', 'evidence-replayed', 'install-unknown', 'invalid_grant',
    'logout-refused', 'not-released', 'reader-unknown', 'receipt-refused', 'renewal-differs', 'renewal-refused', 'session-ended',
    'token-refused', 'unauthorized',
  ],
  office: [
    'access-ended', 'adjustment-refused', 'already-released', 'books-disagree', 'challenge-differs', 'checkpoint-refused',
    'claim-refused', 'cohort-refused', 'contest-differs', 'correction-refused', 'export-refused', 'half-year-refused',
    'mailbox-differs', 'mailbox-suspended',
    'mailbox-unknown', 'message-differs', 'message-refused', 'no-snapshot', 'no-workplace-report', 'officer-refused', 'officers-behind',
    'officers-differ', 'officers-refused', 'pairwise-refused', 'parts-refused', 'plan-unknown', 'plan-unusable', 'product-refused',
    'question-refused', 'quota-exceeded',
    'reference-unknown', 'references-taken', 'report-refused', 'report-unknown', 'roster-refused', 'rows-refused',
    'rule-differs', 'run-refused', 'staff-list-behind',
    'staff-list-differs', 'staff-list-refused', 'staff-logout-refused', 'staff-proof-refused', 'staff-refused', 'staff-role',
    'staff-session-needed', 'staff-token-refused', 'subject-refused', 'supplier-unknown', 'suppliers-behind', 'suppliers-refused',
    'suppliers-unknown', 'verifier-taken', 'window-closed', 'window-differs', 'window-not-here', 'window-purpose', 'window-refused',
    'window-unknown',
  ],
  input: [
    'access_denied', 'fhir-resource-refused', 'fhir-search-refused', 'order-refused', 'too-large', 'view-refused', 'view-unknown',
  ],
  clock: [
    'proof-refused', 'statement-refused',
  ],
  tomorrow: [
    'release-cap', 'slow_down', 'too-many-tries',
  ],
  consent: [
    'consent-missing',
  ],
  alarm: [
    'claimed-by-another', 'log-forked',
  ],
};

/** Null where the problem's own words say what can be done. */
export function adviceFor(type: string): Advice | null {
  const found = Object.entries(BY_ADVICE).find(([, types]) => types.includes(type));
  return (found?.[0] as Advice | undefined) ?? null;
}
