import { describe, expect, it } from 'vitest';
import { allowedLink } from './external-link.ts';

describe('allowedLink', () => {
  it.each([
    'https://www.rfc-editor.org/rfc/rfc3261#section-13.2.2.4',
    'https://rfc-editor.org/rfc/rfc4733.html',
    'https://datatracker.ietf.org/doc/html/rfc3550',
  ])('lets %s through', (address) => {
    expect(allowedLink(address)).toBe(address);
  });

  it.each([
    'http://www.rfc-editor.org/',
    'https://www.rfc-editor.org.evil.example/',
    'https://evil.example/www.rfc-editor.org',
    'https://www.rfc-editor.org@evil.example/',
    'https://user:secret@www.rfc-editor.org/',
    'https://www.rfc-editor.org:8443/',
    'https://xn--rfc-editor-x.org/',
    'javascript:alert(1)//www.rfc-editor.org',
    'file:///etc/passwd',
    'www.rfc-editor.org',
    '--help',
    '',
    null,
    { href: 'https://www.rfc-editor.org/' },
  ])('holds %j back', (address) => {
    expect(allowedLink(address)).toBeNull();
  });

  it('gives the normal form, so that no program reads it another way', () => {
    expect(allowedLink(' https:\\\\WWW.RFC-Editor.org/a b"c ')).toBe('https://www.rfc-editor.org/a%20b%22c');
  });
});
