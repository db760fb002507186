import './quality.css';
import type { StreamListRow } from '../../../shared/engine-api.ts';
import type { AudioFigures, AudioQuality } from '../../../shared/quality.ts';
import { countOf, formatCount, formatNumber, formatPercent } from '../../model/format/numbers.ts';
import { player } from '../../player/player.ts';
import { isLocked } from '../keys/locked-words.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { measureAudio, stopMeasuring, useAudioMeasure } from './audio-measures.ts';
import { PacketLink } from './quality-figures.tsx';

/** What the decoded audio is like, once somebody wants to know: of the stream's call where it has one. */
export function AudioPart({ row }: { row: Pick<StreamListRow, 'id' | 'call' | 'encryption'> }) {
  const { id: stream, call, encryption } = row;
  const id = call ?? stream;
  const measure = useAudioMeasure(id);
  return (
    <section className="quality-audio" aria-label="Audio">
      <h3>Audio</h3>
      {isLocked(encryption) && (
        <p className="t2">Without its key the stream cannot be heard, nor its audio measured.</p>
      )}
      {measure === undefined && !isLocked(encryption) && (
        <p className="quality-line">
          <span className="t2">Levels, clipping, silence, double talk and echo: everything is decoded for them.</span>
          <button type="button" className="btn" onClick={() => void measureAudio(id)}>
            Measure the audio
          </button>
        </p>
      )}
      {measure?.status === 'running' && (
        <p className="quality-line" role="status">
          <progress
            aria-label="Audio measured"
            max={1}
            value={measure.progress === null ? 0 : measure.progress.secondsDone / measure.progress.secondsTotal}
          />
          <span className="t2">
            {measure.progress === null
              ? 'Decoding…'
              : `${formatNumber(measure.progress.secondsDone)} of ${formatNumber(measure.progress.secondsTotal)} s`}
          </span>
          <button type="button" className="btn g" onClick={() => stopMeasuring(id)}>
            Stop
          </button>
        </p>
      )}
      {measure?.status === 'failed' && (
        <p className="quality-line">
          <SeverityGlyph severity="error" />
          <span>{measure.message}</span>
        </p>
      )}
      {measure?.status === 'done' && <Result quality={measure.result} stream={stream} />}
    </section>
  );
}

function Result({ quality, stream }: { quality: AudioQuality; stream: string }) {
  const { sides, leftOut, findings, doubleTalkPercent } = quality;
  // The stream at hand first.
  const shown = sides.toSorted((a, b) => Number(b.stream === stream) - Number(a.stream === stream));
  return (
    <>
      {findings.length > 0 && (
        <ul className="quality-findings">
          {findings.map(({ severity, message, packets }) => (
            <li key={message}>
              <SeverityGlyph severity={severity} />
              <span>
                {message}{' '}
                {packets.slice(0, 3).map((packet) => (
                  <PacketLink key={packet} packet={packet} />
                ))}
              </span>
            </li>
          ))}
        </ul>
      )}
      {shown.length > 0 && (
        <table className="quality-pairs">
          <thead>
            <tr>
              <th scope="col" />
              {shown.map((side) => (
                <th scope="col" key={side.stream}>
                  {side.stream === stream ? 'This stream' : `Stream ${side.stream.slice(1)}`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROWS.map(({ name, unit, value }) => (
              <tr key={name}>
                <th scope="row">
                  {name} <span className="t3">{unit}</span>
                </th>
                {shown.map((side) => (
                  <td key={side.stream} className="mono">
                    {value(side)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {doubleTalkPercent !== null && (
        <p className="t2">
          Both speak at once in <span className="mono">{formatPercent(doubleTalkPercent)}</span> % of the time with
          speech.
          {quality.echoes.length === 0 ? ' Nothing sounds like an echo.' : ''}
        </p>
      )}
      <Clippings quality={quality} stream={stream} />
      {leftOut.map((left) => (
        <p key={left.stream} className="t2">
          Stream {left.stream.slice(1)} cannot be heard: {left.reason}.
        </p>
      ))}
      {sides.length === 0 && leftOut.length === 0 && <p className="t2">There is no audio in it.</p>}
    </>
  );
}

const ROWS: readonly {
  readonly name: string;
  readonly unit: string;
  readonly value: (side: AudioFigures) => string;
}[] = [
  { name: 'Speech level', unit: 'dBov', value: ({ activeDbov }) => formatNumber(activeDbov, 1) },
  { name: 'Mean level', unit: 'dBov', value: ({ meanDbov }) => formatNumber(meanDbov, 1) },
  { name: 'Peak', unit: 'dBov', value: ({ peakDbov }) => formatNumber(peakDbov, 1) },
  { name: 'Clipped', unit: 'times', value: ({ clipping }) => formatCount(clipping.count) },
  { name: 'Without speech', unit: '%', value: ({ silentPercent }) => formatPercent(silentPercent) },
  { name: 'Digital silence', unit: '%', value: (side) => formatPercent(side.digitalSilencePercent) },
];

/** Places that are offered; the player has a mark at every one. */
const MOST_PLACES = 6;

function Clippings({ quality, stream }: { quality: AudioQuality; stream: string }) {
  const clipping = quality.sides.find((side) => side.stream === stream)?.clipping;
  if (clipping === undefined || clipping.count === 0) return null;
  return (
    <p className="t2">
      {countOf(clipping.count, 'place')} at full scale, at{' '}
      {clipping.places.slice(0, MOST_PLACES).map(({ at }) => (
        <button key={at} type="button" className="pk" onClick={() => hear(quality.startTime + at)}>
          {formatNumber(at, 2)} s
        </button>
      ))}
      {clipping.count > MOST_PLACES ? ' …' : ''}
    </p>
  );
}

function hear(time: number): void {
  const { plan } = player.get();
  if (plan !== null) player.seek(time - plan.startTime);
}
