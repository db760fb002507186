import { contentPolicy } from '../desktop/content-policy.ts';

/** Headers of every answer: nothing but the bundle's own files runs, nothing is framed, stored elsewhere or told to others. */
export function securityHeaders(port: number): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentPolicy([`ws://127.0.0.1:${port}`]),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // What is shown is private: it stays out of the browser's cache on disk.
    'Cache-Control': 'no-store',
  };
}
