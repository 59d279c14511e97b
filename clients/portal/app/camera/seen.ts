/** Reading QR codes with the camera. Pictures stay on the page. */

const PAUSE_MS = 200;
/** Enough for a code that fills a quarter of the picture; phones would send far more. */
const WIDTH = 1280;

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}

interface DetectorKind {
  new (options: { formats: ['qr_code'] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

export function hasCamera(): boolean {
  return 'mediaDevices' in navigator;
}

/** Shows the camera in `video`, and yields what each QR code says, until `stopped`. Throws DOMException where no camera can be used. */
export async function* seen(video: HTMLVideoElement, stopped: AbortSignal): AsyncGenerator<string> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: WIDTH } } });
  try {
    if (stopped.aborted) return;
    const detector = await detectorHere();
    video.srcObject = stream;
    await video.play();
    while (!stopped.aborted) {
      const [found] = await detector.detect(video);
      if (found && !stopped.aborted) yield found.rawValue;
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

/** The browser's own (Shape Detection API), or the same in script, which comes only then. */
async function detectorHere(): Promise<Detector> {
  const { BarcodeDetector: Own } = globalThis as { BarcodeDetector?: DetectorKind };
  const Kind = Own && (await Own.getSupportedFormats()).includes('qr_code') ? Own : (await import('qr/decode.js')).BarcodeDetector;
  return new Kind({ formats: ['qr_code'] });
}
