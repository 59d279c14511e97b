import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField as Field } from 'react-aria-components/TextField';

const BOX =
  'mt-1 block min-h-12 w-full rounded-8 border border-solid-gray-536 bg-white p-3 data-[invalid]:border-2 data-[invalid]:border-error-2';

interface Props {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  /** What is wrong with it, in words. */
  readonly wrong?: string | null;
  /** More than one line where there are so many. */
  readonly rows?: number;
  readonly type?: 'text' | 'password' | 'email' | 'tel';
  readonly mono?: boolean;
  readonly onChange: (value: string) => void;
}

/** Something to be typed. The browser remembers nothing of it. */
export function TextField({ label, hint, value, wrong = null, rows, type = 'text', mono = false, onChange }: Props) {
  const shape = `${BOX} ${mono ? 'font-mono tracking-wide' : ''}`;
  return (
    <Field value={value} onChange={onChange} type={type} isInvalid={wrong !== null} className="my-3 block">
      <Label className="block font-bold">{label}</Label>
      {hint && (
        <Text slot="description" className="block text-[.9375rem] text-solid-gray-700">
          {hint}
        </Text>
      )}
      <FieldError className="block font-bold text-error-2">{wrong}</FieldError>
      {rows ? <TextArea rows={rows} autoComplete="off" className={shape} /> : <Input autoComplete="off" className={shape} />}
    </Field>
  );
}
