/** ICE candidates: the a=candidate attribute (RFC 8839 section 5.1). */

export interface Candidate {
  readonly foundation: string;
  /** 1 RTP, 2 RTCP. */
  readonly component: number;
  /** Lower case: `udp`, `tcp`. */
  readonly transport: string;
  readonly priority: number;
  /** An address, or a name (`….local`, multicast DNS). */
  readonly address: string;
  readonly port: number;
  /** `host`, `srflx`, `prflx`, `relay`. */
  readonly type: string;
  readonly relatedAddress: string;
  /** 0 where none is given. */
  readonly relatedPort: number;
  /** `active`, `passive`, `so` (RFC 6544), '' for none. */
  readonly tcpType: string;
  /** All other extensions, in order. */
  readonly extensions: readonly { readonly name: string; readonly value: string }[];
}

/** Reads the value of an a=candidate line, with or without `candidate:` before it; null where it is not so. */
export function parseCandidate(value: string): Candidate | null {
  const words = value
    .trim()
    .replace(/^(?:a=)?candidate:/i, '')
    .split(/\s+/);
  const [foundation, component, transport, priority, address, port, typ, type] = words;
  if (words.length < 8 || typ.toLowerCase() !== 'typ') return null;
  if (!/^\d{1,3}$/.test(component) || !/^\d{1,10}$/.test(priority) || !/^\d{1,5}$/.test(port)) return null;
  if (Number(port) > 0xffff) return null;
  let relatedAddress = '';
  let relatedPort = 0;
  let tcpType = '';
  const extensions: { name: string; value: string }[] = [];
  for (let i = 8; i + 1 < words.length; i += 2) {
    const [name, text] = [words[i], words[i + 1]];
    if (name === 'raddr') relatedAddress = text;
    else if (name === 'rport') relatedPort = Number.parseInt(text, 10) || 0;
    else if (name === 'tcptype') tcpType = text;
    else extensions.push({ name, value: text });
  }
  return {
    foundation,
    component: Number(component),
    transport: transport.toLowerCase(),
    priority: Number(priority),
    address,
    port: Number(port),
    type,
    relatedAddress,
    relatedPort,
    tcpType,
    extensions,
  };
}
