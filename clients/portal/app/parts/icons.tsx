/** Drawn here, 24 by 24, in the colour of the text beside them. */

const PATHS = {
  home: 'M4 11 12 4l8 7v9h-5v-6H9v6H4z',
  checkups: 'M6 4h12v17H6zM9 2.5h6v3H9zM9 11h6M9 15h4',
  costs: 'M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8l3 4 3-4M12 12v5M9.5 13h5',
  vitals: 'M3 13h4l2-6 4 11 2.5-7 1.5 2h4',
  walking: 'M13.5 4.5a1.2 1.2 0 1 0-.1 0zM9 21l2.5-6-2-3 1.5-4 3 1 1.5 3 3 1M11.5 15l3 2 1 4M11 8l-3 1.5-1 3',
  programs: 'M12 3a9 9 0 1 0 9 9M12 7.5a4.5 4.5 0 1 0 4.5 4.5M12 12l6.5-6.5M18.5 3v2.5H21',
  points: 'M12 3a9 9 0 1 0 .01 0zM9.5 17V7.5H13a2.8 2.8 0 0 1 0 5.6H9.5',
  exchange: 'M4 9h16v11H4zM3 9l2-4h14l2 4M12 5v15M9 13h6',
  own: 'M12 3 4 6v6c0 4.5 3.2 7.6 8 9 4.8-1.4 8-4.5 8-9V6zM9 12l2.2 2.2L15.5 10',
  display: 'M4 19 9 6l5 13M6 15h6M15 19l3-8 3 8M16 16.5h4',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg aria-hidden viewBox="0 0 24 24" className="size-6 shrink-0" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinejoin="round" strokeLinecap="round">
      <path d={PATHS[name]} />
    </svg>
  );
}
