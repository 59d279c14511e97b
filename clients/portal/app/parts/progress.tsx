interface Props {
  readonly label: string;
  readonly done: number;
  readonly of: number;
  /** The same as text. */
  readonly said: string;
}

/** How far something has come. */
export function Progress({ label, done, of, said }: Props) {
  const share = Math.min(100, Math.max(0, (100 * done) / Math.max(1, of)));
  return (
    <div className="my-2 max-w-xl">
      <svg role="img" aria-label={`${label}: ${said}`} viewBox="0 0 100 4" preserveAspectRatio="none" className="h-3 w-full">
        <rect width="100" height="4" rx="1" className="fill-solid-gray-200" />
        <rect width={share} height="4" rx="1" className="fill-key-900" />
      </svg>
      <p className="font-bold">{said}</p>
    </div>
  );
}
