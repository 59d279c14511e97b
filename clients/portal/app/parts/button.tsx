import { Button as Pressable, type ButtonProps } from 'react-aria-components/Button';

const LOOKS = {
  main: 'border-key-900 bg-key-900 text-white data-[hovered]:bg-key-1000 data-[pressed]:bg-key-1100',
  other: 'border-key-900 bg-white text-key-900 data-[hovered]:bg-key-50 data-[pressed]:bg-key-100',
  plain: 'border-transparent bg-transparent text-key-900 underline underline-offset-4 data-[hovered]:decoration-2',
} as const;

interface Props extends ButtonProps {
  readonly look?: keyof typeof LOOKS;
  readonly wide?: boolean;
}

/** Something to press, 48 pixels high. While `isPending` it keeps the focus and says so. */
export function Button({ look = 'other', wide = false, className, ...rest }: Props) {
  const waits = 'data-[pending]:cursor-progress data-[pending]:border-solid-gray-200 data-[pending]:bg-solid-gray-200 data-[pending]:text-solid-gray-900';
  const off = 'data-[disabled]:cursor-not-allowed data-[disabled]:border-solid-gray-300 data-[disabled]:bg-solid-gray-50 data-[disabled]:text-solid-gray-536';
  const shape = `inline-flex min-h-12 items-center justify-center gap-2 rounded-8 border-2 px-4 py-2 font-bold ${wide ? 'w-full' : ''}`;
  return <Pressable {...rest} className={`${shape} ${LOOKS[look]} ${waits} ${off} ${typeof className === 'string' ? className : ''}`} />;
}
