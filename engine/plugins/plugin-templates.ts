import type { PluginTemplate } from '../../shared/plugins.ts';
import type { PacketPayload } from './packet-payload.ts';

/** Apart, so that nothing takes a template's import for one of this file. */
const FROM = "from 'earshot'";
const SHOWN_OCTETS = 64;
/** Octets that get a field each in the beginning. */
const FIRST_FIELDS = 8;
const MAGIC_OCTETS = 4;

/** What a new plugin begins with, and the name it is given; a dissector starts from a payload where there is one. */
export function newPlugin(template: PluginTemplate, payload: PacketPayload | null): { name: string; text: string } {
  if (template === 'check') return { name: 'my-check', text: CHECK };
  if (template === 'export') return { name: 'my-export', text: EXPORT };
  return newDissector(payload);
}

function newDissector(payload: PacketPayload | null): { name: string; text: string } {
  const port = payload === null ? 7777 : servicePort(payload);
  const octets = payload?.octets ?? new TextEncoder().encode('AB\u0001\u0000\u0000\u0005hello');
  const name = `proto-${port}`;
  const magic = magicLength(octets);
  const lengthAt = lengthFieldAt(octets, magic);
  return { name, text: dissectorText(name, port, payload?.transport ?? 'udp', octets, magic, lengthAt) };
}

/** The end that waits for others usually has the lower port. */
function servicePort({ sourcePort, destinationPort }: PacketPayload): number {
  return Math.min(sourcePort, destinationPort) || Math.max(sourcePort, destinationPort) || 7777;
}

/** How many of the first octets look like a name: two to four letters, digits or signs. */
function magicLength(octets: Uint8Array): number {
  let length = 0;
  while (length < Math.min(MAGIC_OCTETS, octets.length) && octets[length] > 0x20 && octets[length] < 0x7f) length++;
  return length < 2 ? 0 : length === 3 ? 2 : length;
}

/** Where two octets say how many follow them, or how many there are in all; -1 where none do. */
function lengthFieldAt(octets: Uint8Array, from: number): number {
  for (let at = from; at + 2 <= Math.min(octets.length, 16); at++) {
    const value = (octets[at] << 8) | octets[at + 1];
    if (value > 0 && (value === octets.length - at - 2 || value === octets.length)) return at;
  }
  return -1;
}

interface FirstField {
  readonly name: string;
  readonly label: string;
  readonly at: number;
  readonly length: 1 | 2;
}

function firstFields(octets: Uint8Array, magic: number, lengthAt: number): FirstField[] {
  const fields: FirstField[] = [];
  for (let at = magic; at < Math.min(octets.length, magic + FIRST_FIELDS); ) {
    const isLength = at === lengthAt;
    const name = isLength ? 'length' : `octet${at}`;
    fields.push({ name, label: isLength ? 'Length' : `Octet ${at}`, at, length: isLength ? 2 : 1 });
    at += isLength ? 2 : 1;
  }
  return fields;
}

