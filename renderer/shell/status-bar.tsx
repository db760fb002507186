import './status-bar.css';
import type { ReadProgress } from '../../shared/engine-api.ts';
import { go } from '../model/navigate.ts';
import { stopReading } from '../model/open.ts';
import { cancelRereading } from '../model/reread.ts';
import { type CaptureState, useApp } from '../model/store.ts';
import { Icon } from '../widgets/icon.tsx';
import { SeverityGlyph } from '../widgets/severity.tsx';
import { formatBytes, formatCount } from '../model/format/numbers.ts';
import { formatClock } from '../model/format/times.ts';

export function StatusBar() {
  const capture = useApp((state) => state.capture);
  return (
    <footer className="status">
      <Reading capture={capture} />
      <Shown />
      {capture.status === 'open' && <TimeRange capture={capture} />}
      <span className="sp" />
      <Notice />
      <Encryption />
      <Version />
    </footer>
  );
}

function Reading({ capture }: { capture: CaptureState }) {
  const rereading = useApp((state) => state.rereading);
  if (capture.status === 'none') return <span>No capture open</span>;
  if (capture.status === 'failed') {
    return (
      <>
        <span>
          <SeverityGlyph severity="error" />
          Could not read {capture.name}
        </span>
        <span>Nothing was changed</span>
      </>
    );
  }
  if (capture.status === 'reading') return <Progress capture={capture} />;
  if (rereading !== null) return <Rereading {...rereading} />;
  const { result } = capture;
  const seconds = (result.elapsedMs / 1000).toFixed(1);
  const isPartial = result.isStopped || result.info.truncated;
  return (
    <span>
      {isPartial ? (
        <SeverityGlyph severity="warning" />
      ) : (
        <span className="okc">
          <Icon name="check" small />
        </span>
      )}
      Read {formatCount(result.info.packets)} packets in {seconds} s
      {result.isStopped ? ', then stopped' : result.info.truncated ? ', then the file ended' : ''}
    </span>
  );
}

function Progress({ capture: { progress } }: { capture: Extract<CaptureState, { status: 'reading' }> }) {
  if (progress === null) return <span>Opening…</span>;
  const { bytesRead, bytesTotal, elapsedMs, packets, decrypting } = progress;
  if (decrypting !== undefined) {
    return (
      <>
        <span>
          <ReadShare progress={progress} label="Decrypting" />
        </span>
        <span>
          Decrypting <b>{formatCount(decrypting.total)}</b> packets
        </span>
      </>
    );
  }
  const share = shareOf(progress);
  const rate = elapsedMs > 0 ? bytesRead / (elapsedMs / 1000) : 0;
  const left = share !== null && rate > 0 ? (bytesTotal - bytesRead) / rate : null;
  return (
    <>
      <span>
        <ReadShare progress={progress} label="Reading the capture" />
      </span>
      <span>
        <b>{formatCount(packets)}</b> packets
      </span>
      <span>
        <b>{formatBytes(rate)}</b>/s
      </span>
      {left !== null && left >= 1 && <span>about {Math.ceil(left)} s left</span>}
      <button type="button" className="status-stop" onClick={stopReading}>
        <Icon name="stop" small />
        Stop and keep what was read
      </button>
    </>
  );
}

/** What was read before is shown meanwhile, so there is nothing to keep: it can be called off. */
function Rereading({ progress, why }: { progress: ReadProgress | null; why: string }) {
  return (
    <>
      <span>
        <ReadShare progress={progress} label={`Reading again with ${why}`} />
      </span>
      <span>{progress?.decrypting === undefined ? `Reading again with ${why}` : 'Decrypting'}</span>
      <button type="button" className="status-stop" onClick={cancelRereading}>
        <Icon name="stop" small />
        Cancel
      </button>
    </>
  );
}

/** The part that was read, as a bar and in words. */
function ReadShare({ progress, label }: { progress: ReadProgress | null; label: string }) {
  const share = progress === null ? null : shareOf(progress);
  return (
    <>
      <progress className="status-progress" aria-label={label} max={1} {...(share === null ? {} : { value: share })} />
      {share !== null && `${Math.round(share * 100)} %`}
    </>
  );
}

/** 0..1; null while the size is not known. */
function shareOf({ bytesRead, bytesTotal, decrypting }: ReadProgress): number | null {
  if (decrypting !== undefined) return decrypting.total > 0 ? Math.min(1, decrypting.done / decrypting.total) : null;
  return bytesTotal > 0 ? Math.min(1, bytesRead / bytesTotal) : null;
}

/** What of the capture is encrypted, and what of that could be opened. */
function Encryption() {
  const counts = useApp((state) => state.counts);
  const rereading = useApp((state) => state.rereading);
  if (counts === null || rereading !== null) return null;
  const { encryptedStreams, openedStreams, opaqueConnections } = counts;
  const locked = encryptedStreams - openedStreams;
  return (
    <>
      {encryptedStreams > 0 && (
        <button type="button" className="status-keys" onClick={() => go({ view: 'keys' })}>
          <Icon name={openedStreams > 0 ? 'unlock' : 'lock'} small />
          SRTP{' '}
          <b>
            {formatCount(openedStreams)} of {formatCount(encryptedStreams)}
          </b>{' '}
          {encryptedStreams === 1 ? 'stream' : 'streams'} decrypted
        </button>
      )}
      {locked > 0 && openedStreams > 0 && (
        <span>
          <Icon name="lock" small />
          {formatCount(locked)} without a key
        </span>
      )}
      {opaqueConnections > 0 && (
        <span>
          TLS <b>{formatCount(opaqueConnections)}</b> {opaqueConnections === 1 ? 'connection' : 'connections'} opaque
        </span>
      )}
    </>
  );
}

function Shown() {
  const shown = useApp((state) => state.shown);
  const view = useApp((state) => state.place.view);
  if (shown === null || view === 'overview') return null;
  return (
    <span>
      Shown <b>{formatCount(shown.shown)}</b> of {formatCount(shown.of)} {shown.what}
    </span>
  );
}

function TimeRange({ capture }: { capture: Extract<CaptureState, { status: 'open' }> }) {
  const zone = useApp((state) => state.timeZone);
  const { firstTime, lastTime } = capture.result.info;
  if (firstTime === null || lastTime === null) return null;
  const date = new Date(firstTime * 1000);
  const day = zone === 'utc' ? date.toISOString().slice(0, 10) : date.toLocaleDateString('sv');
  return (
    <span title={day}>
      <b className="mono">
        {formatClock(firstTime, zone)} – {formatClock(lastTime, zone)}
      </b>
      {zone === 'utc' ? 'UTC' : 'local'}
    </span>
  );
}

function Notice() {
  const notice = useApp((state) => state.notice);
  // Read out by the live region; here for the eyes.
  return notice === '' ? null : <span aria-hidden="true">{notice}</span>;
}

function Version() {
  const version = useApp((state) => state.shell?.version);
  const status = useApp((state) => state.capture.status);
  return status === 'none' && version !== undefined ? <span>Earshot {version}</span> : null;
}
