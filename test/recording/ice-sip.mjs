// SIP between the two browsers of ice-call.mjs: descriptions in INVITE and 200, candidates in INFO (RFC 8840), over TCP.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const line = (enter, ...parameters) => {
  const [program, ...rest] = [...enter, process.execPath, join(import.meta.dirname, 'sip-line.mjs'), ...parameters];
  const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = [];
  const messages = [];
  createInterface({ input: child.stdout }).on('line', (text) => {
    const message = Buffer.from(text, 'base64').toString('latin1');
    const taker = waiting.shift();
    if (taker) taker(message);
    else messages.push(message);
  });
  return {
    send: (text) => child.stdin.write(`${Buffer.from(text, 'latin1').toString('base64')}\n`),
    next: () => (messages.length > 0 ? Promise.resolve(messages.shift()) : new Promise((take) => waiting.push(take))),
    end: () => child.stdin.end(),
  };
};

const bodyOf = (message) => message.slice(message.indexOf('\r\n\r\n') + 4);

/** The dialog; every method gives back what came out at the other end. */
export class SipDialog {
  #cseq = { caller: 0, callee: 100 };
  #lines;
  #hosts;
  #queue = Promise.resolve();

  /** `ends` has the commands that enter the namespaces, `hosts` the addresses there. */
  constructor(ends, hosts) {
    this.#hosts = hosts;
    this.#lines = { callee: line(ends.callee, 'listen', `${hosts.callee}:5060`) };
    this.#lines.caller = line(ends.caller, 'connect', `${hosts.callee}:5060`);
  }

  /** One exchange at a time: requests of both sides go over one connection. */
  #alone(work) {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }

  #message(first, from, cseq, { tagged = true, type = '', body = '', extra = [] } = {}) {
    const { caller, callee } = this.#hosts;
    const user = (end) => (end === 'caller' ? `<sip:alice@${caller}>` : `<sip:bob@${callee}>`);
    const tag = (end) => (end === 'caller' || tagged ? `;tag=${end}` : '');
    const to = from === 'caller' ? 'callee' : 'caller';
    const branch = cseq.replace(' ', '');
    return [
      first,
      `Via: SIP/2.0/TCP ${this.#hosts[from]};branch=z9hG4bKice${branch}`,
      `From: ${user(from)}${tag(from)}`,
      `To: ${user(to)}${tag(to)}`,
      `Call-ID: ice@${caller}`,
      `CSeq: ${cseq}`,
      ...(first.startsWith('SIP') ? [] : ['Max-Forwards: 70']),
      `Contact: <sip:${from === 'caller' ? 'alice' : 'bob'}@${this.#hosts[from]};transport=tcp>`,
      ...extra,
      ...(type === '' ? [] : [`Content-Type: ${type}`]),
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  }

  async #across(from, text) {
    this.#lines[from].send(text);
    return bodyOf(await this.#lines[from === 'caller' ? 'callee' : 'caller'].next());
  }

  /** INVITE or, once there is a dialog, another; the offer arrives. */
  offer(sdp) {
    const tagged = this.#cseq.caller > 0;
    const cseq = `${++this.#cseq.caller} INVITE`;
    return this.#alone(async () => {
      const extra = ['Supported: trickle-ice', 'Recv-Info: trickle-ice'];
      const uri = `INVITE sip:bob@${this.#hosts.callee} SIP/2.0`;
      const arrived = await this.#across(
        'caller',
        this.#message(uri, 'caller', cseq, { tagged, type: 'application/sdp', body: sdp, extra }),
      );
      await this.#across('callee', this.#message('SIP/2.0 100 Trying', 'caller', cseq, { tagged }));
      return arrived;
    });
  }

  /** 200 and ACK; the answer arrives. */
  answer(sdp) {
    const number = this.#cseq.caller;
    return this.#alone(async () => {
      const extra = ['Supported: trickle-ice', 'Recv-Info: trickle-ice'];
      const ok = this.#message('SIP/2.0 200 OK', 'caller', `${number} INVITE`, {
        type: 'application/sdp',
        body: sdp,
        extra,
      });
      const arrived = await this.#across('callee', ok);
      await this.#across(
        'caller',
        this.#message(`ACK sip:bob@${this.#hosts.callee} SIP/2.0`, 'caller', `${number} ACK`),
      );
      return arrived;
    });
  }

  /** INFO with a fragment of a description (RFC 8840, 4.3 and 9), and its 200. */
  info(from, fragment) {
    const cseq = `${++this.#cseq[from]} INFO`;
    const to = from === 'caller' ? 'callee' : 'caller';
    return this.#alone(async () => {
      const type = 'application/trickle-ice-sdpfrag';
      const extra = ['Info-Package: trickle-ice', 'Content-Disposition: Info-Package'];
      const uri = `INFO sip:${to === 'caller' ? 'alice' : 'bob'}@${this.#hosts[to]} SIP/2.0`;
      await this.#across(from, this.#message(uri, from, cseq, { type, body: fragment, extra }));
      await this.#across(to, this.#message('SIP/2.0 200 OK', from, cseq));
    });
  }

  async bye() {
    const cseq = `${++this.#cseq.caller} BYE`;
    await this.#alone(async () => {
      await this.#across('caller', this.#message(`BYE sip:bob@${this.#hosts.callee} SIP/2.0`, 'caller', cseq));
      await this.#across('callee', this.#message('SIP/2.0 200 OK', 'caller', cseq));
    });
    this.#lines.caller.end();
    this.#lines.callee.end();
  }
}

/** The body of an INFO: candidates of one description, whose section it names. */
export function sdpFragment(sdp, candidates) {
  const find = (pattern) => pattern.exec(sdp)?.[0];
  const whole = candidates.includes(null);
  return [
    find(/a=ice-ufrag:.*/),
    find(/a=ice-pwd:.*/),
    find(/m=.*/),
    find(/a=mid:.*/),
    ...candidates.filter((one) => one?.candidate).map((one) => `a=${one.candidate}`),
    ...(whole ? ['a=end-of-candidates'] : []),
    '',
  ]
    .map((text) => text?.replace('\r', ''))
    .join('\r\n');
}
