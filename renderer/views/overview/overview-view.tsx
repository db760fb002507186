import './overview-view.css';
import type { Overview } from '../../../shared/engine-api.ts';
import { useQuery } from '../../client/use-query.ts';
import { copyText } from '../../detail/clipboard.ts';
import { go } from '../../model/navigate.ts';
import type { ViewName } from '../../model/place.ts';
import { useApp } from '../../model/store.ts';
import { formatCount } from '../../model/format/numbers.ts';
import { formatDuration } from '../../model/format/times.ts';
import { Icon } from '../../widgets/icon.tsx';
import { EncapsulationList } from '../decode-as/encapsulation-list.tsx';
import { SuggestionList } from '../decode-as/suggestion-list.tsx';
import { EncryptionList } from './encryption-list.tsx';
import { IceList } from './ice-list.tsx';
import { MissingList } from './missing-list.tsx';
import { ProblemBriefs } from './problem-briefs.tsx';
import { ProtocolList } from './protocol-list.tsx';
import { QualityBars } from './quality-bars.tsx';
import { summaryText } from './summary-text.ts';
import { stateWords } from '../calls/call-columns.ts';
import { TrafficChart } from './traffic-chart.tsx';
import { WorstStreams } from './worst-streams.tsx';

/** The first screen: what is in the capture, what went wrong, how it sounded, what could not be read. */
export function OverviewView() {
  const { data, error } = useQuery('overview.get', {});
  const isReading = useApp((state) => state.capture.status === 'reading');
  if (data === null) {
    return (
      <div className="overview-wait t2">
        {error ?? (isReading ? 'Reading; the overview follows with the first packets.' : 'One moment…')}
      </div>
    );
  }
  return <OverviewBody overview={data} isReading={isReading} />;
}

function OverviewBody({ overview, isReading }: { overview: Overview; isReading: boolean }) {
  const { info, counts, streamNotes, callStates } = overview;
  const copy = (): void => {
    void copyText(summaryText(overview), 'The summary');
  };
  const states = [
    ...callStates.map(({ state, count }) => `${formatCount(count)} ${stateWords(state)}`),
    counts.vertoCalls > 0 ? `${formatCount(counts.vertoCalls)} over Verto` : '',
  ].filter(Boolean);
  const notes = [
    streamNotes.inCalls > 0 ? `${formatCount(streamNotes.inCalls)} in calls` : '',
    streamNotes.withoutSignalling > 0 ? `${formatCount(streamNotes.withoutSignalling)} without signalling` : '',
    streamNotes.encrypted > 0 ? `${formatCount(streamNotes.encrypted)} encrypted` : '',
  ].filter(Boolean);
  return (
    <div className="overview">
      <header className="overview-head">
        <h1>{isReading ? 'Reading…' : overview.verdict}</h1>
        <span className="t2">
          {isReading ? 'What is below grows until the end of the file.' : overview.verdictMore}
        </span>
        <span className="sp" />
        <button type="button" className="btn" onClick={copy}>
          <Icon name="copy" />
          Copy summary
        </button>
      </header>
      <div className="overview-facts">
        <Fact title="Calls" value={counts.calls} note={states.join(', ') || 'none'} view="calls" />
        <Fact title="RTP streams" value={counts.streams} note={notes.join(', ') || 'none'} view="streams" />
        <Fact
          title="Packets"
          value={info.packets}
          note={`${formatDuration(info.durationSeconds)}, ${info.linkTypes.join(', ') || 'no link type'}`}
          view="packets"
        />
        <TrafficChart rate={overview.rate} problems={overview.problems} />
      </div>
      <div className="overview-left">
        <ProblemBriefs overview={overview} />
        <WorstStreams streams={overview.worstStreams} of={counts.streams} />
      </div>
      <div className="overview-right">
        <EncapsulationList />
        <SuggestionList />
        <QualityBars quality={overview.quality} />
        <EncryptionList rows={overview.encryption} />
        <IceList rows={overview.ice} of={counts.sessions} />
        <MissingList rows={overview.missing} />
        <ProtocolList rows={overview.protocols} />
      </div>
    </div>
  );
}

function Fact({ title, value, note, view }: { title: string; value: number; note: string; view: ViewName }) {
  return (
    <button type="button" className="overview-fact" onClick={() => go({ view })}>
      <span>{title}</span>
      <b>{formatCount(value)}</b>
      <i>{note}</i>
    </button>
  );
}
