import { useTranslation } from 'react-i18next';

import { Icon, type IconName } from '../parts/icons.tsx';
import { PageLink } from '../parts/link.tsx';
import { isData } from '../records/own-data.ts';
import type { Path } from '../routing.ts';

export interface Entry {
  readonly to: Path;
  readonly icon: IconName;
  readonly label: string;
  /** Whether phones show it too. */
  readonly inBar: boolean;
}

export function Navigation({ path, entries }: { path: Path; entries: readonly Entry[] }) {
  const { t } = useTranslation();
  const section = isData(path) ? '/own' : path;
  return (
    <nav
      aria-label={t('navigation')}
      className="fixed inset-x-0 bottom-0 z-10 border-t border-solid-gray-200 bg-white pb-[env(safe-area-inset-bottom)] md:static md:border-0 md:bg-transparent md:px-4"
    >
      <ul className="flex md:flex-col md:gap-1">
        {entries.map((entry) => (
          <li key={entry.to} className={`min-w-0 flex-1 md:flex-none ${entry.inBar ? '' : 'hidden md:block'}`}>
            <PageLink
              to={entry.to}
              aria-current={entry.to === path ? 'page' : entry.to === section ? 'true' : undefined}
              className="flex min-h-14 flex-col items-center justify-center gap-0.5 px-0.5 py-1 text-center text-[min(.8125rem,3.1vw)] leading-tight text-solid-gray-800 aria-[current]:font-bold aria-[current]:text-key-900 aria-[current]:shadow-[inset_0_3px_0_var(--color-key-900)] hover:bg-key-50 md:min-h-12 md:flex-row md:justify-start md:gap-3 md:rounded-8 md:px-3 md:text-base md:aria-[current]:bg-key-50 md:aria-[current]:shadow-none"
            >
              <Icon name={entry.icon} />
              {entry.label}
            </PageLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
