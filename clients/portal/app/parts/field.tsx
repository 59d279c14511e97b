import type { HTMLInputTypeAttribute } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';

interface Props {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  /** What is wrong with it; null where nothing is. */
  readonly wrong?: string | null;
  readonly type?: HTMLInputTypeAttribute;
  readonly autoComplete?: string;
  readonly maxLength?: number;
  /** How many lines it shows; one where it takes no more. */
  readonly rows?: number;
  readonly mono?: boolean;
  readonly onChange: (value: string) => void;
}

const BOX = 'mt-1 block min-h-12 w-full rounded-8 border border-solid-gray-536 bg-white px-3 py-2 data-[invalid]:border-2 data-[invalid]:border-error-2';

/** A line of text, or more. */
export function Field({ label, hint, value, wrong = null, type = 'text', autoComplete = 'off', maxLength, rows, mono = false, onChange }: Props) {
  const shape = mono ? `${BOX} font-mono tracking-wide` : BOX;
  return (
    <TextField value={value} onChange={onChange} isInvalid={wrong !== null} type={type} className={`my-3 block ${rows ? '' : 'max-w-md'}`} {...(maxLength && { maxLength })}>
      <Label className="block font-bold">{label}</Label>
      {hint && (
        <Text slot="description" className="block text-[.9375rem] text-solid-gray-700">
          {hint}
        </Text>
      )}
      <FieldError className="block font-bold text-error-2">{wrong}</FieldError>
      {rows ? <TextArea rows={rows} autoComplete={autoComplete} className={shape} /> : <Input autoComplete={autoComplete} className={shape} />}
    </TextField>
  );
}
