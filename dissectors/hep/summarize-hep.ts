/** The packet list's line for HEP whose payload no dissector took: a log, a report, something compressed. */
import type { Octets } from '../../base/octets.ts';
import type { DescribeContext } from '../dissector.ts';
import { isText } from './payload-text.ts';
import { protocolTypeName } from './protocol-types.ts';
import { HepMessage, HepResult, readMessage } from './read-message.ts';

const MOST_CHARACTERS = 200;
const MOST_OF_A_NAME = 64;

/** `HEP3 log of agent 2001 (edge): registered alice`, `HEP2 SIP of agent 7, 412 octets`. */
export function summarizeHep(data: Octets, ctx: DescribeContext): string {
  const message = new HepMessage();
  if (readMessage(data, ctx.transport === 'tcp', ctx.truncated, message) !== HepResult.Found) return 'HEP';
  const name = clipped(data.text(message.nodeNameAt, message.nodeNameLength), MOST_OF_A_NAME);
  const agent = `agent ${message.agent}${name === '' ? '' : ` (${name})`}`;
  const title = `HEP${message.version} ${protocolTypeName(message.protocolType)} of ${agent}`;
  const { payloadAt, payloadLength } = message;
  if (payloadAt === 0) return `${title}, no payload`;
  if (message.isCompressed) return `${title}, ${payloadLength} octets compressed`;
  if (!isText(data, payloadAt, payloadLength)) return `${title}, ${payloadLength} octets`;
  return `${title}: ${clipped(data.text(payloadAt, Math.min(payloadLength, 4 * MOST_CHARACTERS)), MOST_CHARACTERS)}`;
}

/** In one line. */
function clipped(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}
