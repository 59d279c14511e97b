import type { ReactNode } from 'react';

/** What is there for whoever wants to know more. */
export function More({ title, children }: { title: string; children: ReactNode }) {
  return (
    <details className="group mt-3 border-t border-solid-gray-200 pt-1">
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2 font-bold text-key-900 [&::-webkit-details-marker]:hidden">
        <svg aria-hidden viewBox="0 0 12 12" className="size-3 shrink-0 group-open:rotate-90" fill="none" stroke="currentColor" strokeWidth="2">
          <path d="M4 1.5 8.5 6 4 10.5" />
        </svg>
        {title}
      </summary>
      {children}
    </details>
  );
}
