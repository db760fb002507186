import type { SavedRule } from '../../../shared/decode-as.ts';
import { Icon } from '../../widgets/icon.tsx';

/** What payload types were said to mean; each can be taken back. */
export function CodecList({
  codecs,
  isBusy,
  onChange,
}: {
  codecs: readonly SavedRule[];
  isBusy: boolean;
  onChange: (codecs: SavedRule[], done: string) => void;
}) {
  if (codecs.length === 0) return null;
  return (
    <section className="decode-rules" aria-label="Codecs set">
      <ul>
        {codecs.map(({ text, scope }, at) => (
          <li key={`${scope} ${text}`} className="decode-rule is-codec">
            <span className="mono trunc">{text}</span>
            <span className="t2">{scope === 'user' ? 'every capture' : 'this capture'}</span>
            <button
              type="button"
              className="btn g sq"
              aria-label={`Remove ${text}`}
              title="Remove"
              disabled={isBusy}
              onClick={() => onChange(codecs.toSpliced(at, 1), `${text} is not set any more`)}
            >
              <Icon name="close" small />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
