import type { ReactNode } from 'react';

/** One below the other, with a line between. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className="divide-y divide-solid-gray-200">{children}</ul>;
}

/** A fact under its name. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="divide-y divide-solid-gray-200">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-wrap gap-x-4 py-2">
          <dt className="w-28 shrink-0 font-bold">{name}</dt>
          <dd className="min-w-0 flex-1 basis-40">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
