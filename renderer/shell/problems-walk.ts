import type { ProblemRow } from '../../shared/engine-api.ts';
import { ask } from '../client/client.ts';
import { go } from '../model/navigate.ts';
import { getState, update } from '../model/store.ts';

/** Goes to a problem: its call or stream, and the first packet that proves it. */
export function showProblem(problem: ProblemRow): void {
  const { place } = getState();
  const packet = problem.packets[0] ?? place.packet;
  if (problem.call !== null) {
    go({
      view: 'calls',
      call: problem.call,
      stream: problem.stream ?? null,
      packet,
      problem: problem.id,
      lower: 'ladder',
      detail: 'packet',
    });
  } else if (problem.stream !== null) {
    go({ view: 'streams', stream: problem.stream, packet, problem: problem.id, detail: 'stream' });
  } else {
    go({ view: problem.packets.length > 0 ? 'packets' : 'problems', packet, problem: problem.id, detail: 'packet' });
  }
  update({ notice: problem.title });
}

/** The problem before (-1) or after (1) the one at hand, in the order of the list; round at the ends. */
export async function goToProblem(step: 1 | -1): Promise<void> {
  const { problems } = await ask('overview.get', {});
  if (problems.length === 0) {
    update({ notice: 'There are no problems.' });
    return;
  }
  const at = problems.findIndex(({ id }) => id === getState().place.problem);
  const next = at < 0 ? (step === 1 ? 0 : problems.length - 1) : (at + step + problems.length) % problems.length;
  showProblem(problems[next]);
}
