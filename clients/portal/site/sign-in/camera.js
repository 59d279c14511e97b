// Reads a QR code with the camera, where the browser can (Shape Detection API). Pictures stay in the browser.

const PAUSE_MS = 200;

/** @typedef {{ detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]> }} Detector */
/** @typedef {{ new (options: { formats: string[] }): Detector, getSupportedFormats(): Promise<string[]> }} DetectorKind */

/** @returns {DetectorKind | undefined} */
function kind() {
  return /** @type {{ BarcodeDetector?: DetectorKind }} */ (/** @type {unknown} */ (globalThis)).BarcodeDetector;
}

export async function canScan() {
  const formats = (await kind()?.getSupportedFormats()) ?? [];
  return formats.includes('qr_code') && 'mediaDevices' in navigator;
}

/**
 * Shows the camera in `video` until a QR code is seen; null when stopped. Throws DOMException where there is no camera to use.
 * @param {HTMLVideoElement} video
 * @param {AbortSignal} stopped
 * @returns {Promise<string | null>}
 */
export async function scan(video, stopped) {
  const Kind = kind();
  if (!Kind) return null;
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  try {
    const detector = new Kind({ formats: ['qr_code'] });
    video.srcObject = stream;
    await video.play();
    while (!stopped.aborted) {
      const [found] = await detector.detect(video);
      if (found) return found.rawValue;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
