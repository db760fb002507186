import { useMemo, useReducer, useState } from 'react';
import type { FieldNode } from '../../../shared/engine-api.ts';
import type { DissectorTrial } from '../../../shared/plugins.ts';
import { fieldAt, isOpenAtFirst, nodeAt } from '../../detail/field-search.ts';
import { labelOf, lineOf, shownText } from '../../detail/field-text.ts';
import { goToLine } from '../../model/plugins.ts';
import { HexView } from '../../widgets/hex/hex-view.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { flattenTree } from '../../widgets/tree/flatten.ts';
import { Tree } from '../../widgets/tree/tree.tsx';
import { placeWords, trialWords } from './plugin-words.ts';

/** What was opened or closed, by path: a keystroke later the tree is another one. */
const choices = new Map<string, boolean>();

/** What a dissector makes of a payload: its verdict, its line, its rows, its fields and their octets. */
export function DissectorResult({ trial, payload }: { trial: DissectorTrial; payload: Uint8Array }) {
  const { dissector, summary, nodes, rows, issues, error } = trial;
  const [path, setPath] = useState<string | null>(null);
  const [cursor, setCursor] = useState(0);
  const [opened, countOpened] = useReducer((count: number) => count + 1, 0);
  const [revealed, reveal] = useReducer((count: number) => count + 1, 0);
  const shown = useMemo(
    () => flattenTree<FieldNode>(nodes, (at, node) => choices.get(at) ?? isOpenAtFirst(at, node)),
    // `opened` counts the changes of `choices`.
    [nodes, opened],
  );
  const current = nodeAt(nodes, path)?.node ?? null;
  const { glyph, verdict, claim } = trialWords(trial);
  return (
    <section className="trial-dissector" aria-label={`Dissector ${dissector}`}>
      <p className="trial-verdict">
        <SeverityGlyph severity={glyph} label="" />
        <span>
          <span className="strong">{dissector}</span> {verdict}
        </span>
        <span className={trial.claimedBy === null ? 'warn trunc' : 't3 trunc'} title={claim}>
          {claim}
        </span>
      </p>
      {error !== null && <FaultLine {...error} />}
      {issues.map(({ code, at }) => (
        <p className="trial-issue warn" key={`${code} ${at}`}>
          <SeverityGlyph severity="warning" label="" />
          {code} at octet {at}
        </p>
      ))}
      {summary !== '' && <p className="trial-summary mono trunc">{shownText(summary)}</p>}
      {rows.length > 0 && <Rows rows={rows} />}
      <div className="trial-tree">
        {shown.length > 0 ? (
          <Tree<FieldNode>
            label={`Fields of ${dissector}`}
            rows={shown}
            selected={path}
            revealed={revealed}
            classOf={(node) => (node.fault === undefined ? '' : 'field-fault')}
            render={(node) => (
              <>
                <span className="field-label">{labelOf(node)}</span>
                <span className="field-value trunc">{shownText(lineOf(node))}</span>
              </>
            )}
            onSelect={(at) => {
              setPath(at);
              setCursor(nodeAt(nodes, at)?.node.at ?? 0);
            }}
            onToggle={(paths, isOpen) => {
              for (const each of paths) choices.set(each, isOpen);
              countOpened();
            }}
          />
        ) : (
          <p className="trial-note t3">describe gives no field.</p>
        )}
      </div>
      <div className="trial-hex">
        <HexView
          label={`Payload, ${payload.length} octets`}
          bytes={payload}
          selected={current === null || current.length === 0 ? null : current}
          parent={null}
          hovered={null}
          cursor={cursor}
          revealed={revealed}
          onOctet={(at) => {
            setCursor(at);
            setPath(fieldAt(nodes, 0, at));
            reveal();
          }}
        />
      </div>
    </section>
  );
}

/** What was thrown, leading to its line. */
export function FaultLine({ message, line, column }: { message: string; line: number | null; column: number | null }) {
  const place = placeWords({ line, column });
  return (
    <p className="trial-issue err" role="alert">
      <SeverityGlyph severity="error" label="" />
      <span>
        {message}
        {line !== null && (
          <>
            {' '}
            <button type="button" className="pk" onClick={() => goToLine(line, column ?? 1)}>
              {place}
            </button>
          </>
        )}
      </span>
    </p>
  );
}

/** What the hot half stored: a line for each row. */
function Rows({ rows }: { rows: DissectorTrial['rows'] }) {
  return (
    <ul className="trial-rows" aria-label="Rows">
      {rows.slice(0, 20).map((row, index) => (
        // Rows have no name of their own.
        <li key={index} className="mono trunc">
          <span className="t3">stored</span>
          {Object.entries(row).map(([name, value]) => (
            <span key={name}>
              <span className="t3">{name}</span> {shownText(String(value))}
            </span>
          ))}
        </li>
      ))}
      {rows.length > 20 && <li className="t3">and {rows.length - 20} more</li>}
    </ul>
  );
}
