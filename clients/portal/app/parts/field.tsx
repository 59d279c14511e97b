import type { HTMLInputTypeAttribute } from 'react';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
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
  readonly onChange: (value: string) => void;
}

/** A line of text. */
export function Field({ label, hint, value, wrong = null, type = 'text', autoComplete = 'off', maxLength, onChange }: Props) {
  return (
    <TextField value={value} onChange={onChange} isInvalid={wrong !== null} type={type} className="my-3 block max-w-md" {...(maxLength && { maxLength })}>
      <Label className="block font-bold">{label}</Label>
      {hint && (
        <Text slot="description" className="block text-[.9375rem] text-solid-gray-700">
          {hint}
        </Text>
      )}
      <FieldError className="block font-bold text-error-2">{wrong}</FieldError>
      <Input
        autoComplete={autoComplete}
        className="mt-1 block min-h-12 w-full rounded-8 border border-solid-gray-536 bg-white px-3 py-2 data-[invalid]:border-2 data-[invalid]:border-error-2"
      />
    </TextField>
  );
}
