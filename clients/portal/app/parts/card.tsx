import { useId, type ReactNode } from 'react';

/** A part of a page under a heading of its own. */
export function Card({ title, note, children }: { title?: string; note?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={title ? id : undefined} className="my-4 rounded-12 border border-solid-gray-200 bg-white p-4 sm:p-6">
      {title && (
        <h2 id={id} className="mb-2">
          {title}
        </h2>
      )}
      {note && <p className="mb-3 text-solid-gray-700">{note}</p>}
      {children}
    </section>
  );
}
