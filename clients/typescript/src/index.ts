/**
 * The member's SDK: sign in, and read and write one's own data. Keys live in memory only, and end with the session.
 *
 *     const client = new Client(Deployment.read(bytes), { clientId: 'portal', redirectUri: 'https://portal.example/signed-in' });
 *     await using session = await client.signIn(new CodeWay(code, pin));
 *     console.log(session.profile.name, await session.checkups());
 *
 * Days are ISO 8601 dates, ids base64url, decimal numbers text, all as on the wire.
 */

export type { AddedWay } from './managing.js';
export type { Assertion, Authenticator, Credential } from './authenticators.js';
export type { Away, AwayFor } from './away.js';
export { Card } from './cards.js';
export type { Checkup, Checkups } from './checkups.js';
export { checkupViews, type CheckupView, type Line } from './checkup-views.js';
export type { Claim, ClaimLine, Diagnosis, DrugPrice, GuidanceReport, GuidanceResult, Institution, Medicine } from './claims.js';
export type { FormerClaim, GuidedYear, MonthCosts, ScreenedYear, Screening } from './claims-session.js';
export { Client, type ClientOptions } from './client.js';
export type { ConsentPurpose, ConsentState, ConsentText, GivenView, Shown, ViewGiven } from './agreeing.js';
export { Decimal } from './decimal.js';
export type { Erased } from './erasing.js';
export { EvidenceRefused, HostRefused, HostUnavailable, InputRefused, KeyMaterialRefused, SessionEnded, SignInFailed, WarifuError } from './errors.js';
export type { Saving } from './generics.js';
export { changed, type FormerCheckup, type Result } from './history.js';
export { Installation, type KeptInstallation } from './installation.js';
export type { Farewell } from './lifetime.js';
export { UNITS, type DaySteps, type Measurement, type VitalKind } from './measurements.js';
export type { MemberMessage, Received } from './messages.js';
export type { Opening, OpeningsReport } from './openings.js';
export type { OfferedChallenge } from './challenges.js';
export type { Returned, UserAgent } from './oauth.js';
export type { ToldLevel } from './participation.js';
export type { Order, Ordered, Points, Product, RuleVersion } from './shopping.js';
export type { Contest, OwnContest, OwnRanking, RankingPage } from './walking.js';
export type { ItemResult, Note, StepDay, Vital } from './recording.js';
export type { MemberSession, Wish } from './session.js';
export { Statement, type StatementRow } from './statement.js';
export type { HouseholdView } from './viewing.js';
export type { Alarm, Trouble } from './transparency/reading.js';
export { waits, type WayIn } from './verifiers.js';
export { CodeWay, Group, Passkey, type Way } from './ways.js';
export type { Clock, Fetch } from './wire.js';

export { Code, CodeError, folded, grouped, isPin, PinError, type Fault } from './protocol/code.js';
export { Deployment, DeploymentRefused, type GroupIdp, type Portal } from './protocol/deployment.js';
export type { Kind as OpeningKind } from './protocol/release-log.js';
export type { AuthorityName, HostName, StoreName } from './protocol/names.js';
export { lastHalf, type Level } from './protocol/participation.js';
export type { Address } from './protocol/orders.js';
export type { Profile } from './protocol/record.js';
export { ViewCode } from './protocol/view-code.js';
