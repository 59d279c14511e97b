import { useEffect, useState } from 'react';

interface Props {
  readonly label: string;
  readonly text: string;
}

/** A text as a QR code (error correction M) with its quiet zone. The encoder comes when one is shown. */
export function QrCode({ label, text }: Props) {
  const [modules, setModules] = useState<readonly boolean[][] | null>(null);
  useEffect(() => {
    let gone = false;
    const draw = async (): Promise<void> => {
      const { encodeQR } = await import('qr');
      if (!gone) setModules(encodeQR(text, 'raw', { ecc: 'medium', border: 4 }));
    };
    // The text beside it says the same.
    draw().catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [text]);
  if (!modules) return null;
  const dark = modules.flatMap((line, y) => line.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')));
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${modules.length} ${modules.length}`} shapeRendering="crispEdges" className="my-2 w-full max-w-56 bg-white">
      <path d={dark.join('')} fill="black" />
    </svg>
  );
}
