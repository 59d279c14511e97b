/** The member's SDK. Keys live in memory only, and end with the session. */

export { Deployment, DeploymentRefused, type GroupIdp, type Portal } from './protocol/deployment.js';
export { Code, CodeError, folded, grouped, isPin, PinError, type Fault } from './protocol/code.js';
export { ViewCode } from './protocol/view-code.js';
export type { AuthorityName, HostName, StoreName } from './protocol/names.js';
export type { Address } from './protocol/orders.js';
export type { Profile } from './protocol/record.js';
