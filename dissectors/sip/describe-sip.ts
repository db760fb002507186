/** The detail tree of a SIP message. */
import type { Octets } from '../../base/octets.ts';
import { type DescribeContext, type TreeBuilder, Verdict } from '../dissector.ts';
import { describeBody } from './describe-body.ts';
import { describeHeader, describeUri } from './describe-headers.ts';
import { issueText } from './issue-texts.ts';
import { type Findings, findingsOf, type Message, readMessage } from './read-message.ts';
import { LineKind, StartLine } from './start-line.ts';

export function describeSip(data: Octets, tree: TreeBuilder, ctx: DescribeContext): void {
  const message = readMessage(data);
  const findings = findingsOf(data, ctx);
  const line = new StartLine();
  line.read(data.bytes, data.start + message.startAt, data.start + data.length);
  if (findings.table.count === 0 && findings.verdict === Verdict.Ok) {
    tree.field('sip.keep_alive', 'Keep-alive', 0, data.length, data.hex());
    return;
  }
  if (line.kind !== LineKind.Request && line.kind !== LineKind.Response) {
    tree.field('sip.data', 'Not a SIP message', 0, data.length, data.text());
    return;
  }
  const faults = new FaultList(findings, tree);
  if (message.startAt > 0)
    tree.field('sip.empty_lines', 'Empty lines', 0, message.startAt, data.hex(0, message.startAt));
  describeStartLine(data, message, line, tree, faults);
  const headerLength = message.bodyAt - message.headersAt;
  tree.group(
    'sip.msg_hdr',
    'Message header',
    message.headersAt,
    headerLength,
    `${message.headers.length} lines`,
    () => {
      for (const header of message.headers) {
        describeHeader(data, message, header, tree);
        faults.showUntil(header.at + header.length);
      }
      faults.showUntil(message.bodyAt);
    },
  );
  const end = Math.max(message.bodyAt, Math.min(findings.lengthBytes, data.length));
  describeBody(data, message, end, findings, tree, ctx);
  faults.showUntil(data.length + 1);
}

function describeStartLine(
  data: Octets,
  message: Message,
  line: StartLine,
  tree: TreeBuilder,
  faults: FaultList,
): void {
  const at = message.startAt;
  const isRequest = line.kind === LineKind.Request;
  const name = isRequest ? 'sip.Request-Line' : 'sip.Status-Line';
  const text = data.text(at, line.end - line.at);
  tree.group(name, isRequest ? 'Request-Line' : 'Status-Line', at, message.headersAt - at, text, () => {
    const base = data.start;
    if (isRequest) {
      tree.field('sip.Method', 'Method', at, line.methodLength, data.text(at, line.methodLength));
      const uri = { at: line.uriAt - base, length: line.uriLength };
      describeUri(data, message.latin1, uri, 'sip.r-uri', 'Request-URI', 'sip.r-uri', tree);
    } else {
      const statusAt = line.statusAt - base;
      const digits = /^\d*/.exec(message.latin1.slice(statusAt, line.end - base))?.[0] ?? '';
      tree.field('sip.Status-Code', 'Status-Code', statusAt, digits.length, Number(digits), statusClass(line.status));
      tree.field(
        'sip.Reason-Phrase',
        'Reason-Phrase',
        line.reasonAt - base,
        line.reasonLength,
        data.text(line.reasonAt - base, line.reasonLength),
      );
    }
    faults.showUntil(message.headersAt);
  });
}

/** The meaning of a status code's first digit (RFC 3261 section 7.2). */
function statusClass(status: number): string {
  const names = ['', 'provisional', 'success', 'redirection', 'client error', 'server error', 'global failure'];
  return names[Math.floor(status / 100)] ?? '';
}

/** Shows each finding once, at the end of the node that its octet lies in. */
class FaultList {
  private readonly rest: { code: string; at: number }[];
  private readonly tree: TreeBuilder;

  constructor(findings: Findings, tree: TreeBuilder) {
    this.rest = [...findings.issues];
    this.tree = tree;
  }

  showUntil(end: number): void {
    for (const issue of this.rest.filter((one) => one.at < end)) {
      this.rest.splice(this.rest.indexOf(issue), 1);
      this.tree.fault(issue.code, issueText(issue.code), issue.at, 0);
    }
  }
}
