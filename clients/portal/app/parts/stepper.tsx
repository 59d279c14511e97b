import { Button as Step } from 'react-aria-components/Button';
import { Group } from 'react-aria-components/Group';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { NumberField } from 'react-aria-components/NumberField';

interface Props {
  readonly label: string;
  /** NaN where there is none. */
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step?: number;
  readonly decimals?: number;
  readonly onChange: (value: number) => void;
}

/** A number that is typed, or goes up and down by taps. */
export function Stepper({ label, value, least, most, step = 1, decimals = 0, onChange }: Props) {
  const stepper = 'min-h-14 min-w-14 rounded-8 border border-solid-gray-536 bg-white text-2xl font-bold text-key-900 data-[pressed]:bg-key-100 data-[disabled]:text-solid-gray-420';
  return (
    <NumberField
      value={value}
      minValue={least}
      maxValue={most}
      step={step}
      formatOptions={{ minimumFractionDigits: decimals, maximumFractionDigits: decimals }}
      onChange={onChange}
    >
      <Label className="mb-1 block font-bold">{label}</Label>
      <Group className="flex max-w-md items-center gap-2">
        <Step slot="decrement" className={stepper}>
          <span aria-hidden>−</span>
        </Step>
        <Input className="min-h-14 w-full min-w-0 rounded-8 border border-solid-gray-536 bg-white px-3 text-center text-2xl font-bold" />
        <Step slot="increment" className={stepper}>
          <span aria-hidden>+</span>
        </Step>
      </Group>
    </NumberField>
  );
}
