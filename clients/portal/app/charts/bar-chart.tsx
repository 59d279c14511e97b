interface Bar {
  readonly label: string;
  readonly value: number;
}

const [WIDTH, HEIGHT, BOTTOM, TOP] = [360, 160, 24, 8];

/** Amounts side by side; the values stand beside the chart as text. */
export function BarChart({ label, bars }: { label: string; bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map((one) => one.value));
  const wide = WIDTH / Math.max(1, bars.length);
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="my-2 w-full max-w-xl">
      <line x1="0" x2={WIDTH} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} className="stroke-solid-gray-536" />
      {bars.map((one, place) => {
        const tall = (one.value / most) * (HEIGHT - BOTTOM - TOP);
        return (
          <g key={one.label}>
            <rect x={place * wide + wide * 0.2} y={HEIGHT - BOTTOM - tall} width={wide * 0.6} height={tall} rx="2" className="fill-key-700" />
            <text x={(place + 0.5) * wide} y={HEIGHT - 7} textAnchor="middle" className="fill-solid-gray-700 text-[12px]">
              {one.label}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
