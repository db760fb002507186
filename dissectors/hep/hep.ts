/**
 * HEP, the encapsulation of capture agents (Homer; also called EEP): versions 1 and 2 with binary headers, version 3 with
 * chunks. What it carries is dissected again by the engine, as a packet with the addresses that the message names.
 */
import type { Octets } from '../../base/octets.ts';
import { Confidence, type DissectContext, type Dissector, type Rows, Verdict } from '../dissector.ts';
import { type HepColumns, hepColumns, HepFlag } from './columns.ts';
import { describeHep, MEDIA_TYPE } from './describe-hep.ts';
import { hepFields } from './fields.ts';
import { HEP3_MAGIC, HepMessage, HepResult, OLD_TIME, oldHeaderLength, readMessage } from './read-message.ts';
import { summarizeHep } from './summarize-hep.ts';

const UDP = 17;
const TCP = 6;
const SCTP = 132;
/** `SIP/` */
const SIP_VERSION = 0x5349502f;
const FIRST_RTCP_TYPE = 200;
const LAST_RTCP_TYPE = 207;
const MOST_COUNTED = 255;

const message = new HepMessage();

function probe(data: Octets, ctx: DissectContext): Confidence {
  if (data.u32(0) === HEP3_MAGIC) return Confidence.Certain;
  return ctx.transport === 'udp' && looksLikeOld(data) ? Confidence.Likely : Confidence.None;
}

/** Whether lengths agree and what follows is SIP or RTCP. */
function looksLikeOld(data: Octets): boolean {
  const header = oldHeaderLength(data);
  const transport = data.u8(3);
  if (header === 0 || (transport !== UDP && transport !== TCP && transport !== SCTP)) return false;
  const at = data.u8(0) === 2 ? header + OLD_TIME : header;
  if (data.length < at + 4) return false;
  if (data.u32(at) === SIP_VERSION) return true;
  const second = data.u8(at + 1);
  if (data.u8(at) >> 6 === 2) return second >= FIRST_RTCP_TYPE && second <= LAST_RTCP_TYPE;
  // A method: three capital letters at least (RFC 3261 section 7.1).
  for (let i = 0; i < 3; i++) {
    const octet = data.u8(at + i);
    if (octet < 0x41 || octet > 0x5a) return false;
  }
  return true;
}

function dissect(data: Octets, out: Rows<HepColumns>, ctx: DissectContext): Verdict {
  const isStream = ctx.transport === 'tcp';
  const result = readMessage(data, isStream, ctx.truncated, message);
  if (result === HepResult.Not) return Verdict.Reject;
  if (result === HepResult.Short) return Verdict.NeedMore;
  const row = out.add();
  const c = out.columns;
  if (isStream) ctx.consumed = Math.min(message.total, data.length);
  c.version.set(row, message.version);
  c.ipVersion.set(row, message.ipVersion);
  c.transport.set(row, message.transport);
  c.sourceAt.set(row, message.sourceAt);
  c.destinationAt.set(row, message.destinationAt);
  c.sourcePort.set(row, message.sourcePort);
  c.destinationPort.set(row, message.destinationPort);
  c.seconds.set(row, message.seconds);
  c.micros.set(row, message.micros);
  c.protocolType.set(row, message.protocolType);
  c.agent.set(row, message.agent);
  c.payloadAt.set(row, message.payloadAt);
  c.payloadLength.set(row, message.payloadLength);
  c.flags.set(row, flagsOf(ctx.truncated));
  if (message.vendorChunks > 0) c.vendorChunks.set(row, Math.min(message.vendorChunks, MOST_COUNTED));
  c.nodeName.set(row, ctx.strings.intern(data.bytes, data.start + message.nodeNameAt, message.nodeNameLength));
  c.correlation.set(row, ctx.strings.intern(data.bytes, data.start + message.correlationAt, message.correlationLength));
  if (message.fault === '') return Verdict.Ok;
  ctx.issue(message.fault, message.faultAt);
  return Verdict.Malformed;
}

function flagsOf(truncated: boolean): number {
  let flags = 0;
  if (message.isCompressed) flags |= HepFlag.Compressed;
  if (message.hasAuthKey) flags |= HepFlag.AuthKey;
  if (message.hasTime) flags |= HepFlag.HasTime;
  if (truncated) flags |= HepFlag.Truncated;
  return flags;
}

export const hep: Dissector<HepColumns> = {
  id: 'hep',
  label: 'HEP',
  specs: ['HEP3 network protocol specification', 'HEP versions 1 and 2 (sipcapture)'],
  claims: [
    { kind: 'heuristic', over: 'udp', firstOctet: [0x48, 0x48] },
    { kind: 'heuristic', over: 'tcp', firstOctet: [0x48, 0x48] },
    { kind: 'heuristic', over: 'udp', firstOctet: [1, 2] },
    { kind: 'media-type', type: MEDIA_TYPE },
  ],
  columns: hepColumns,
  fields: hepFields,
  probe,
  dissect,
  summarize: summarizeHep,
  describe: describeHep,
};
