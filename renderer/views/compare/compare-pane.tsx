import './compare.css';
import { useEffect } from 'react';
import type { CompareRow } from '../../../shared/compare.ts';
import { cancelCompare, compare, compareAgain, pickOther } from '../../model/compare.ts';
import type { CompareRequest, CompareState } from '../../model/compare-state.ts';
import { countOf } from '../../model/format/numbers.ts';
import { useApp } from '../../model/store.ts';
import { Icon } from '../../widgets/icon.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { fileNameOf, nothingWords, progressWords } from './compare-words.ts';
import { DelayCharts } from './delay-charts.tsx';
import { DifferencesGrid } from './differences-grid.tsx';
import { PairsGrid } from './pairs-grid.tsx';
import { PointsPanel } from './points-panel.tsx';

/** The same streams at two capture points: which, what became of their packets between them, over time and one by one. */
export function ComparePane() {
  const state = useApp((app) => app.compare);
  const name = useApp(({ capture }) => (capture.status === 'none' ? '' : capture.name));
  const isReading = useApp(({ capture }) => capture.status !== 'open');
  const isStale = useApp(
    ({ compare: now, revision }) => (now.status === 'found' || now.status === 'failed') && now.revision !== revision,
  );
  useEffect(() => {
    if (isStale && !isReading) compareAgain();
  }, [isStale, isReading]);

  if (isReading)
    return <Message title="The capture is still being read." text="Streams are compared when it is whole." />;
  if (state.status === 'working') return <Working state={state} />;
  if (state.status === 'failed') return <Failed state={state} />;
  if (state.status === 'none') {
    return (
      <Message
        title="Compare the same streams at two capture points"
        text="What was lost between them, how long it took, and what a device on the way changed. Both points may be in this capture, or one in a second."
      >
        <WithinButton />
        <OtherButton label="Compare with another capture…" />
      </Message>
    );
  }
  if (state.rows.length === 0) {
    const { title, text } = nothingWords(state.request, name);
    return (
      <Message title={title} text={text}>
        {state.request.other !== null && <WithinButton />}
        <OtherButton label={state.request.other === null ? 'Compare with another capture…' : 'Another file…'} />
      </Message>
    );
  }
  return <Found rows={state.rows} request={state.request} />;
}

function Found({ rows, request }: { rows: readonly CompareRow[]; request: CompareRequest }) {
  const pair = useApp((app) => app.place.pair);
  const row = rows.find(({ id }) => id === pair) ?? rows[0];
  return (
    <section className="compare-pane" aria-label="Compare">
      <header className="ph">
        <h2>{countOf(rows.length, 'stream')} seen twice</h2>
        <span className="t3 trunc">
          {request.streams !== null
            ? 'the two that were chosen'
            : request.other === null
              ? 'in this capture'
              : `here and in ${fileNameOf(request.other)}`}
        </span>
        <span className="sp" />
        {(request.other !== null || request.streams !== null) && <WithinButton />}
        <OtherButton label="Another capture…" />
      </header>
      <div className="compare-body">
        {rows.length > 1 && (
          <div className="compare-pairs">
            <PairsGrid rows={rows} selected={row.id} />
          </div>
        )}
        <div className="compare-pair">
          <div className="compare-top" tabIndex={0} role="group" aria-label="Figures and charts">
            <PointsPanel row={row} />
            <DelayCharts row={row} />
          </div>
          <DifferencesGrid key={row.id} row={row} />
        </div>
      </div>
    </section>
  );
}

function Working({ state: { request, progress } }: { state: Extract<CompareState, { status: 'working' }> }) {
  const { text, share } = progressWords(progress, request);
  const isReading = request.other !== null && progress?.stage !== 'comparing';
  return (
    <section className="compare-pane compare-message" aria-label="Compare" aria-busy="true">
      <h2>{isReading ? `Reading ${fileNameOf(request.other ?? '')}` : 'Looking for streams that were seen twice'}</h2>
      <progress
        className="compare-progress"
        aria-label="Comparing"
        {...(share === null ? {} : { value: share })}
        max={1}
      />
      <p className="t2 mono">{text}</p>
      <button type="button" className="btn" onClick={cancelCompare}>
        Cancel
      </button>
    </section>
  );
}

function Failed({ state: { request, message } }: { state: Extract<CompareState, { status: 'failed' }> }) {
  return (
    <section className="compare-pane compare-message" aria-label="Compare" role="alert">
      <SeverityGlyph severity="error" label="" />
      <h2>{message}</h2>
      <p className="t2">The open capture is as it was.</p>
      <span className="compare-buttons">
        {request.other === null ? <WithinButton /> : <OtherButton label="Another file…" />}
        <button type="button" className="btn" onClick={() => void compare(request)}>
          Try again
        </button>
      </span>
    </section>
  );
}

function Message({ title, text, children }: { title: string; text: string; children?: React.ReactNode }) {
  return (
    <section className="compare-pane compare-message" aria-label="Compare">
      <h2>{title}</h2>
      <p className="t2">{text}</p>
      <span className="compare-buttons">{children}</span>
    </section>
  );
}

function WithinButton() {
  return (
    <button type="button" className="btn" onClick={() => void compare({ other: null, streams: null })}>
      Look in this capture
    </button>
  );
}

function OtherButton({ label }: { label: string }) {
  return (
    <button type="button" className="btn" onClick={() => void pickOther()}>
      <Icon name="open" small />
      {label}
    </button>
  );
}
