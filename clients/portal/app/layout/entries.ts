/** Pages of whoever is signed in, in the order in which they are offered. */

import type { IconName } from '../parts/icons.tsx';
import type { DataPath } from '../records/own-data.ts';
import type { OpenPath, Path } from '../routing.ts';

export type OwnPath = Exclude<Path, '/' | OpenPath | DataPath>;

interface OwnPage {
  readonly to: OwnPath;
  readonly icon: IconName;
  /** Whether a phone's bar has room for it; all others are a tap away, on the first page. */
  readonly inBar?: true;
}

export const OWN_PAGES: readonly OwnPage[] = [
  { to: '/checkups', icon: 'checkups', inBar: true },
  { to: '/costs', icon: 'costs' },
  { to: '/vitals', icon: 'vitals' },
  { to: '/walking', icon: 'walking', inBar: true },
  { to: '/programs', icon: 'programs' },
  { to: '/points', icon: 'points', inBar: true },
  { to: '/exchange', icon: 'exchange' },
  { to: '/own', icon: 'own' },
];
