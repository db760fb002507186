import { describe, expect, it } from 'vitest';
import { Octets } from '../../base/octets.ts';
import { type JsonValue, parseJson } from './json-tree.ts';

declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new () => { decode(octets: Uint8Array): string };

/** Every scalar by its path, with the octets that stand at its place. */
function scalars(text: string, before = 'xx'): Record<string, [text: string, octets: string]> {
  const octets = new TextEncoder().encode(before + text);
  const at = new TextEncoder().encode(before).length;
  const document = parseJson(new Octets(octets), at, octets.length - at);
  const found: Record<string, [string, string]> = {};
  const walk = (value: JsonValue, path: string): void => {
    if (value.members === null) {
      found[path] = [value.text, new TextDecoder().decode(octets.subarray(value.at, value.at + value.length))];
    }
    for (const { name, value: inner } of value.members ?? []) walk(inner, `${path}/${name}`);
  };
  if (document !== null) walk(document, '');
  return found;
}

describe('a report as JSON', () => {
  it('has every value where it stands', () => {
    expect(scalars('{ "a" : 1, "b":[ {"c":-2.5e3} , null, true ], "d":{} }')).toEqual({
      '/a': ['1', '1'],
      '/b/0/c': ['-2.5e3', '-2.5e3'],
      '/b/1': ['null', 'null'],
      '/b/2': ['true', 'true'],
    });
  });

  it('counts octets and not letters', () => {
    expect(scalars('{"grüße":"\u{1f4de} ja","ä":"\\u00e4\\"","z":7}', 'é')).toEqual({
      '/grüße': ['\u{1f4de} ja', '"\u{1f4de} ja"'],
      '/ä': ['ä"', '"\\u00e4\\""'],
      '/z': ['7', '7'],
    });
  });

  it.each(['', 'text', '7', '{"a":1', '{"a":1}}', '{"a" 1}', '[1 2]', '"x"'])('is none: %j', (text) => {
    expect(scalars(text)).toEqual({});
  });

  it('is none that is nested without end', () => {
    expect(scalars('['.repeat(20_000) + ']'.repeat(20_000))).toEqual({});
    expect(scalars(`${'['.repeat(31)}7${']'.repeat(31)}`)).not.toEqual({});
  });

  it('is none that is no UTF-8', () => {
    const octets = new TextEncoder().encode('{"a":"b"}');
    octets[6] = 0xe9;
    expect(parseJson(new Octets(octets), 0, octets.length)).toBe(null);
  });
});
