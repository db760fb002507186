import { type Endpoint, formatIp } from './capture-writer.ts';
import type { Random } from './random.ts';

/** The two ends of one call and all the names its messages carry. */
export interface CallParties {
  readonly caller: Endpoint;
  readonly callee: Endpoint;
  readonly callerMediaPort: number;
  readonly calleeMediaPort: number;
  readonly callerUser: string;
  readonly calleeUser: string;
  readonly callId: string;
  readonly callerTag: string;
  readonly calleeTag: string;
  readonly session: number;
  readonly codec: 'PCMU' | 'PCMA';
  readonly branchSeed: string;
}

export type Role = 'caller' | 'callee';

const domain = 'voice.example.com';
const allow = 'INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, REFER, UPDATE, INFO, PRACK, MESSAGE, SUBSCRIBE';
const callerAgent = 'Deskphone 480/7.2.14 (00:1a:2b)';
const calleeAgent = 'SoftPBX 18.4.1 (linux-x86_64)';

/** Random names for call number `index`; addresses from two /22 networks, a few hundred hosts each. */
export function makeParties(random: Random, index: number, codec: 'PCMU' | 'PCMA'): CallParties {
  const callerHost = random.between(0, 400);
  const calleeHost = random.between(0, 300);
  const port = 10_000 + ((index * 4) % 40_000);
  return {
    caller: { ip: [10, 20, callerHost >> 7, 10 + (callerHost & 127)], port: 5060 },
    callee: { ip: [10, 64, calleeHost >> 7, 10 + (calleeHost & 127)], port: 5060 },
    callerMediaPort: port,
    calleeMediaPort: port + 2,
    callerUser: String(random.between(200_000, 600_000)),
    calleeUser: String(random.between(600_000, 1_000_000)),
    callId: `${random.hex(8)}-${random.hex(8)}-${index.toString(16)}@10.20.${callerHost >> 7}.${10 + (callerHost & 127)}`,
    callerTag: random.hex(8),
    calleeTag: `as${random.hex(8)}`,
    session: random.u32(),
    codec,
    branchSeed: random.hex(8) + random.hex(4),
  };
}

/** A request of the call. `transaction` tells branches apart: an ACK to a refusal and a CANCEL share the INVITE's. */
export function request(
  parties: CallParties,
  sender: Role,
  method: string,
  cseq: number,
  transaction: string,
  options: { toTag?: boolean; sdp?: boolean; extra?: string } = {},
): string {
  const target = sender === 'caller' ? 'callee' : 'caller';
  const inDialog = options.toTag === true;
  const uri = inDialog
    ? `sip:${user(parties, target)}@${hostPort(parties, target)};transport=udp`
    : `sip:${user(parties, target)}@${domain}`;
  const host = hostPort(parties, sender);
  return finish(
    `${method} ${uri} SIP/2.0\r\n` +
      `Via: SIP/2.0/UDP ${host};branch=z9hG4bK${parties.branchSeed}${transaction};rport\r\n` +
      'Max-Forwards: 70\r\n' +
      identities(parties, sender, inDialog) +
      `Call-ID: ${parties.callId}\r\n` +
      `CSeq: ${cseq} ${method}\r\n` +
      (method === 'INVITE'
        ? `Contact: <sip:${user(parties, sender)}@${host};transport=udp>\r\nAllow: ${allow}\r\nSupported: replaces, timer, 100rel\r\n`
        : '') +
      `User-Agent: ${sender === 'caller' ? callerAgent : calleeAgent}\r\n` +
      (options.extra ?? ''),
    options.sdp ? sdp(parties, sender) : '',
  );
}

/** A response to a request `asker` sent. */
export function response(
  parties: CallParties,
  asker: Role,
  status: string,
  method: string,
  cseq: number,
  transaction: string,
  options: { sdp?: boolean; extra?: string } = {},
): string {
  const sender = asker === 'caller' ? 'callee' : 'caller';
  const asked = endpoint(parties, asker);
  const isInvite = method === 'INVITE' && !status.startsWith('100');
  return finish(
    `SIP/2.0 ${status}\r\n` +
      `Via: SIP/2.0/UDP ${hostPort(parties, asker)};branch=z9hG4bK${parties.branchSeed}${transaction}` +
      `;received=${formatIp(asked)};rport=${asked.port}\r\n` +
      identities(parties, asker, !status.startsWith('100')) +
      `Call-ID: ${parties.callId}\r\n` +
      `CSeq: ${cseq} ${method}\r\n` +
      (isInvite
        ? `Contact: <sip:${user(parties, sender)}@${hostPort(parties, sender)};transport=udp>\r\nAllow: ${allow}\r\nSupported: replaces, timer\r\n`
        : '') +
      `Server: ${sender === 'caller' ? callerAgent : calleeAgent}\r\n` +
      (options.extra ?? ''),
    options.sdp ? sdp(parties, sender) : '',
  );
}

function identities(parties: CallParties, asker: Role, withToTag: boolean): string {
  const caller = `"Desk ${parties.callerUser.slice(-4)}" <sip:${parties.callerUser}@${domain}>;tag=${parties.callerTag}`;
  const callee = `<sip:${parties.calleeUser}@${domain}>${withToTag ? `;tag=${parties.calleeTag}` : ''}`;
  return asker === 'caller' ? `From: ${caller}\r\nTo: ${callee}\r\n` : `From: ${callee}\r\nTo: ${caller}\r\n`;
}

function finish(head: string, body: string): string {
  return body === ''
    ? `${head}Content-Length: 0\r\n\r\n`
    : `${head}Content-Type: application/sdp\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function sdp(parties: CallParties, sender: Role): string {
  const ip = formatIp(endpoint(parties, sender));
  const port = sender === 'caller' ? parties.callerMediaPort : parties.calleeMediaPort;
  const payloadType = parties.codec === 'PCMU' ? 0 : 8;
  return (
    `v=0\r\no=- ${parties.session} ${sender === 'caller' ? 1 : 2} IN IP4 ${ip}\r\ns=call\r\nc=IN IP4 ${ip}\r\nt=0 0\r\n` +
    `m=audio ${port} RTP/AVP ${payloadType} 101\r\na=rtpmap:${payloadType} ${parties.codec}/8000\r\n` +
    'a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n'
  );
}

function endpoint(parties: CallParties, role: Role): Endpoint {
  return role === 'caller' ? parties.caller : parties.callee;
}

function user(parties: CallParties, role: Role): string {
  return role === 'caller' ? parties.callerUser : parties.calleeUser;
}

function hostPort(parties: CallParties, role: Role): string {
  const { ip, port } = endpoint(parties, role);
  return `${ip.join('.')}:${port}`;
}
