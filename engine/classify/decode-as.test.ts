import { describe, expect, it } from 'vitest';
import { parseDecodeAs } from './decode-as.ts';
import { ANYTHING, parseSelector, type Selector, selects } from './selector.ts';

const ids = ['sip', 'rtp', 'rtp-event', 'udp-encap'];

describe('parseDecodeAs', () => {
  it.each<[string, Partial<Selector>, number, string]>([
    ['udp.port==5000,rtp', { transport: 'udp', port: 5000 }, -1, 'rtp'],
    [' tcp.port == 65535 , sip ', { transport: 'tcp', port: 65_535 }, -1, 'sip'],
    ['udp.port==1,rtp-event', { transport: 'udp', port: 1 }, -1, 'rtp-event'],
    ['ip.addr==10.0.0.1,rtp', { address: '10.0.0.1' }, -1, 'rtp'],
    ['ipv6.addr==2001:DB8:0:0::1,rtp', { address: '2001:db8::1' }, -1, 'rtp'],
    ['ip.addr==10.0.0.1 && udp.port==5000,rtp', { transport: 'udp', address: '10.0.0.1', port: 5000 }, -1, 'rtp'],
    [
      'udp.flow==10.0.0.1:5000-10.0.0.2:6000,rtp',
      { transport: 'udp', address: '10.0.0.1', port: 5000, across: { address: '10.0.0.2', port: 6000 } },
      -1,
      'rtp',
    ],
    [
      'udp.flow==[2001:db8::1]:5000-[::1]:6000,none',
      { transport: 'udp', address: '2001:db8::1', port: 5000, across: { address: '::1', port: 6000 } },
      -1,
      'none',
    ],
    ['rtp.ssrc==0x1234,rtp', { ssrc: 0x1234 }, -1, 'rtp'],
    ['udp.port==4500,skip 12,rtp', { transport: 'udp', port: 4500 }, 12, 'rtp'],
    ['ip.addr==10.0.0.1,skip 0,ip', { address: '10.0.0.1' }, 0, 'ip'],
    ['udp.port==4500,skip 8,udp', { transport: 'udp', port: 4500 }, 8, 'udp'],
    ['udp.port==4500,skip 8,payload', { transport: 'udp', port: 4500 }, 8, 'payload'],
  ])('%j', (text, selector, skipBytes, as) => {
    expect(parseDecodeAs(text, ids)).toEqual({ selector: { ...ANYTHING, ...selector }, skipBytes, as });
  });

  it.each([
    ['', /not a Decode As rule/],
    ['udp.port=5000,rtp', /not a Decode As rule/],
    ['sctp.port==5000,rtp', /not a Decode As rule/],
    ['udp.port==5000', /not a Decode As rule/],
    ['udp.port==5000,rtp;rm', /not a Decode As rule/],
    ['udp.port==-1,rtp', /not a Decode As rule/],
    ['udp.port==1 && tcp.port==2,rtp', /not a Decode As rule/],
    ['rtp.ssrc==1 && ip.addr==10.0.0.1,rtp', /not a Decode As rule/],
    ['udp.port==5000,skip,rtp', /not a Decode As rule/],
    ['udp.port==5000,skip 12,13,rtp', /not a Decode As rule/],
    ['udp.port==0,rtp', /Port 0 .* not between 1 and 65535/],
    ['udp.port==65536,rtp', /Port 65536 .* not between 1 and 65535/],
    ['udp.port==5000,h323', /no dissector "h323"; there are sip, rtp, rtp-event, none/],
    ['udp.port==5000,udp-encap', /no dissector "udp-encap"/],
    ['udp.port==5000,ip', /no dissector "ip"/],
    ['udp.port==5000,skip 2,none', /no dissector "none"; there are sip, rtp, rtp-event, ip, udp, payload/],
    ['udp.port==5000,skip 1025,ip', /No more than 1024 octets/],
    ['tcp.port==5000,skip 2,ip', /in datagrams only/],
    ['rtp.ssrc==1,sip', /What has an SSRC is rtp/],
    ['rtp.ssrc==0x123456789,rtp', /no SSRC/],
    ['rtp.ssrc==4294967296,rtp', /more than 32 bits/],
    ['ip.addr==10.0.0.256,rtp', /"10.0.0.256" is no IP address/],
    ['udp.flow==10.0.0.1:5000,rtp', /no flow/],
    ['udp.flow==10.0.0.1:5000-10.0.0.2:0,rtp', /Port 0 is not between/],
    ['udp.flow==a:5000-10.0.0.2:1,rtp', /"a:5000" is no address with a port/],
  ])('%j says what is wrong, in a sentence', (text, says) => {
    const wrong = parseDecodeAs(text, ids);
    expect(wrong).toMatch(says);
    expect(wrong).toMatch(/\.$/);
  });
});

describe('selects', () => {
  const flow = {
    transport: 'udp',
    source: { address: '10.0.0.1', port: 5000 },
    destination: { address: '10.0.0.2', port: 6000 },
  } as const;

  it.each([
    ['udp.port==5000', true],
    ['udp.port==6000', true],
    ['tcp.port==5000', false],
    ['ip.addr==10.0.0.2', true],
    ['ip.addr==10.0.0.1 && udp.port==5000', true],
    // The port of the one end and the address of the other are no endpoint.
    ['ip.addr==10.0.0.1 && udp.port==6000', false],
    ['udp.flow==10.0.0.1:5000-10.0.0.2:6000', true],
    ['udp.flow==10.0.0.2:6000-10.0.0.1:5000', true],
    ['udp.flow==10.0.0.1:5000-10.0.0.3:6000', false],
    ['rtp.ssrc==1', false],
  ])('%s: %s', (text, selected) => {
    const selector = parseSelector(text);
    if (selector === null || typeof selector === 'string') throw new Error('no selector');
    expect(selects(selector, flow)).toBe(selected);
  });
});
