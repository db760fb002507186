import { spawn } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { splitStreams } from '../../../engine/export/split.ts';
import { areInstalled, capturePath, temporaryFolder, tsharkFields, withCapture } from './outside.ts';

// sipp plays captures through a raw socket, which only root may open.
const ready = (await areInstalled(['sipp', '-v'], ['tshark', '--version'])) && process.getuid?.() === 0;

const PLAY_MS = 3000;

function headers(cseq: string): string {
  return [
    'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
    'From: <sip:a@[local_ip]:[local_port]>;tag=[call_number]',
    'To: <sip:b@[remote_ip]:[remote_port]>[peer_tag_param]',
    'Call-ID: [call_id]',
    `CSeq: ${cseq}`,
    'Contact: <sip:a@[local_ip]:[local_port]>',
    'Max-Forwards: 70',
  ].join('\n');
}

function scenario(pcap: string): string {
  const sdp = 'v=0\no=a 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\nm=audio [media_port] RTP/AVP 0 8 101';
  const invite = `INVITE sip:b@[remote_ip]:[remote_port] SIP/2.0\n${headers('1 INVITE')}\nContent-Type: application/sdp\nContent-Length: [len]\n\n${sdp}\n`;
  const ack = `ACK sip:b@[remote_ip]:[remote_port] SIP/2.0\n${headers('1 ACK')}\nContent-Length: 0\n\n`;
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="replay">
<send><![CDATA[
${invite}]]></send>
<recv response="200" rrs="true"/>
<send><![CDATA[
${ack}]]></send>
<nop><action><exec play_pcap_audio="${pcap}"/></action></nop>
<pause milliseconds="${PLAY_MS}"/>
</scenario>
`;
}

async function sourceOf(path: string): Promise<string> {
  return (await tsharkFields(path, 'frame', ['ip.src']))[0][0];
}

async function bound(): Promise<{ socket: Socket; port: number }> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port };
}

/** Answers an INVITE with 200 and a description that asks for media at `mediaPort`. */
function answer(request: string, mediaPort: number): string {
  const header = (name: string): string => new RegExp(`^${name}:.*$`, 'im').exec(request)?.[0].trim() ?? '';
  const sdp = `v=0\r\no=b 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio ${mediaPort} RTP/AVP 0 8 101\r\n`;
  const lines = [
    'SIP/2.0 200 OK',
    header('Via'),
    header('From'),
    `${header('To')};tag=b`,
    header('Call-ID'),
    header('CSeq'),
  ];
  const end = `Contact: <sip:b@127.0.0.1>\r\nContent-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n\r\n${sdp}`;
  return `${lines.join('\r\n')}\r\n${end}`;
}

describe.skipIf(!ready)('a split file replayed by sipp', async () => {
  const folder = await temporaryFolder();

  it('arrives packet for packet', async () => {
    const file = 'early-media.pcap';
    const files = await withCapture(capturePath(file), (capture) => splitStreams(capture, folder));
    const source = '10.77.0.1';
    const sources = await Promise.all(files.map(({ path }) => sourceOf(path)));
    const chosen = files[sources.indexOf(source)];
    const sent = await tsharkFields(capturePath(file), `rtp && ip.src == ${source}`, ['udp.payload']);

    const [signalling, media] = [await bound(), await bound()];
    signalling.socket.on('message', (message, { port, address }) => {
      const text = message.toString('latin1');
      if (text.startsWith('INVITE')) signalling.socket.send(answer(text, media.port), port, address);
    });
    const received: string[] = [];
    media.socket.on('message', (message) => received.push(message.toString('hex')));
    const xml = join(folder, 'replay.xml');
    await writeFile(xml, scenario(chosen.path));
    const free = await bound();
    free.socket.close();
    const args = [
      '-sf',
      xml,
      '-m',
      '1',
      '-nostdin',
      '-i',
      '127.0.0.1',
      '-p',
      `${free.port}`,
      `127.0.0.1:${signalling.port}`,
    ];
    const sipp = spawn('sipp', args, { cwd: folder, stdio: 'ignore' });
    try {
      const [code] = await once(sipp, 'close');
      expect(code).toBe(0);
      expect(received).toEqual(sent.map(([payload]) => payload));
    } finally {
      sipp.kill();
      signalling.socket.close();
      media.socket.close();
    }
  });
});
