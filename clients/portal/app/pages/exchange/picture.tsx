import { useEffect, useRef, useState } from 'react';

const SIDE = 320;

interface Props {
  readonly label: string;
  readonly read: () => Promise<Blob | null>;
}

/** A picture that was read as bytes, drawn here: the page's policy shows no picture of another origin. */
export function Picture({ label, read }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const reading = useRef(read);
  const [there, setThere] = useState(false);
  useEffect(() => {
    let gone = false;
    const draw = async (): Promise<void> => {
      const found = await reading.current();
      if (!found) return;
      const bitmap = await createImageBitmap(found);
      const context = canvas.current?.getContext('2d');
      if (gone || !context) return;
      const scale = Math.min(SIDE / bitmap.width, SIDE / bitmap.height);
      const [wide, tall] = [bitmap.width * scale, bitmap.height * scale];
      context.clearRect(0, 0, SIDE, SIDE);
      context.drawImage(bitmap, (SIDE - wide) / 2, (SIDE - tall) / 2, wide, tall);
      setThere(true);
    };
    // Without its picture a product is offered all the same.
    draw().catch(() => undefined);
    return () => {
      gone = true;
    };
  }, []);
  return <canvas ref={canvas} role="img" aria-label={label} hidden={!there} width={SIDE} height={SIDE} className="mb-2 aspect-square w-full max-w-40 rounded-8 bg-white" />;
}
