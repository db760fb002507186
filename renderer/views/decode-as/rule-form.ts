/** A Decode As rule as a form has it, and as it is written. See engine/classify/decode-as.ts for the grammar. */
import type { FieldNode } from '../../../shared/engine-api.ts';
import type { RuleStart } from '../../model/rule-start.ts';

/** What a rule goes by. `text`: as it was written, where the form has no fields for it. */
export type MatchKind = 'port' | 'address' | 'endpoint' | 'flow' | 'ssrc' | 'text';

export interface RuleForm {
  readonly match: MatchKind;
  readonly transport: 'udp' | 'tcp';
  /** Of `port` and `endpoint`. */
  readonly port: string;
  /** Of `address` and `endpoint`. */
  readonly address: string;
  /** Ends of `flow`, `10.0.0.1:5000` or `[2001:db8::1]:5000`. */
  readonly from: string;
  readonly to: string;
  readonly ssrc: string;
  /** Octets before what follows; '' where nothing is skipped. */
  readonly skip: string;
  /** Id of a dissector, `none`, or what may follow skipped octets. */
  readonly as: string;
  readonly text: string;
}

export const EMPTY_FORM: RuleForm = {
  match: 'port',
  transport: 'udp',
  port: '',
  address: '',
  from: '',
  to: '',
  ssrc: '',
  skip: '',
  as: 'rtp',
  text: '',
};

/** The rule in its own words; '' where what it goes by was not entered yet. */
export function ruleText(form: RuleForm): string {
  if (form.match === 'text') return form.text.trim();
  const selector = selectorText(form);
  if (selector === '') return '';
  const skip = form.skip.trim();
  return skip === '' || form.match === 'ssrc' ? `${selector},${form.as}` : `${selector},skip ${skip},${form.as}`;
}

function selectorText({ match, transport, port, address, from, to, ssrc }: RuleForm): string {
  const [p, a, f, t, s] = [port, address, from, to, ssrc].map((value) => value.trim());
  switch (match) {
    case 'port':
      return p && `${transport}.port==${p}`;
    case 'address':
      return a && `ip.addr==${bare(a)}`;
    case 'endpoint':
      return a && p && `ip.addr==${bare(a)} && ${transport}.port==${p}`;
    case 'flow':
      return f && t && `${transport}.flow==${f}-${t}`;
    case 'ssrc':
      return s && `rtp.ssrc==${s}`;
    default:
      return '';
  }
}

/** `2001:db8::1` of `[2001:db8::1]`. */
function bare(address: string): string {
  return address.replace(/^\[(.*)\]$/, '$1');
}

/** The form of a rule; what it has no fields for stays text. */
export function ruleForm(text: string): RuleForm {
  const parts = text.split(',').map((part) => part.trim());
  const asText: RuleForm = { ...EMPTY_FORM, match: 'text', text };
  const skip = parts.length === 3 ? /^skip\s+(\d+)$/.exec(parts[1])?.[1] : '';
  const as = parts.at(-1) ?? '';
  if (parts.length < 2 || parts.length > 3 || skip === undefined || !/^[a-z0-9-]+$/.test(as)) return asText;
  const fields = new Map<string, string>();
  for (const condition of parts[0].split('&&')) {
    const match = /^\s*([a-z0-9.]+)\s*==\s*(\S+)\s*$/.exec(condition);
    if (match === null) return asText;
    fields.set(match[1], match[2]);
  }
  const selected = selectorForm(fields);
  return selected === null ? asText : { ...EMPTY_FORM, ...selected, skip, as, text };
}

function selectorForm(fields: ReadonlyMap<string, string>): Partial<RuleForm> | null {
  const address = fields.get('ip.addr') ?? fields.get('ipv6.addr');
  const transport = [...fields.keys()].some((name) => name.startsWith('tcp.')) ? 'tcp' : 'udp';
  const port = fields.get(`${transport}.port`);
  const flow = fields.get(`${transport}.flow`);
  const ssrc = fields.get('rtp.ssrc');
  if (fields.size === 2) {
    return address !== undefined && port !== undefined ? { match: 'endpoint', transport, address, port } : null;
  }
  if (fields.size !== 1) return null;
  if (port !== undefined) return { match: 'port', transport, port };
  if (address !== undefined) return { match: 'address', address };
  if (ssrc !== undefined) return { match: 'ssrc', ssrc };
  const ends = flow === undefined ? null : /^(.+:\d+)-(.+:\d+)$/.exec(flow);
  return ends === null ? null : { match: 'flow', transport, from: ends[1], to: ends[2] };
}

/** A form that begins with what is selected: its destination's port, and everything else at hand for the other kinds. */
export function formFrom({ transport, source, destination, ssrc }: RuleStart): RuleForm {
  return {
    ...EMPTY_FORM,
    transport,
    port: portOf(destination),
    address: addressOf(destination),
    from: source,
    to: destination,
    ssrc,
  };
}

/** `5000` of `10.0.0.1:5000`. */
export function portOf(end: string): string {
  return end.slice(end.lastIndexOf(':') + 1);
}

/** `10.0.0.1` of `10.0.0.1:5000`, `2001:db8::1` of `[2001:db8::1]:5000`. */
export function addressOf(end: string): string {
  return bare(end.slice(0, Math.max(0, end.lastIndexOf(':'))));
}

/**
 * What a packet's fields say of its ends: of the UDP or TCP header given, else of the innermost one that no unknown header
 * stands before. null where it has neither.
 */
export function startOf(nodes: readonly FieldNode[], header: FieldNode | null = null): RuleStart | null {
  const rtp = nodes.find(({ name }) => name === 'rtp');
  const ssrc = ssrcText(rtp === undefined ? null : valueOf(rtp, 'rtp.ssrc'));
  let addresses: readonly [FieldNode['value'], FieldNode['value']] | null = null;
  let start: RuleStart | null = null;
  for (const node of nodes) {
    if (node.name === 'ip' || node.name === 'ipv6') {
      addresses = [valueOf(node, `${node.name}.src`), valueOf(node, `${node.name}.dst`)];
    }
    if (node.name === 'udp-encap' && header === null) break;
    if ((node.name !== 'udp' && node.name !== 'tcp') || addresses === null) continue;
    const [source, destination] = [valueOf(node, `${node.name}.srcport`), valueOf(node, `${node.name}.dstport`)];
    start = {
      transport: node.name,
      source: endText(addresses[0], source),
      destination: endText(addresses[1], destination),
      ssrc,
    };
    if (node === header) break;
  }
  return start;
}

function valueOf({ children = [] }: FieldNode, name: string): FieldNode['value'] {
  return children.find((child) => child.name === name)?.value ?? null;
}

function ssrcText(value: unknown): string {
  if (typeof value === 'number') return `0x${value.toString(16).padStart(8, '0')}`;
  return typeof value === 'string' ? value : '';
}

function endText(address: FieldNode['value'], port: FieldNode['value']): string {
  const text = String(address);
  return `${text.includes(':') ? `[${text}]` : text}:${port}`;
}

/** A rule or codec as the command takes it. */
export function optionText(option: '--decode-as' | '--codec', text: string): string {
  return `${option} '${text}'`;
}
