import type { PluginTrial } from '../../../shared/plugins.ts';
import { DetailEmpty } from '../../detail/detail-empty.tsx';
import { step, usePacketCommands } from '../../detail/packet-steps.ts';
import { usePlugins } from '../../model/plugins-state.ts';
import { useApp } from '../../model/store.ts';
import { Icon } from '../../widgets/icon.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { CheckResult, ExportResult } from './capture-results.tsx';
import { DissectorResult } from './dissector-result.tsx';
import { placeWords } from './plugin-words.ts';

/** What the text in the editor makes of the selected packet and of the open capture, as it is typed. */
export function PluginTrialPane() {
  const packet = useApp(({ place }) => place.packet);
  const file = usePlugins(({ document }) => document?.file ?? null);
  const trial = usePlugins((state) => state.trial);
  const isTrying = usePlugins((state) => state.isTrying);
  usePacketCommands();
  return (
    <section className="trial" aria-label="Live result" aria-busy={isTrying}>
      <header className="ph">
        <span className="mono t2">{packet === null ? 'No packet' : `#${packet}`}</span>
        <span className="sp" />
        {trial !== null && file !== null && <span className="t3">{trial.elapsedMs.toFixed(0)} ms</span>}
        <button type="button" className="btn g sq" aria-label="Previous packet" title="Alt ↑" onClick={() => step(-1)}>
          <Icon name="up" small />
        </button>
        <button type="button" className="btn g sq" aria-label="Next packet" title="Alt ↓" onClick={() => step(1)}>
          <Icon name="down" small />
        </button>
      </header>
      {file === null ? (
        <DetailEmpty
          title="No plugin is open"
          text="What it makes of the selected packet is shown here as you write."
        />
      ) : trial === null ? (
        <DetailEmpty severity="running" title="Trying it" text="The text is compiled and run on the selected packet." />
      ) : (
        <Result trial={trial} packet={packet} />
      )}
    </section>
  );
}

function Result({ trial, packet }: { trial: PluginTrial; packet: number | null }) {
  const { error, payload, dissectors, checks, exports } = trial;
  if (error !== null) {
    const place = placeWords(error);
    return (
      <DetailEmpty
        severity="error"
        title={place === '' ? 'It does not compile' : `It does not compile: ${place}`}
        text={error.message}
      />
    );
  }
  const isEmpty = dissectors.length + checks.length + exports.length === 0;
  return (
    <div className="trial-parts">
      {payload === null && <NoPayload packet={packet} isOnly={isEmpty} />}
      {payload !== null &&
        dissectors.map((each) => <DissectorResult key={each.dissector} trial={each} payload={payload} />)}
      {checks.map((each) => (
        <CheckResult key={each.check} result={each} />
      ))}
      {exports.map((each) => (
        <ExportResult key={each.export} result={each} />
      ))}
      {payload !== null && isEmpty && (
        <DetailEmpty
          title="It compiles, and declares nothing"
          text="Export dissectors, checks or exports by default."
        />
      )}
    </div>
  );
}

/** Dissectors are shown octets; checks and exports do without. */
function NoPayload({ packet, isOnly }: { packet: number | null; isOnly: boolean }) {
  if (packet === null) {
    return <DetailEmpty title="Select a packet" text="A dissector is shown its payload, and its fields stand here." />;
  }
  return isOnly ? (
    <DetailEmpty title={`Packet ${packet} has no payload`} text="A dissector is shown what UDP or TCP carry." />
  ) : (
    <p className="trial-note t3">
      <SeverityGlyph severity="incomplete" label="" /> Packet {packet} has no payload for a dissector.
    </p>
  );
}
