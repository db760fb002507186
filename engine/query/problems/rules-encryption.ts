import { formatAlert } from '../../../dissectors/tls/names.ts';
import type { Capture } from '../../capture.ts';
import type { DtlsSession } from '../../tls/dtls-session.ts';
import { AnnouncedFingerprints } from '../../tls/fingerprints.ts';
import type { Stream } from '../../trackers/streams/stream.ts';
import { callId } from '../call-rows.ts';
import { streamId } from '../stream-rows.ts';
import { countOf, type Finding, packetsOf, shortNumber } from './finding.ts';
import type { StreamFacts } from './stream-facts.ts';
import { MOST_EVIDENCE, SRTP_FAILED_PACKETS, SRTP_FAILED_PERCENT } from './thresholds.ts';

/** Packets of a stream that opens, and that no key authenticates: its receiver drops them (RFC 3711 section 3.3). */
export function authenticationFailed(facts: StreamFacts): Finding[] {
  const { stream, capture } = facts;
  const opening = stream.encryption?.opening ?? null;
  if (opening === null) return [];
  const percent = (opening.failed * 100) / stream.packets;
  if (opening.failed < SRTP_FAILED_PACKETS || percent < SRTP_FAILED_PERCENT) return [];
  const frames: number[] = [];
  for (const row of facts.rows) {
    if (!capture.opened.isRefused(row)) continue;
    frames.push(capture.streams.rtp.frame.get(row));
    if (frames.length === MOST_EVIDENCE) break;
  }
  const share = `${countOf(opening.failed, 'packet')} of ${stream.packets} (${shortNumber(percent)} %)`;
  return [
    {
      code: 'srtp-authentication-failed',
      severity: 'warning',
      title: 'SRTP packets fail authentication',
      message: `${share}${facts.from} authenticate with none of the keys at hand, so a receiver drops them.`,
      call: facts.call,
      stream: facts.id,
      packets: packetsOf(frames),
      spec: 'RFC 3711 §3.3',
    },
  ];
}

/** A master key that went on past what its a=crypto line allows. */
export function keyExpired({ stream, id, call, from }: StreamFacts): Finding[] {
  const opening = stream.encryption?.opening ?? null;
  if (opening === null || opening.expiredFrame < 0) return [];
  const lifetime = opening.keys.find((key) => key.lifetime !== null)?.lifetime ?? '';
  return [
    {
      code: 'srtp-key-expired',
      severity: 'warning',
      title: 'SRTP key used past its lifetime',
      message: `The key${from} was announced for ${lifetime} packets and served for more, so a receiver may stop accepting them.`,
      call,
      stream: id,
      packets: packetsOf([opening.expiredFrame]),
      spec: 'RFC 4568 §6.1',
    },
  ];
}

/** SRTP was agreed on, and plain RTP is sent: a receiver drops it, or everybody on the way can listen. */
export function notEncrypted({ stream, id, call, from }: StreamFacts): Finding[] {
  if (!stream.isPlainDespite) return [];
  return [
    {
      code: 'srtp-not-encrypted',
      severity: 'warning',
      title: 'Media is not encrypted, though SRTP was agreed on',
      message: `The signalling says SRTP, and the packets${from} are plain RTP: a receiver that expects SRTP drops them. (A decrypted copy of a capture looks the same.)`,
      call,
      stream: id,
      packets: packetsOf([stream.firstFrame]),
      spec: 'RFC 3711 §3.3',
    },
  ];
}

/** DTLS handshakes that ended with an alert, or whose certificate is not the one that SDP announced. */
export function handshakes(capture: Capture): Finding[] {
  if (capture.dtls.sessions.length === 0) return [];
  const announced = new AnnouncedFingerprints(capture.store);
  return capture.dtls.sessions.flatMap((session) => [
    ...fingerprintMismatch(capture, session, announced),
    ...fatalAlert(capture, session),
  ]);
}

function fingerprintMismatch(capture: Capture, session: DtlsSession, announced: AnnouncedFingerprints): Finding[] {
  const { client, server } = announced.check(session);
  if (client !== 'mismatch' && server !== 'mismatch') return [];
  const side = client === 'mismatch' ? 'client' : 'server';
  const frames = session.messages
    .filter(({ handshakeType }) => handshakeType === CERTIFICATE)
    .map(({ frame }) => frame);
  return [
    {
      code: 'dtls-fingerprint-mismatch',
      severity: 'error',
      title: 'DTLS certificate does not match the SDP',
      message: `The ${side}'s certificate has another fingerprint than its SDP announced, so the other side must refuse the connection.`,
      ...belongsTo(capture, session),
      packets: packetsOf([...frames, session.firstFrame]),
      spec: 'RFC 8122 §6.2',
    },
  ];
}

function fatalAlert(capture: Capture, session: DtlsSession): Finding[] {
  const alert = session.alerts.find(({ level, description }) => level === FATAL && description !== CLOSE_NOTIFY);
  if (alert === undefined) return [];
  const who = alert.fromClient ? 'client' : 'server';
  return [
    {
      code: 'dtls-alert',
      severity: 'error',
      title: 'DTLS handshake refused',
      message: `The ${who} ended the handshake with the alert ${formatAlert(alert.description)}, so no keys were agreed on.`,
      ...belongsTo(capture, session),
      packets: packetsOf([alert.frame, session.firstFrame]),
      spec: 'RFC 5764 §4.1',
    },
  ];
}

const CERTIFICATE = 11;
const FATAL = 2;
const CLOSE_NOTIFY = 0;

/** The call and stream that go the way of a handshake. */
function belongsTo(capture: Capture, { clientFlow, serverFlow }: DtlsSession): Pick<Finding, 'call' | 'stream'> {
  const isIts = ({ flow }: Stream): boolean => flow !== 0 && (flow === clientFlow || flow === serverFlow);
  const stream = capture.streams.streams.find(isIts);
  if (stream === undefined) return { call: null, stream: null };
  const call = stream.call < 0 ? null : callId(capture.calls.entries[stream.call]);
  return { call, stream: streamId(stream) };
}
