import type { Stage } from '../records/walking.ts';

interface Props {
  /** What is seen, in a sentence: names stand beside it as text. */
  readonly label: string;
  readonly stages: readonly Stage[];
  /** How many of them are behind the team. */
  readonly reached: number;
}

const [WIDTH, ACROSS, TALL, EDGE] = [360, 4, 58, 42];
/** Of more stages only those near the team are named. */
const NAMED = 16;
const LONGEST_NAME = 5;

/** A route with its stages, winding from the top to the bottom, and where the team is. */
export function RouteMap({ label, stages, reached }: Props) {
  const rows = Math.ceil(stages.length / ACROSS);
  const at = (place: number): { x: number; y: number } => {
    const row = Math.floor(place / ACROSS);
    const column = row % 2 === 0 ? place % ACROSS : ACROSS - 1 - (place % ACROSS);
    return { x: EDGE + (column * (WIDTH - 2 * EDGE)) / (ACROSS - 1), y: 22 + row * TALL };
  };
  const line = (from: number, to: number): string => stages.slice(from, to).map((_, place) => Object.values(at(from + place)).join(',')).join(' ');
  const here = Math.max(0, reached - 1);
  const named = (place: number): boolean => stages.length <= NAMED || place === 0 || place === stages.length - 1 || Math.abs(place - here) <= 1;
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${rows * TALL}`} className="my-3 w-full max-w-xl">
      <polyline points={line(0, stages.length)} fill="none" strokeWidth="6" strokeLinejoin="round" className="stroke-solid-gray-200" />
      <polyline points={line(0, reached)} fill="none" strokeWidth="6" strokeLinejoin="round" className="stroke-key-900" />
      {stages.map((stage, place) => {
        const { x, y } = at(place);
        const isHere = reached > 0 && place === here;
        return (
          <g key={`${stage.name} ${place}`}>
            <circle cx={x} cy={y} r={isHere ? 11 : 7} strokeWidth="3" className={place < reached ? 'fill-key-900 stroke-key-900' : 'fill-white stroke-solid-gray-536'} />
            {isHere && <path d={`M${x - 4} ${y}l3 4 6-8`} fill="none" strokeWidth="2.5" className="stroke-white" />}
            {named(place) && (
              <text x={x} y={y + 26} textAnchor="middle" className={`text-[12px] ${isHere ? 'fill-key-900 font-bold' : 'fill-solid-gray-700'}`}>
                {[...stage.name].length > LONGEST_NAME + 1 ? `${[...stage.name].slice(0, LONGEST_NAME).join('')}…` : stage.name}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}
