import { describe, expect, it } from 'vitest';
import { connectionState, iceConnectionState } from './aggregate-states.ts';

// The tables of W3C webrtc-pc, sections 4.3.3 and 4.3.4.
describe('iceConnectionState', () => {
  it.each([
    [['connected', 'failed'], 'failed'],
    [['disconnected', 'failed'], 'failed'],
    [['connected', 'disconnected'], 'disconnected'],
    [['new', 'closed'], 'new'],
    [['new', 'connected'], 'checking'],
    [['checking', 'completed'], 'checking'],
    [['completed', 'closed'], 'completed'],
    [['completed', 'connected'], 'connected'],
    [['closed', 'closed'], 'closed'],
  ] as const)('%j is %s', (states, expected) => {
    expect(iceConnectionState(states)).toBe(expected);
  });
});

describe('connectionState', () => {
  it.each([
    [['connected'], ['connecting'], 'connecting'],
    [['connected'], ['new'], 'connecting'],
    [['connected'], ['connected'], 'connected'],
    [['connected'], [], 'connected'],
    [['completed'], ['closed'], 'connected'],
    [['connected'], ['failed'], 'failed'],
    [['disconnected'], ['connected'], 'disconnected'],
    [['disconnected'], ['failed'], 'failed'],
    [['new'], ['new'], 'new'],
    [['checking'], ['new'], 'connecting'],
    [['closed'], ['closed'], 'closed'],
  ] as const)('ICE %j with DTLS %j is %s', (ice, dtls, expected) => {
    expect(connectionState(ice, dtls)).toBe(expected);
  });
});
