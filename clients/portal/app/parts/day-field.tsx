import { useId } from 'react';

interface Props {
  readonly label: string;
  /** ISO 8601, as are the limits. */
  readonly value: string;
  readonly least?: string;
  readonly most?: string;
  readonly onChange: (day: string) => void;
}

/** A day. The platform's own field: phones show it as people know it. */
export function DayField({ label, value, least, most, onChange }: Props) {
  const id = useId();
  return (
    <div className="my-3">
      <label htmlFor={id} className="mb-1 block font-bold">
        {label}
      </label>
      <input
        id={id}
        type="date"
        required
        value={value}
        min={least}
        max={most}
        // An emptied field is no day.
        onChange={(event) => event.target.value && onChange(event.target.value)}
        className="min-h-12 w-full max-w-md rounded-8 border border-solid-gray-536 bg-white px-3 py-2"
      />
    </div>
  );
}
