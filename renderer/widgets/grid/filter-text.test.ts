import { expect, test } from 'vitest';
import { andFilter, hostFilter, numbersFilter, valueFilter } from './filter-text.ts';

test('numbers become a set with runs', () => {
  expect(numbersFilter('frame.number', [9, 1, 5, 6, 7, 8])).toBe('frame.number in {1, 5..9}');
  expect(numbersFilter('call.id', [7])).toBe('call.id == 7');
  expect(numbersFilter('stream.id', [3, 3, 4])).toBe('stream.id in {3, 4}');
  expect(numbersFilter('frame.number', [])).toBeNull();
});

test('values are quoted unless they are addresses or numbers', () => {
  expect(valueFilter({ field: 'ip.src', value: '10.0.0.1', isBare: true })).toBe('ip.src == 10.0.0.1');
  expect(valueFilter({ field: 'frame.len', value: 214 })).toBe('frame.len == 214');
  expect(valueFilter({ field: 'call.from.uri', value: 'sip:"a\\b"\n@x' })).toBe(
    String.raw`call.from.uri == "sip:\"a\\b\"\x0a@x"`,
  );
  expect(valueFilter({ condition: 'sip' })).toBe('sip');
});

test('a condition is added without changing what the filter meant', () => {
  expect(andFilter('', 'sip')).toBe('sip');
  expect(andFilter(' rtp ', 'ip.src == 10.0.0.1')).toBe('rtp && ip.src == 10.0.0.1');
  expect(andFilter('sip || rtp', 'frame.len > 3')).toBe('(sip || rtp) && frame.len > 3');
  expect(andFilter('sip or rtp', 'frame.len > 3')).toBe('(sip or rtp) && frame.len > 3');
  expect(andFilter('call.from == "this or that"', 'rtp')).toBe('call.from == "this or that" && rtp');
  expect(andFilter('rtp', 'ip.src == 10.0.0.1', true)).toBe('rtp && !(ip.src == 10.0.0.1)');
});

test('the filter language takes what is made here', async () => {
  // By address: the engine is type-checked with Node's types, the window with the browser's.
  const engine = new URL('../../../engine/filter/index.ts', import.meta.url).href;
  const { parseFilter } = (await import(engine)) as { parseFilter: (text: string) => unknown };
  const texts = [
    numbersFilter('frame.number', [9, 1, 5, 6, 7, 8]) ?? '',
    valueFilter({ field: 'call.from.uri', value: 'sip:"a\\b"\n@x' }),
    andFilter('sip || rtp', valueFilter({ field: 'ipv6.src', value: '2001:db8::1', isBare: true }), true),
  ];
  for (const text of texts) expect(parseFilter(text)).toMatchObject({ ok: true });
});

test('an endpoint is compared by the field of its kind', () => {
  expect(hostFilter('10.0.0.1:5060', 'src')).toEqual({ field: 'ip.src', value: '10.0.0.1', isBare: true });
  expect(hostFilter('10.0.0.1', 'dst')).toEqual({ field: 'ip.dst', value: '10.0.0.1', isBare: true });
  expect(hostFilter('[2001:db8::1]:5060', 'src')).toEqual({ field: 'ipv6.src', value: '2001:db8::1', isBare: true });
  expect(hostFilter('fe80::1', 'src')).toEqual({ field: 'ipv6.src', value: 'fe80::1', isBare: true });
  expect(hostFilter('02:00:00:00:00:01', 'src')).toEqual({
    field: 'eth.src',
    value: '02:00:00:00:00:01',
    isBare: true,
  });
  expect(hostFilter('broadcast', 'src')).toBeNull();
  expect(hostFilter(null, 'src')).toBeNull();
});
