import './partial-banner.css';
import { useState } from 'react';
import { go } from '../model/navigate.ts';
import { useApp } from '../model/store.ts';
import { Icon } from '../widgets/icon.tsx';
import { SeverityGlyph } from '../widgets/severity.tsx';
import { formatCount } from '../model/format/numbers.ts';

/** What is missing from a capture that ended early; the good part is shown below it. */
export function PartialBanner() {
  const capture = useApp((state) => state.capture);
  const [dismissed, setDismissed] = useState('');
  if (capture.status !== 'open' || dismissed === capture.name) return null;
  const { info, isStopped, warnings } = capture.result;
  if (!isStopped && !info.truncated) return null;
  const damage = warnings.find(({ code }) => /^(capture|gzip)-/.test(code));
  const last = info.packets;
  return (
    <div className="partial" role="note">
      <SeverityGlyph severity="warning" />
      <p>
        <b>{isStopped ? 'Reading was stopped.' : (damage?.message ?? 'The file ends early.')}</b>{' '}
        {last > 0 ? `The ${formatCount(last)} packets before that are shown.` : 'No packet came before that.'}
      </p>
      <span className="sp" />
      {last > 0 && (
        <button type="button" className="pk" onClick={() => go({ view: 'packets', packet: last, detail: 'packet' })}>
          #{last}
        </button>
      )}
      <button type="button" className="btn g sq" aria-label="Dismiss" onClick={() => setDismissed(capture.name)}>
        <Icon name="close" />
      </button>
    </div>
  );
}
