import type { DtlsTransportState, IceTransportState } from '../../../shared/ice.ts';

export type ConnectionState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

/** RTCIceConnectionState of the states of all ICE transports (W3C webrtc-pc section 4.3.4). */
export function iceConnectionState(ice: readonly IceTransportState[]): IceTransportState {
  const every = (...states: IceTransportState[]): boolean => ice.every((state) => states.includes(state));
  if (ice.length > 0 && every('closed')) return 'closed';
  if (ice.includes('failed')) return 'failed';
  if (ice.includes('disconnected')) return 'disconnected';
  if (every('new', 'closed')) return 'new';
  if (ice.includes('new') || ice.includes('checking')) return 'checking';
  return every('completed', 'closed') ? 'completed' : 'connected';
}

/** RTCPeerConnectionState of the states of all transports (section 4.3.3). */
export function connectionState(
  ice: readonly IceTransportState[],
  dtls: readonly DtlsTransportState[],
): ConnectionState {
  if (ice.length > 0 && ice.every((state) => state === 'closed')) return 'closed';
  if (ice.includes('failed') || dtls.includes('failed')) return 'failed';
  if (ice.includes('disconnected')) return 'disconnected';
  const isIdle = (state: string): boolean => state === 'new' || state === 'closed';
  if (ice.every(isIdle) && dtls.every(isIdle)) return 'new';
  const isUp = (state: string): boolean => state === 'connected' || state === 'completed' || state === 'closed';
  return ice.every(isUp) && dtls.every(isUp) ? 'connected' : 'connecting';
}
