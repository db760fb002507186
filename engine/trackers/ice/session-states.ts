import { formatAlert } from '../../../dissectors/tls/names.ts';
import type { DtlsTransportState, IceStateChange, IceTransportState } from '../../../shared/ice.ts';
import type { CaptureStore } from '../../store/capture-store.ts';
import { connectionState, iceConnectionState } from './aggregate-states.ts';
import type { DtlsOutcome } from './dtls-outcome.ts';
import type { Change, IceMachine } from './ice-machine.ts';
import type { IceSession, IceTransport } from './ice-session.ts';
import { MOST_STATES_OF_SESSION } from './ice-timing.ts';

/** A change of any transport, to be put in order with those of the others. */
interface Step {
  readonly time: number;
  readonly frame: number;
  readonly from: string;
  readonly to: string;
  readonly why: string;
  readonly transport: number;
  readonly isDtls: boolean;
}

/** Writes the session's timeline: each transport's ICE and DTLS states, and what they come to together. */
export function writeStates(store: CaptureStore, session: IceSession, machines: readonly IceMachine[]): void {
  const steps: Step[] = [];
  const withDtls: number[] = [];
  session.transports.forEach((transport, i) => {
    for (const change of machines[i].changes) steps.push({ ...change, transport: i, isDtls: false });
    const changes = dtlsChanges(store, transport);
    transport.dtlsState = changes.at(-1)?.to ?? 'new';
    for (const change of changes) steps.push({ ...change, transport: i, isDtls: true });
    if (transport.dtls.length > 0 || expectsDtls(session)) withDtls.push(i);
  });
  steps.sort((a, b) => a.time - b.time || Number(a.isDtls) - Number(b.isDtls));
  const { states } = session;
  const ice: IceTransportState[] = session.transports.map(() => 'new');
  const dtls = new Map<number, DtlsTransportState>(withDtls.map((i) => [i, 'new']));
  for (const i of withDtls) {
    if (session.transports[i].dtls.length > 0 || session.firstFrame < 0) continue;
    const time = store.frames.time(session.firstFrame);
    states.push({ time, transport: `dtls ${i}`, from: 'new', to: 'new', packet: null, why: 'no ClientHello seen' });
  }
  let [iceBefore, allBefore] = ['new', 'new'];
  for (const { time, frame, from, to, why, transport, isDtls } of steps) {
    if (states.length + 3 > MOST_STATES_OF_SESSION) return;
    const packet = frame < 0 ? null : frame + 1;
    states.push({ time, transport: `${isDtls ? 'dtls' : 'ice'} ${transport}`, from, to, packet, why });
    if (isDtls) dtls.set(transport, to as DtlsTransportState);
    else ice[transport] = to as IceTransportState;
    const iceNow = iceConnectionState(ice);
    const allNow = connectionState(ice, [...dtls.values()]);
    if (iceNow !== iceBefore) states.push(aggregate(time, 'iceConnectionState', iceBefore, iceNow, packet, why));
    if (allNow !== allBefore) states.push(aggregate(time, 'connectionState', allBefore, allNow, packet, why));
    [iceBefore, allBefore] = [iceNow, allNow];
  }
}

/** SDP with fingerprints promises DTLS. */
export function expectsDtls({ descriptions }: IceSession): boolean {
  return descriptions.some(({ fingerprints }) => fingerprints.length > 0);
}

function aggregate(
  time: number,
  transport: string,
  from: string,
  to: string,
  packet: number | null,
  why: string,
): IceStateChange {
  return { time, transport, from, to, packet, why };
}

/** States of a DTLS transport (W3C webrtc-pc section 5.5). */
function dtlsChanges(store: CaptureStore, { dtls }: IceTransport): Change<DtlsTransportState>[] {
  const changes: Change<DtlsTransportState>[] = [];
  let state = 'new' as DtlsTransportState;
  const change = (to: DtlsTransportState, frame: number, why: string): void => {
    if (to === state || frame < 0) return;
    changes.push({ time: store.frames.time(frame), frame, from: state, to, why });
    state = to;
  };
  for (const outcome of dtls) {
    // A second handshake over a transport that is up is no step back.
    if (state !== 'connected') change('connecting', outcome.session.firstFrame, '');
    if (outcome.end === 'connected') change('connected', outcome.endFrame, '');
    else if (isRefused(outcome)) change('failed', outcome.endFrame, refusal(outcome));
    if (outcome.closedFrame >= 0) change('closed', outcome.closedFrame, 'close_notify');
  }
  return changes;
}

function isRefused({ end }: DtlsOutcome): boolean {
  return end === 'alert' || end === 'fingerprint-mismatch' || end === 'no-common-profile';
}

function refusal({ end, who, alert }: DtlsOutcome): string {
  if (end === 'alert' && alert !== null) return `alert ${formatAlert(alert.description)} of the ${who}`;
  if (end === 'fingerprint-mismatch') return `certificate of the ${who} does not match the SDP`;
  return 'no common SRTP profile';
}
