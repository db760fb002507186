/** The detail tree of a session description: a node for each line. */
import type { Octets } from '../../base/octets.ts';
import type { DescribeContext, TreeBuilder } from '../dissector.ts';
import { describeAttribute } from './describe-attributes.ts';
import { issueText } from './issue-texts.ts';
import { fieldsOf, type LinePart } from './line-parts.ts';
import { parseSdp, type SdpIssue } from './parse-sdp.ts';

/** Name, label, and the names and labels of the words of a line, by its letter. */
interface LineKind {
  readonly name: string;
  readonly label: string;
  readonly parts: readonly LinePart[];
}

const LINES: Readonly<Record<string, LineKind>> = {
  v: { name: 'sdp.version', label: 'Version (v)', parts: [] },
  o: {
    name: 'sdp.owner',
    label: 'Origin (o)',
    parts: [
      ['sdp.owner.username', 'User name'],
      ['sdp.owner.sessionid', 'Session ID'],
      ['sdp.owner.version', 'Session version'],
      ['sdp.owner.network_type', 'Network type'],
      ['sdp.owner.address_type', 'Address type'],
      ['sdp.owner.address', 'Address'],
    ],
  },
  s: { name: 'sdp.session_name', label: 'Session name (s)', parts: [] },
  u: { name: 'sdp.uri', label: 'URI (u)', parts: [] },
  e: { name: 'sdp.email', label: 'E-mail address (e)', parts: [] },
  p: { name: 'sdp.phone', label: 'Phone number (p)', parts: [] },
  c: {
    name: 'sdp.connection_info',
    label: 'Connection (c)',
    parts: [
      ['sdp.connection_info.network_type', 'Network type'],
      ['sdp.connection_info.address_type', 'Address type'],
      ['sdp.connection_info.address', 'Address'],
      ['sdp.connection_info.ttl', 'TTL', '/'],
      ['sdp.connection_info.num_addr', 'Number of addresses', '/'],
    ],
  },
  b: {
    name: 'sdp.bandwidth',
    label: 'Bandwidth (b)',
    parts: [
      ['sdp.bandwidth.modifier', 'Modifier'],
      ['sdp.bandwidth.value', 'Value', ':'],
    ],
  },
  t: {
    name: 'sdp.time',
    label: 'Time (t)',
    parts: [
      ['sdp.time.start', 'Start'],
      ['sdp.time.stop', 'Stop'],
    ],
  },
  r: { name: 'sdp.repeat_time', label: 'Repeat time (r)', parts: [] },
  z: { name: 'sdp.timezone', label: 'Time zones (z)', parts: [] },
  k: { name: 'sdp.encryption_key', label: 'Encryption key (k)', parts: [] },
  m: {
    name: 'sdp.media',
    label: 'Media (m)',
    parts: [
      ['sdp.media.media', 'Media type'],
      ['sdp.media.port', 'Port'],
      ['sdp.media.portcount', 'Number of ports', '/'],
      ['sdp.media.proto', 'Protocol'],
      ['sdp.media.format', 'Format', '*'],
    ],
  },
};

export function describeSdp(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  // One character per octet, so that places in the text are places in the octets.
  let latin1 = '';
  for (let i = 0; i < data.length; i++) latin1 += String.fromCharCode(data.u8(i));
  const session = parseSdp(latin1);
  const issues = new Map<number, SdpIssue>(session.issues.map((issue) => [issue.at, issue]));
  let inMedia = false;
  for (let at = 0; at < data.length; ) {
    const lf = latin1.indexOf('\n', at);
    const next = lf < 0 ? data.length : lf + 1;
    let end = next;
    while (end > at && /[\r\n\0]/.test(latin1[end - 1])) end--;
    if (latin1.startsWith('m=', at)) inMedia = true;
    describeLine(data, latin1, at, end, next, inMedia, tree);
    const issue = issues.get(at);
    const cut = ctx.truncated && next === data.length;
    if (issue !== undefined && !cut) tree.fault(issue.code, issueText(issue.code), at, end - at);
    at = next;
  }
  if (ctx.truncated) return;
  if (session.version === '') tree.fault('sdp-missing-version', issueText('sdp-missing-version'), 0, 0);
  if (session.media.length === 0) tree.fault('sdp-no-media', issueText('sdp-no-media'), 0, 0);
}

function describeLine(
  data: Octets,
  latin1: string,
  at: number,
  end: number,
  next: number,
  inMedia: boolean,
  tree: TreeBuilder,
): void {
  const text = data.text(at + 2, end - at - 2);
  const letter = latin1[at + 1] === '=' && end - at >= 2 ? latin1[at] : '';
  if (end === at) tree.field('sdp.empty_line', 'Empty line', at, next - at, null);
  else if (letter === '') tree.field('sdp.invalid', 'Invalid line', at, next - at, data.text(at, end - at));
  else if (letter === 'a') {
    const [name, label] = inMedia
      ? ['sdp.media_attr', 'Media attribute (a)']
      : ['sdp.session_attr', 'Session attribute (a)'];
    tree.group(name, label, at, next - at, text, () => {
      describeAttribute(data, latin1, at + 2, end, inMedia, tree);
    });
  } else if (letter === 'i') {
    const [name, label] = inMedia
      ? ['sdp.media_title', 'Media title (i)']
      : ['sdp.session_info', 'Session information (i)'];
    tree.field(name, label, at, next - at, text);
  } else {
    const kind = LINES[letter];
    if (kind === undefined) tree.field('sdp.unknown', 'Unknown', at, next - at, data.text(at, end - at));
    else if (kind.parts.length === 0) tree.field(kind.name, kind.label, at, next - at, text);
    else {
      tree.group(kind.name, kind.label, at, next - at, text, () =>
        fieldsOf(data, latin1, at + 2, end, kind.parts, tree),
      );
    }
  }
}
