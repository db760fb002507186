import { describe, expect, it } from 'vitest';
import { session, START } from './testing.ts';
import { axisSteps, timelineOf } from './timeline.ts';

describe('states as lanes', () => {
  it('transports first, ICE before DTLS, then the aggregates', () => {
    const { lanes } = timelineOf(session());
    expect(lanes.map(({ title }) => title)).toEqual([
      'ICE transport 0',
      'DTLS transport 0',
      'iceConnectionState',
      'connectionState',
    ]);
  });

  it('a lane has no holes, begins at the start and ends with the session', () => {
    const { lanes, durationSeconds } = timelineOf(session());
    expect(durationSeconds).toBeCloseTo(37, 5);
    for (const { intervals } of lanes) {
      expect(intervals[0].from).toBe(0);
      expect(intervals.at(-1)?.to).toBe(durationSeconds);
      intervals.slice(1).forEach(({ from }, i) => expect(from).toBe(intervals[i].to));
    }
  });

  it('failed is left again by a restart', () => {
    const [ice] = timelineOf(session()).lanes;
    expect(ice.intervals.map(({ state, from, before }) => [state, Number(from.toFixed(2)), before])).toEqual([
      ['new', 0, null],
      ['checking', 0.4, 'new'],
      ['failed', 15.9, 'checking'],
      ['checking', 20.2, 'failed'],
      ['failed', 35.8, 'checking'],
    ]);
    expect(ice.intervals[2].why).toBe('no pair was answered');
  });

  it('a change of the first moment has no state before it', () => {
    const dtls = timelineOf(session()).lanes[1];
    expect(dtls.intervals).toHaveLength(1);
    expect(dtls.intervals[0]).toMatchObject({ state: 'new', why: 'no ClientHello seen', from: 0 });
  });

  it('a state that absence shows after the last packet can be seen', () => {
    const late = { time: START + 60, transport: 'ice 0', from: 'failed', to: 'closed', packet: null, why: 'silence' };
    const base = session();
    const { lanes, durationSeconds } = timelineOf({ ...base, states: [...base.states, late] });
    expect(durationSeconds).toBeGreaterThan(60);
    const last = lanes[0].intervals.at(-1);
    expect(last?.state).toBe('closed');
    expect((last?.to ?? 0) - (last?.from ?? 0)).toBeGreaterThan(0.5);
  });

  it('a session of one moment has a length', () => {
    const { durationSeconds, lanes, checks } = timelineOf(
      session({ states: [], checkTimes: [START], endTime: START, restarts: [] }),
    );
    expect(durationSeconds).toBeGreaterThan(0);
    expect(lanes).toEqual([]);
    expect(checks).toEqual([0]);
  });
});

describe('the axis', () => {
  it.each([
    [37, 650, 5],
    [0.4, 650, 0.05],
    [3600, 650, 500],
  ])('%f s on %i px', (seconds, pixels, step) => {
    const steps = axisSteps(seconds, pixels);
    expect(steps[1] - steps[0]).toBeCloseTo(step, 6);
    expect(steps.at(-1)).toBeLessThanOrEqual(seconds);
    expect(seconds - (steps.at(-1) ?? 0)).toBeLessThan(step);
  });
});
