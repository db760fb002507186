import type { StreamListRow } from '../../shared/engine-api.ts';
import { formatCount, formatNumber, formatPercent, UNKNOWN } from '../model/format/numbers.ts';
import { formatDuration } from '../model/format/times.ts';
import { jitterTone, lossTone } from '../widgets/grid/figures.ts';

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly tone?: string;
  /** As Wireshark counts, where that is another figure. */
  readonly wireshark?: string;
}

/** The figures of a stream; `wireshark` only where it counts otherwise. */
export function figuresOf(row: StreamListRow): Figure[] {
  const { jitterMs, wireshark } = row;
  const ms = (name: string, value: number | null, theirs?: number, tone = ''): Figure => ({
    name,
    value: formatNumber(value, 2),
    unit: 'ms',
    tone,
    ...other(formatNumber(value, 2), theirs === undefined ? undefined : formatNumber(theirs, 2)),
  });
  const lost = formatCount(row.lost);
  return [
    { name: 'Packets', value: formatCount(row.packets) },
    { name: 'Expected', value: formatCount(row.expected) },
    { name: 'Lost', value: lost, ...other(lost, formatCount(wireshark.lost)) },
    { name: 'Loss', value: formatPercent(row.lostPercent), unit: '%', tone: lossTone(row.lostPercent) },
    ms('Jitter, mean', jitterMs.mean, wireshark.meanJitterMs, jitterTone(jitterMs.mean)),
    ms('Jitter, max', jitterMs.max, wireshark.maxJitterMs, jitterTone(jitterMs.max)),
    ms('Δ, max', row.maxDeltaMs, wireshark.maxDeltaMs),
    ms('Skew, max', row.skewMs),
    { name: 'Out of order', value: formatCount(row.outOfOrder) },
    { name: 'Duplicates', value: formatCount(row.duplicates) },
    { name: 'Payload', value: formatCount(row.bytes), unit: 'B' },
    { name: 'Length', value: formatDuration(row.durationSeconds) },
  ];
}

function other(own: string, theirs: string | undefined): { wireshark?: string } {
  return theirs === undefined || theirs === own ? {} : { wireshark: theirs };
}

/** What is known of a stream: who and what, then its figures by RFC 3550 and, where they differ, by Wireshark. */
export function StreamFigures({ row }: { row: StreamListRow }) {
  const figures = figuresOf(row);
  return (
    <>
      <dl className="stream-about">
        <Line name="From → to" value={`${row.src} → ${row.dst}`} />
        <Line name="SSRC" value={row.ssrc} />
        <Line name="Codec" value={codecOf(row)} />
        <Line name="Recognised by" value={RECOGNISED[row.recognisedBy]} />
        {row.carriedIn !== 'udp' && <Line name="Carried in" value={CARRIERS[row.carriedIn] ?? row.carriedIn} />}
        {row.sameAs !== null && <Line name="Same as" value={sameAsOf(row)} />}
        {row.digits !== null && <Line name="Digits" value={row.digits} />}
        {row.encryption !== null && <Line name="Encryption" value={encryptionOf(row.encryption)} />}
        {row.encryption?.state === 'opened' && <Line name="Authenticity" value={authenticityOf(row.encryption)} />}
        {row.capturedTwice && <Line name="Captured twice" value="every packet is in the capture a second time" />}
      </dl>
      <dl className="stream-figures">
        {figures.map(({ name, value, unit, tone, wireshark }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={`mono ${tone ?? ''}`}>
              {value}
              {unit !== undefined && <span className="t3"> {unit}</span>}
            </dd>
            {wireshark !== undefined && (
              <dd className="stream-theirs">
                Wireshark <span className="mono">{wireshark}</span>
              </dd>
            )}
          </div>
        ))}
      </dl>
      {figures.some(({ wireshark }) => wireshark !== undefined) && (
        <p className="stream-note t3">
          Figures follow RFC 3550 (§6.4.1, appendix A.3); where Wireshark counts otherwise, its own stands below.
        </p>
      )}
    </>
  );
}

const RECOGNISED: Record<StreamListRow['recognisedBy'], string> = {
  signalling: 'its signalling (SDP)',
  'decode-as': 'a Decode As rule',
  consistency: 'its packets agreeing, without signalling',
};

function Line({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="mono">{value}</dd>
    </div>
  );
}

function codecOf({ codec, codecGuessed, clockRate, channels, payloadTypes }: StreamListRow): string {
  const rate = clockRate === null ? '' : `/${clockRate}`;
  const many = channels !== null && channels > 1 ? `/${channels}` : '';
  return `${codec === null ? UNKNOWN : `${codec}${rate}${many}${codecGuessed === true ? ' (guessed)' : ''}`}, payload type ${payloadTypes.join(', ')}`;
}

/** What people call it, where the name for scripts is not that. */
export const CARRIERS: Readonly<Record<string, string>> = {
  'turn-channel': 'TURN, ChannelData',
  'turn-indication': 'TURN, Send and Data indications',
  'ice-tcp': 'ICE over TCP',
  hep: 'HEP',
  'udp-encap': 'UDP, behind an unknown header',
};

function sameAsOf({ sameAs, carriedIn }: StreamListRow): string {
  return `stream ${sameAs?.slice(1)}, ${carriedIn === 'udp' ? 'inside what carries it' : 'on the wire itself'}`;
}

const KEY_FROM = { sdes: 'key from the SDP', dtls: 'key from DTLS', manual: 'key entered by hand' } as const;

function encryptionOf({ suite, keySource, state }: NonNullable<StreamListRow['encryption']>): string {
  const what = suite ?? (keySource === 'dtls' ? 'DTLS-SRTP' : 'SRTP');
  if (state === 'suspected') return 'nothing announces it, and the payload looks like it';
  if (state === 'failed') return `${what}, no key at hand is right`;
  if (state === 'no-key') return `${what}, no key`;
  return keySource === null ? what : `${what}, ${KEY_FROM[keySource]}`;
}

function authenticityOf({ authenticated, failed, replayed }: NonNullable<StreamListRow['encryption']>): string {
  const parts = [`${formatCount(authenticated)} authenticated`, `${formatCount(failed)} failed`];
  if (replayed > 0) parts.push(`${formatCount(replayed)} replayed`);
  return parts.join(', ');
}