function dissectorText(
  id: string,
  port: number,
  transport: 'udp' | 'tcp',
  octets: Uint8Array,
  magic: number,
  lengthAt: number,
): string {
  const fields = firstFields(octets, magic, lengthAt);
  const end = fields.length === 0 ? magic : fields[fields.length - 1].at + fields[fields.length - 1].length;
  const magicHex = `0x${hexOf(octets.subarray(0, magic))}`;
  const isNotOurs = magic === 0 ? 'data.length === 0' : `data.u${magic * 8}(0) !== MAGIC`;
  const heuristic = `\n    // On any other port, datagrams that begin like this one; probe says how sure it is.
    { kind: 'heuristic', over: '${transport}', firstOctet: [0x${hexOf(octets.subarray(0, 1))}, 0x${hexOf(octets.subarray(0, 1))}] },`;
  const shown = fields.filter(({ name }) => name === 'length').concat(fields.slice(0, 2));
  const columns = [...new Set(shown)];
  return `/**
 * A new dissector, from a payload of ${octets.length} octets on ${transport} port ${port}:
 *
${dump(octets)}
 *
 * Give it a name, say what the octets mean, and keep saving: the open capture is read again each time.
 */
import { ${magic > 0 ? 'Confidence, ' : ''}type Dissector, type Octets, type Plugin, Verdict } ${FROM};
${magic > 0 ? `\nconst MAGIC = ${magicHex};\n` : ''}
/** What is stored of every packet, so that lists, filters and exports have it at hand. */
const columns = {${columns.map(({ name, length }) => ` ${name}: 'u${length * 8}'`).join(',')}${columns.length > 0 ? ' ' : ''}} as const;
${
  magic > 0
    ? `
/** How sure it is from one look. */
function probe(data: Octets): Confidence {
  return data.u${magic * 8}(0) === MAGIC ? Confidence.${magic === 4 ? 'Certain' : 'Likely'} : Confidence.None;
}
`
    : ''
}
const dissector: Dissector<typeof columns> = {
  id: '${id}',
  label: 'Protocol on ${port}',
  specs: [],
  claims: [
    { kind: 'port', transport: '${transport}', port: ${port} },${magic > 0 ? heuristic : ''}
  ],
  columns,
  fields: [
${fields.map((field) => fieldText(id, field, columns.includes(field))).join('\n')}
  ],
${magic > 0 ? '  probe,\n' : ''}
  /** Every packet: is it ours, and what is stored of it? Reading past the end gives 0 and never throws. */
  dissect(data, out${transport === 'tcp' ? '' : ', ctx'}) {
    if (${isNotOurs}) return Verdict.Reject;
${transport === 'tcp' ? '    // On TCP: say Verdict.NeedMore until the message is whole, then set ctx.consumed to its length.\n' : `    if (data.length < ${end} && !ctx.truncated) {\n      ctx.issue('${id}-short', 0);\n      return Verdict.Malformed;\n    }\n`}    ${columns.length > 0 ? 'const row = ' : ''}out.add();
${columns.map(({ name, at, length }) => `    out.columns.${name}.set(row, data.u${length * 8}(${at}));`).join('\n')}
    return Verdict.Ok;
  },

  /** The line in the packet list. */
  summarize: (data) => \`Protocol on ${port}  \${data.length} octets\`,

  /** The tree, in the order of the octets. */
  describe(data, tree) {
${magic > 0 ? `    tree.field('${id}.magic', 'Magic', 0, ${magic}, data.text(0, ${magic}));\n` : ''}${fields
  .map(
    ({ name, label, at, length }) =>
      `    tree.field('${id}.${name}', '${label}', ${at}, ${length}, data.u${length * 8}(${at}));`,
  )
  .join('\n')}
    if (data.length > ${end}) tree.field('${id}.rest', 'The rest', ${end}, data.length - ${end}, data.hex(${end}));
  },
};

export default { dissectors: [dissector] } satisfies Plugin;
`;
}

function fieldText(id: string, { name, label }: FirstField, isStored: boolean): string {
  const column = isStored ? `, column: (c, row) => c.${name}.get(row)` : '';
  return `    { id: '${id}.${name}', label: '${label}', type: 'number'${column} },`;
}

function dump(octets: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(octets.length, SHOWN_OCTETS); at += 16) {
    const part = octets.subarray(at, Math.min(at + 16, SHOWN_OCTETS));
    const hex = Array.from(part, (octet) => octet.toString(16).padStart(2, '0')).join(' ');
    // What would end the comment is shown as a dot, too.
    const text = Array.from(part, (octet) =>
      octet > 0x20 && octet < 0x7f && octet !== 0x2a && octet !== 0x2f ? String.fromCharCode(octet) : '.',
    ).join('');
    lines.push(` *   ${at.toString(16).padStart(4, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  if (octets.length > SHOWN_OCTETS) lines.push(' *   …');
  return lines.join('\n');
}

function hexOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

const CHECK = `/**
 * A new check: it looks at a capture that was read, and says what is wrong. What it finds stands among the problems.
 */
import type { CaptureView, Plugin, Problem } ${FROM};

function longSetUp(capture: CaptureView): Problem[] {
  const problems: Problem[] = [];
  for (const call of capture.calls()) {
    if (call.setupSeconds === null || call.setupSeconds < 5) continue;
    problems.push({
      code: 'slow',
      severity: 'warning',
      title: 'The call took long to be answered',
      message: \`It took \${call.setupSeconds.toFixed(1)} s from the INVITE to the answer.\`,
      call: call.id,
      packets: call.messages.map((message) => message.packet),
    });
  }
  return problems;
}

export default { checks: [{ id: 'set-up', label: 'Long set-up', run: longSetUp }] } satisfies Plugin;
`;

const EXPORT = `/**
 * A new export: it makes a file of a capture that was read.
 */
import type { CaptureView, Plugin } ${FROM};

function callsAsCsv(capture: CaptureView): string {
  let text = 'call,from,to,state,seconds\\n';
  for (const call of capture.calls()) {
    text += \`\${call.id},\${call.from.uri ?? ''},\${call.to.uri ?? ''},\${call.state},\${call.durationSeconds ?? ''}\\n\`;
  }
  return text;
}

export default {
  exports: [{ id: 'calls-csv', label: 'Calls as CSV', extension: 'csv', run: callsAsCsv }],
} satisfies Plugin;
`;
