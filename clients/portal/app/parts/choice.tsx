import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { Label } from 'react-aria-components/Label';

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly lang?: string; readonly hint?: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, side by side where there is room. */
export function Choice<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <RadioGroup value={value} onChange={(chosen) => onChange(chosen as T)} className="my-3">
      <Label className="mb-2 block font-bold">{label}</Label>
      <div className="flex flex-wrap gap-2">
        {options.map((one) => (
          <Radio
            key={one.value}
            value={one.value}
            className="flex min-h-12 flex-1 basis-40 cursor-pointer items-center gap-3 rounded-8 border border-solid-gray-536 bg-white px-4 py-2 data-[focus-visible]:outline-4 data-[focus-visible]:outline-black data-[selected]:border-key-900 data-[selected]:bg-key-50 data-[selected]:ring-1 data-[selected]:ring-key-900"
          >
            {({ isSelected }) => (
              <>
                <span
                  aria-hidden
                  className={`size-5 shrink-0 rounded-full ${isSelected ? 'border-[6px] border-key-900' : 'border-2 border-solid-gray-536'} bg-white`}
                />
                <span lang={one.lang}>
                  <b className="block">{one.label}</b>
                  {one.hint && <span className="block text-[.9375rem] text-solid-gray-700">{one.hint}</span>}
                </span>
              </>
            )}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
