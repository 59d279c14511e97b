import type { ReactNode } from 'react';

const LOOKS = {
  main: 'border-key-900 bg-key-900 text-white hover:bg-key-1000 active:bg-key-1100',
  other: 'border-key-900 bg-white text-key-900 hover:bg-key-50 active:bg-key-100',
} as const;

interface Props {
  readonly look?: keyof typeof LOOKS;
  readonly wide?: boolean;
  readonly type?: 'button' | 'submit';
  /** It waits for something, keeps the focus, and does nothing meanwhile. */
  readonly isPending?: boolean;
  readonly onPress?: () => void;
  readonly children: ReactNode;
}

/** Something to press, 48 pixels high. */
export function Button({ look = 'other', wide = false, type = 'button', isPending = false, onPress, children }: Props) {
  const waits = 'aria-disabled:cursor-progress aria-disabled:border-solid-gray-200 aria-disabled:bg-solid-gray-200 aria-disabled:text-solid-gray-900';
  const shape = `inline-flex min-h-12 items-center justify-center gap-2 rounded-8 border-2 px-4 py-2 font-bold ${wide ? 'w-full' : ''}`;
  return (
    <button
      type={type}
      aria-disabled={isPending || undefined}
      onClick={(event) => {
        if (isPending) event.preventDefault();
        else onPress?.();
      }}
      className={`${shape} ${LOOKS[look]} ${waits}`}
    >
      {children}
    </button>
  );
}
