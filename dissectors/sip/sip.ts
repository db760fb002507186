/** SIP: RFC 3261 and the methods and header fields that its extensions added. */
import type { Octets } from '../../base/octets.ts';
import { Confidence, type DissectContext, type Dissector, type Rows, Verdict } from '../dissector.ts';
import { SIP_COLUMNS, type SipColumns } from './columns.ts';
import { describeSip } from './describe-sip.ts';
import { dissectSip } from './dissect-sip.ts';
import { sipFields } from './fields.ts';
import { isTokenOctet } from './octet-classes.ts';
import { LineKind, StartLine } from './start-line.ts';
import { summarizeSip } from './summarize-sip.ts';

export { SIP_COLUMNS, type SipColumns, SipFlag, UNREADABLE_STATUS } from './columns.ts';
export { SIP_METHODS, SipMethod } from './methods.ts';

const probeLine = new StartLine();

export const sip: Dissector<SipColumns> = {
  id: 'sip',
  label: 'SIP',
  specs: [
    'RFC 3261',
    'RFC 3262',
    'RFC 3311',
    'RFC 3326',
    'RFC 3428',
    'RFC 3515',
    'RFC 3581',
    'RFC 3891',
    'RFC 3903',
    'RFC 5621',
    'RFC 5626',
    'RFC 6086',
    'RFC 6665',
  ],
  // 5061 is SIP over TLS, and what is in TLS is not SIP yet.
  claims: [
    { kind: 'port', transport: 'udp', port: 5060 },
    { kind: 'port', transport: 'tcp', port: 5060 },
    // Letters: the first octet of every method in use and of `SIP/2.0`.
    { kind: 'heuristic', over: 'udp', firstOctet: [0x41, 0x7a] },
    { kind: 'heuristic', over: 'tcp', firstOctet: [0x41, 0x7a] },
  ],
  columns: SIP_COLUMNS,
  fields: sipFields,

  /** Strong for a sound first line of SIP/2.0, else None: nothing short of that line is a sign of SIP. */
  probe(data: Octets): Confidence {
    const { bytes, start } = data;
    if (data.length < 12 || !isTokenOctet(bytes[start])) return Confidence.None;
    const kind = probeLine.read(bytes, start, start + data.length);
    const sound = probeLine.wellFormed && probeLine.versionOk;
    return sound && (kind === LineKind.Request || kind === LineKind.Response) ? Confidence.Strong : Confidence.None;
  },

  dissect(data: Octets, out: Rows<SipColumns>, ctx: DissectContext): Verdict {
    return dissectSip(data, out, ctx);
  },

  summarize: summarizeSip,
  describe: describeSip,
};
