import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserArguments, browserCandidates, findBrowser, hasDisplay, isSnap } from './browser.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'earshot-browser-'));
  writeFileSync(join(folder, 'google-chrome'), '#!/bin/sh\nexec /opt/chrome "$@"\n');
  chmodSync(join(folder, 'google-chrome'), 0o755);
  writeFileSync(join(folder, 'chromium'), 'not to be run');
  writeFileSync(join(folder, 'chromium-browser'), '#!/bin/sh\nexec /snap/bin/chromium "$@"\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('findBrowser', () => {
  it('takes the first that can be run, or the one that is named', () => {
    expect(findBrowser('linux', { PATH: `/nowhere:${folder}` })).toBe(join(folder, 'google-chrome'));
    expect(findBrowser('linux', { PATH: '/nowhere' })).toBeNull();
    expect(findBrowser('linux', { PATH: folder, EARSHOT_BROWSER: '/no/such' })).toBeNull();
  });

  it('looks where the platforms put them', () => {
    expect(browserCandidates('darwin', { HOME: '/Users/a' })[0]).toBe(
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    );
    const windows = browserCandidates('win32', { ProgramFiles: 'C:\\Program Files', LOCALAPPDATA: 'C:\\L' });
    expect(windows).toContain('C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe');
  });
});

it('a display is what the environment says, except where there always is one', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDisplay('win32', {})).toBe(true);
});

it('a snap is told by what a script starts', () => {
  expect(isSnap(join(folder, 'chromium-browser'))).toBe(true);
  expect(isSnap(join(folder, 'google-chrome'))).toBe(false);
});

it('the sandbox is left out for root alone', () => {
  expect(browserArguments('file:///x', '/p', false)).not.toContain('--no-sandbox');
  expect(browserArguments('file:///x', '/p', true)).toContain('--no-sandbox');
  // A profile that is not there yet has no size of its own.
  expect(browserArguments('file:///x', '/p', false)).toContain('--window-size=1440,900');
});
