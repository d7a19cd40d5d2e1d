// What this device draws with, and how its drawing comes out.
import { sha256Hex } from '../proof/sha256.ts';

const HASH_CHARACTERS = 16;

export interface Graphics {
  /** Vendor. */
  readonly v: string;
  /** Renderer. */
  readonly r: string;
}

/** Null where there is no WebGL, or it does not tell. */
export function graphics(): Graphics | null {
  const gl = document.createElement('canvas').getContext('webgl');
  if (gl === null) return null;
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  const vendor: unknown = gl.getParameter(unmasked?.UNMASKED_VENDOR_WEBGL ?? gl.VENDOR);
  const renderer: unknown = gl.getParameter(unmasked?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { v: String(vendor ?? ''), r: String(renderer ?? '') };
}

/** Devices of one make and browser draw alike: this names the kind, not the device. */
export function canvasHash(): string | null {
  const canvas = document.createElement('canvas');
  canvas.width = 240;
  canvas.height = 60;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.textBaseline = 'alphabetic';
  context.fillStyle = '#f60';
  context.fillRect(100, 5, 80, 30);
  context.font = '15px Arial, sans-serif';
  context.fillStyle = '#069';
  context.fillText('A line for everyone \u{1f6d2} 1,000', 4, 24);
  context.globalCompositeOperation = 'multiply';
  for (const [index, colour] of ['#f2f', '#2ff', '#ff2'].entries()) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(60 + 30 * index, 38, 18, 0, Math.PI * 2);
    context.fill();
  }
  return sha256Hex(canvas.toDataURL()).slice(0, HASH_CHARACTERS);
}
