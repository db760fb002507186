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

/** What the machines of a session found, with the states of its DTLS. */
export interface SessionSteps {
  readonly session: IceSession;
  readonly machines: readonly IceMachine[];
}

/**
 * Writes the timelines of sessions that make one connection: each transport's ICE and DTLS states, and what those of all
 * together come to.
 */
export function writeStates(store: CaptureStore, connection: readonly SessionSteps[]): void {
  const all: { session: IceSession; step: Step }[] = [];
  const ice = new Map<string, IceTransportState>();
  const dtls = new Map<string, DtlsTransportState>();
  for (const { session, machines } of connection) {
    session.transports.forEach((transport, i) => {
      ice.set(`${session.index} ${i}`, 'new');
      if (transport.dtls.length > 0 || expectsDtls(session)) dtls.set(`${session.index} ${i}`, 'new');
      for (const change of machines[i].changes) {
        all.push({ session, step: { ...change, transport: i, isDtls: false } });
      }
      for (const change of dtlsChanges(store, transport)) {
        all.push({ session, step: { ...change, transport: i, isDtls: true } });
      }
      noteSilence(store, session, transport);
    });
  }
  all.sort((a, b) => a.step.time - b.step.time || Number(a.step.isDtls) - Number(b.step.isDtls));
  let [iceBefore, allBefore] = ['new', 'new'];
  for (const { session, step } of all) {
    const { time, frame, from, to, why, transport, isDtls } = step;
    const packet = frame < 0 ? null : frame + 1;
    const key = `${session.index} ${transport}`;
    push(session, { time, transport: `${isDtls ? 'dtls' : 'ice'} ${transport}`, from, to, packet, why });
    if (isDtls) dtls.set(key, to as DtlsTransportState);
    else ice.set(key, to as IceTransportState);
    const iceNow = iceConnectionState([...ice.values()]);
    const allNow = connectionState([...ice.values()], [...dtls.values()]);
    for (const { session: each } of connection) {
      const change = { time, packet, why };
      if (iceNow !== iceBefore) push(each, { ...change, transport: 'iceConnectionState', from: iceBefore, to: iceNow });
      if (allNow !== allBefore) push(each, { ...change, transport: 'connectionState', from: allBefore, to: allNow });
    }
    [iceBefore, allBefore] = [iceNow, allNow];
  }
}

/** DTLS that should have begun and did not has a line all the same. */
function noteSilence(store: CaptureStore, session: IceSession, transport: IceTransport): void {
  if (transport.dtls.length > 0 || !expectsDtls(session) || session.firstFrame < 0) return;
  const time = store.frames.time(session.firstFrame);
  push(session, {
    time,
    transport: `dtls ${transport.index}`,
    from: 'new',
    to: 'new',
    packet: null,
    why: 'no ClientHello seen',
  });
}

function push({ states }: IceSession, change: IceStateChange): void {
  if (states.length < MOST_STATES_OF_SESSION) states.push(change);
}

/** SDP with fingerprints promises DTLS. */
export function expectsDtls({ descriptions }: IceSession): boolean {
  return descriptions.some(({ fingerprints }) => fingerprints.length > 0);
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
    // Without a profile for SRTP the handshake itself still ends well.
    const isUp = outcome.end === 'connected' || outcome.end === 'no-common-profile';
    if (isUp && outcome.alert === null) change('connected', outcome.session.finishedFrame, '');
    else if (isRefused(outcome)) change('failed', outcome.endFrame, refusal(outcome));
    if (outcome.closedFrame >= 0) change('closed', outcome.closedFrame, 'close_notify');
  }
  return changes;
}

function isRefused({ end, alert }: DtlsOutcome): boolean {
  if (alert !== null) return true;
  return end === 'alert' || end === 'fingerprint-mismatch';
}

function refusal({ end, who, alert }: DtlsOutcome): string {
  if (end === 'alert')
    return `${alert === null ? 'encrypted alert' : `alert ${formatAlert(alert.description)}`} of the ${who}`;
  if (end === 'fingerprint-mismatch') return `certificate of the ${who} does not match the SDP`;
  return 'no common SRTP profile';
}
