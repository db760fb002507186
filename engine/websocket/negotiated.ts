/** What the answer to a WebSocket handshake settles (RFC 6455 section 4.2.2, RFC 7692 section 7). */

export interface Negotiated {
  /** `sip`, `verto`, … in lower case; '' for none. */
  readonly subprotocol: string;
  /** Messages of this side may refer to what its messages before said. */
  readonly serverKeepsContext: boolean;
  readonly clientKeepsContext: boolean;
}

/** Of a connection whose handshake was not captured: nothing is ruled out. */
export const UNKNOWN: Negotiated = { subprotocol: '', serverKeepsContext: true, clientKeepsContext: true };

/** From the fields Sec-WebSocket-Protocol and Sec-WebSocket-Extensions of the answer. */
export function parseNegotiated(protocol: string, extensions: string): Negotiated {
  const deflate = extensions.split(',').find((one) => /^\s*permessage-deflate\s*(?:;|$)/i.test(one)) ?? '';
  return {
    subprotocol: protocol.trim().toLowerCase(),
    serverKeepsContext: !/;\s*server_no_context_takeover\b/i.test(deflate),
    clientKeepsContext: !/;\s*client_no_context_takeover\b/i.test(deflate),
  };
}
