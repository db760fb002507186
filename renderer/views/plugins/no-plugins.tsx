import { newPlugin } from '../../model/plugins.ts';
import { useApp } from '../../model/store.ts';
import { EXAMPLES, newFromExample } from './new-entries.ts';

/** No plugin yet: what one is, three to begin with, and the way to one's own. */
export function NoPlugins() {
  const packet = useApp(({ place, capture }) => (capture.status === 'open' ? place.packet : null));
  return (
    <div className="plugins-first">
      <h2>A plugin is one TypeScript file that teaches Earshot a protocol, a rule or a format only you know.</h2>
      <ul aria-label="Examples">
        {EXAMPLES.map(({ file, what, text }) => (
          <li key={file}>
            <button type="button" className="btn" onClick={() => void newFromExample(file)}>
              {file}
            </button>
            <span>
              <span className="strong">{what}</span>
              <span className="t2">{text}</span>
            </span>
          </li>
        ))}
      </ul>
      <div className="plugins-first-ways">
        <button type="button" className="btn p" onClick={() => newPlugin('dissector', packet)}>
          {packet === null ? 'New dissector' : `New dissector from packet ${packet}`}
        </button>
        <button type="button" className="btn" onClick={() => newPlugin('check')}>
          New check
        </button>
        <button type="button" className="btn" onClick={() => newPlugin('export')}>
          New export
        </button>
      </div>
    </div>
  );
}
