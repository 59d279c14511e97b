/** The member's record as FHIR resources, made on the device, where person and results meet. */

export { checkupDocument } from './document.js';
export { homeObservations } from './home.js';
export { documentUrl, observationUrl, PATIENT_URL } from './ids.js';
export { patient } from './person.js';
