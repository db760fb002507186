import { cancelRereading } from '../../model/reread.ts';
import { update, useApp } from '../../model/store.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';

/** The end of a dialog that has the capture read again: what is wrong, how far it is, and the two ways out. */
export function ApplyFoot({
  label,
  hint,
  refusal,
  isReady,
  isBusy,
}: {
  label: string;
  hint: string;
  refusal: string | null;
  isReady: boolean;
  isBusy: boolean;
}) {
  return (
    <footer>
      {refusal !== null && (
        <p className="decode-error err" role="alert">
          <SeverityGlyph severity="error" label="" />
          {refusal}
        </p>
      )}
      {refusal === null && (isBusy ? <Progress /> : <span className="t3">{hint}</span>)}
      <span className="sp" />
      <button type="button" className="btn" onClick={isBusy ? cancelRereading : () => update({ overlay: null })}>
        Cancel
      </button>
      <button type="submit" className={isReady ? 'btn p' : 'btn'} disabled={!isReady || isBusy}>
        {label}
      </button>
    </footer>
  );
}

function Progress() {
  const progress = useApp((state) => state.rereading?.progress ?? null);
  const share =
    progress === null || progress.bytesTotal <= 0 ? null : Math.min(1, progress.bytesRead / progress.bytesTotal);
  return (
    <span className="decode-progress">
      <progress
        className="status-progress"
        aria-label="Reading again"
        max={1}
        {...(share === null ? {} : { value: share })}
      />
      Reading again{share === null ? '…' : ` ${Math.round(share * 100)} %`}
    </span>
  );
}
