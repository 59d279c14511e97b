/** The parts of what a member takes along, in the order in which pages show them. */

import type { Section } from '../section.js';
import { CHALLENGES } from './challenges.js';
import { CHECKUPS } from './checkups.js';
import { CONSENTS } from './consents.js';
import { CONTESTS } from './contests.js';
import { FORMER_CHECKUPS } from './former-checkups.js';
import { FORMER_CLAIMS } from './former-claims.js';
import { GUIDANCE } from './guidance.js';
import { GUIDANCE_SUPPORT } from './guidance-support.js';
import { MEDICAL_CLAIMS } from './medical-claims.js';
import { MESSAGES } from './messages.js';
import { NOTES } from './notes.js';
import { ORDERS } from './orders.js';
import { PARTICIPATION } from './participation.js';
import { POINT_LOTS } from './point-lots.js';
import { POINTS } from './points.js';
import { PROFILE } from './profile.js';
import { SCREENED } from './screenings.js';
import { STEPS } from './steps.js';
import { VITALS } from './vitals.js';

export const SECTIONS: readonly Section[] = [
  PROFILE, CHECKUPS, FORMER_CHECKUPS, MEDICAL_CLAIMS, FORMER_CLAIMS, GUIDANCE, GUIDANCE_SUPPORT, SCREENED, VITALS, STEPS, CONTESTS, CHALLENGES,
  POINTS, POINT_LOTS, ORDERS, NOTES, MESSAGES, PARTICIPATION, CONSENTS,
];
