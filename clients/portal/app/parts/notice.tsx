import type { ReactNode } from 'react';

const LOOKS = {
  plain: 'border-key-900 bg-key-50',
  good: 'border-success-2 bg-green-50',
  careful: 'border-warning-yellow-2 bg-yellow-50',
  wrong: 'border-error-2 bg-red-50',
} as const;

/** Something to be known; `alert` lets screen readers say it at once. */
export function Notice({ kind = 'plain', alert = false, children }: { kind?: keyof typeof LOOKS; alert?: boolean; children: ReactNode }) {
  return (
    <div role={alert ? 'alert' : undefined} className={`my-4 space-y-1 rounded-8 border-l-8 p-4 ${LOOKS[kind]}`}>
      {children}
    </div>
  );
}
