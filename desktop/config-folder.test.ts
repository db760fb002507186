import { describe, expect, it } from 'vitest';
import { configFolder } from './config-folder.ts';

describe('configFolder', () => {
  it.each([
    ['linux', {}, '/home/a/.config/earshot'],
    ['linux', { XDG_CONFIG_HOME: '/x' }, '/x/earshot'],
    ['linux', { XDG_CONFIG_HOME: 'relative' }, '/home/a/.config/earshot'],
    ['linux', { XDG_CONFIG_HOME: '' }, '/home/a/.config/earshot'],
    ['darwin', {}, '/home/a/Library/Application Support/Earshot'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/Earshot'],
  ] as const)('%s with %j', (platform, environment, expected) => {
    expect(configFolder(platform, environment, '/home/a')).toBe(expected);
  });
});
