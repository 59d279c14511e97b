export interface Point {
  /** Below the axis. */
  readonly label: string;
  /** On the axis, in any unit. */
  readonly at: number;
  readonly value: number;
}

interface Props {
  /** What is seen, in a sentence: the values stand beside the chart as text. */
  readonly label: string;
  readonly points: readonly Point[];
  /** Shaded: from `low` on, below `below`. */
  readonly normal?: { readonly low: number | null; readonly below: number | null } | null;
  /** Whether each value is written at its point. */
  readonly values?: boolean;
}

const [WIDTH, HEIGHT] = [360, 200];
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 24, 24, 28];

/** One value over time, with the range in which it is normal. */
export function LineChart({ label, points, normal = null, values = false }: Props) {
  if (points.length === 0) return null;
  const all = [...points.map((one) => one.value), ...[normal?.low, normal?.below].filter((end) => typeof end === 'number')];
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = (most - least || Math.abs(most) || 1) * 0.15;
  const [bottom, top] = [least - room, most + room];
  const [first, last] = [points[0]!.at, points.at(-1)!.at];
  const x = (at: number): number => (first === last ? (LEFT + WIDTH - RIGHT) / 2 : LEFT + 12 + ((at - first) / (last - first)) * (WIDTH - LEFT - RIGHT - 24));
  const y = (value: number): number => TOP + ((top - value) / (top - bottom)) * (HEIGHT - TOP - BOTTOM);
  const [high, low] = [y(normal?.below ?? top), y(normal?.low ?? bottom)];
  const every = Math.ceil(points.length / 5);
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="my-2 w-full max-w-xl">
      {normal && <rect x={LEFT} y={high} width={WIDTH - LEFT - RIGHT} height={low - high} className="fill-green-50" />}
      {[...new Set([least, most])].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH - RIGHT} y1={y(value)} y2={y(value)} className="stroke-solid-gray-300" />
          <text x={LEFT - 6} y={y(value) + 4} textAnchor="end" className="fill-solid-gray-700 text-[12px]">
            {rounded(value)}
          </text>
        </g>
      ))}
      <polyline points={points.map((one) => `${x(one.at)},${y(one.value)}`).join(' ')} fill="none" strokeWidth="2.5" className="stroke-key-900" />
      {points.map((one, place) => (
        <g key={`${one.at} ${place}`}>
          <circle cx={x(one.at)} cy={y(one.value)} r={points.length > 20 ? 2.5 : 4.5} className="fill-key-900" />
          {values && (
            <text x={x(one.at)} y={y(one.value) - 10} textAnchor="middle" className="fill-solid-gray-900 text-[13px] font-bold">
              {rounded(one.value)}
            </text>
          )}
          {place % every === 0 && (
            <text x={x(one.at)} y={HEIGHT - 8} textAnchor="middle" className="fill-solid-gray-700 text-[12px]">
              {one.label}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
