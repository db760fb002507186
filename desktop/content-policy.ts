/**
 * What a page of Earshot may run and fetch: its own files and nothing else. `connect` names further places that scripts may
 * speak with (the loopback host's WebSocket).
 */
export function contentPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    // The editor's and the audio codecs' WebAssembly; never eval.
    "script-src 'self' 'wasm-unsafe-eval'",
    // The docking panes and the editor set styles from scripts.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...connect].join(' '),
    "media-src 'self'",
    "worker-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
