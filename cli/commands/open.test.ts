import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../failure.ts';
import { program } from './open.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'earshot-open-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const shown = { DISPLAY: ':0' };
const isElectron = (environment: Record<string, string>, noOpen = false): boolean =>
  program(root, { noOpen }, 'linux', environment).command !== process.execPath;

describe('what shows the window', () => {
  it('is Electron where its runtime, the program and a display are there', () => {
    put('dist/host/main.mjs');
    expect(isElectron(shown)).toBe(false);
    put('node_modules/electron/path.txt', 'electron');
    put('dist/electron/main.cjs');
    expect(isElectron(shown)).toBe(false);
    put('node_modules/electron/dist/electron');
    expect(isElectron(shown)).toBe(true);
    expect(program(root, { noOpen: false }, 'linux', shown).args[0]).toBe(join(root, 'dist/electron/main.cjs'));
    expect(isElectron({})).toBe(false);
    expect(isElectron({ ...shown, EARSHOT_NO_BROWSER: '1' })).toBe(false);
    expect(isElectron(shown, true)).toBe(false);
  });

  it('is the host otherwise, told whether a browser is wanted', () => {
    put('dist/host/main.mjs');
    expect(program(root, { noOpen: true }, 'linux', shown)).toEqual({
      command: process.execPath,
      args: [join(root, 'dist/host/main.mjs'), '--no-open'],
      note: '',
    });
  });

  it('has to be built', () => {
    expect(() => program(root, { noOpen: false }, 'linux', shown)).toThrow(Failure);
  });
});
