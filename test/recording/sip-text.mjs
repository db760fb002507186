// The SIP messages of one small call without media, for the senders that decide themselves how octets are cut.
const sdp = (address, port) =>
  `v=0\r\no=- 77 1 IN IP4 ${address}\r\ns=call\r\nc=IN IP4 ${address}\r\nt=0 0\r\nm=audio ${port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n`;

/** The messages of one call from alice at CALLER to bob at CALLEE over TRANSPORT ("TCP" or "TLS"). */
export function makeCall(id, caller, callee, transport) {
  const head = (first, cseq, branch, toTag, contact, body) =>
    [
      first,
      `Via: SIP/2.0/${transport} ${caller};branch=z9hG4bK${id}${branch}`,
      `From: "Alice" <sip:alice@example.com>;tag=${id}a`,
      `To: "Bob" <sip:bob@example.com>${toTag}`,
      `Call-ID: ${id}@example.com`,
      `CSeq: ${cseq}`,
      `Contact: <sip:${contact};transport=${transport.toLowerCase()}>`,
      'Max-Forwards: 70',
      ...(body === '' ? [] : ['Content-Type: application/sdp']),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  const alice = `alice@${caller}`;
  const bob = `bob@${callee}`;
  const tag = `;tag=${id}b`;
  return {
    invite: head(`INVITE sip:bob@${callee} SIP/2.0`, '1 INVITE', '1', '', alice, sdp(caller, 6000)),
    trying: head('SIP/2.0 100 Trying', '1 INVITE', '1', '', bob, ''),
    ringing: head('SIP/2.0 180 Ringing', '1 INVITE', '1', tag, bob, ''),
    ok: head('SIP/2.0 200 OK', '1 INVITE', '1', tag, bob, sdp(callee, 7000)),
    ack: head(`ACK sip:bob@${callee} SIP/2.0`, '1 ACK', '1a', tag, alice, ''),
    bye: head(`BYE sip:bob@${callee} SIP/2.0`, '2 BYE', '2', tag, alice, ''),
    byeOk: head('SIP/2.0 200 OK', '2 BYE', '2', tag, bob, ''),
  };
}
