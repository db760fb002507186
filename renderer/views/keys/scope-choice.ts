import type { StreamListRow } from '../../../shared/engine-api.ts';

export interface ScopeChoice {
  /** As `SrtpKeyInput.scope`. */
  readonly scope: string;
  readonly label: string;
}

/** Whose key it can be, from the encrypted streams of a capture: a stream by its SSRC, a call by its id. */
export function scopeChoices(streams: readonly StreamListRow[]): { streams: ScopeChoice[]; calls: ScopeChoice[] } {
  const encrypted = streams.filter(({ encryption }) => encryption !== null);
  const calls = new Map<string, ScopeChoice>();
  for (const { call, side, fromName, toName } of encrypted) {
    if (call === null || calls.has(call)) continue;
    const [caller, callee] = side === 'B' ? [toName, fromName] : [fromName, toName];
    const who = caller === null && callee === null ? '' : `, ${caller ?? '—'} → ${callee ?? '—'}`;
    calls.set(call, { scope: call, label: `Call ${call.slice(1)}${who}` });
  }
  return {
    streams: encrypted.map(({ number, ssrc, src, dst, fromName, toName }) => ({
      scope: ssrc,
      label: `Stream ${number}, ${ssrc}, ${fromName ?? src} → ${toName ?? dst}`,
    })),
    calls: [...calls.values()],
  };
}
