import type { CaptureView } from '../contract.ts';
import type { Answer, ListName, Question } from '../messages.ts';

/** The capture inside the sandbox: every row is asked of the host, a page at a time. */
export function captureView(ask: (question: string) => string): CaptureView {
  // Kept: what the plugin does to the sandbox's own JSON is then its own affair.
  const { parse, stringify } = JSON;
  const answerTo = (question: Question): unknown => {
    const answer = parse(ask(stringify(question))) as Answer;
    if ('error' in answer) throw new Error(answer.error);
    return answer.value;
  };
  function* list<T>(name: ListName, of = ''): Generator<T> {
    for (let from = 0; ; ) {
      const page = answerTo({ ask: 'rows', list: name, of, from }) as T[];
      if (page.length === 0) return;
      yield* page;
      from += page.length;
    }
  }
  return {
    get info() {
      return answerTo({ ask: 'info' }) as CaptureView['info'];
    },
    calls: () => list('calls'),
    streams: () => list('streams'),
    ice: () => list('ice'),
    problems: () => list('problems'),
    packets: (filter = '') => list('packets', filter),
    rows: (dissector) => list('rows', dissector),
    message: (packet) => answerTo({ ask: 'message', packet }) as ReturnType<CaptureView['message']>,
  };
}
