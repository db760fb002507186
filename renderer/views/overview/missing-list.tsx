import type { Overview } from '../../../shared/engine-api.ts';
import { go } from '../../model/navigate.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';

type Row = Overview['missing'][number];

/** What the capture does not show, or shows only in part. */
export function MissingList({ rows }: { rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="overview-missing">
      <div className="ph">
        <h2 id="overview-missing">Missing or uncertain</h2>
      </div>
      <ul>
        {rows.map(({ severity, text, link }) => (
          <li className="overview-line is-long" key={text}>
            <SeverityGlyph severity={severity} />
            <span>{text}</span>
            {link !== null && (
              <button type="button" className="link" onClick={() => follow(link)}>
                {link.label}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function follow({ call, packet, filter }: NonNullable<Row['link']>): void {
  if (call !== null) go({ view: 'calls', call });
  else if (packet !== null) go({ view: 'packets', packet, detail: 'packet' });
  else go({ view: 'packets', filter: filter ?? '' });
}
