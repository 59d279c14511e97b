/** The rules of health checkups, pure: what the published rules make of coded results, and which value decided. */

export { change, trend, type Change, type Trend } from './changes.js';
export type { Criterion, Judged, Reading, Side } from './criteria.js';
export type { Alternative, Decision, Note } from './decision.js';
export { sentences } from './explaining.js';
export { grades, letters, normal, type Band, type Grade, type Letter, type Limits, type Normal } from './judging.js';
export { answers, calculatedBmi, facts, numbers, type Absent, type Facts, type Measured, type Observed } from './observed.js';
export { choiceText, questionnaire, type Answer } from './questionnaire.js';
export { explainGuidance, explainSyndrome, GUIDANCE, SYNDROME } from './rules.js';
export { CHOICES, ITEMS, NAMES, questions, said, words, type Item, type Language, type Sex, type Ternary } from './tables.js';
