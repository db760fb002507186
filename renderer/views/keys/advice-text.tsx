import { go } from '../../model/navigate.ts';

/** `#35208`, and the beginning of a key log's line. */
const PARTS = /(#\d{1,9}\b|\b[A-Z][A-Z0-9_]{4,} [0-9a-f]{8,}(?:…|\b))/;

/** What the engine advises: packets lead to themselves, what would be in a file looks so. */
export function AdviceText({ text }: { text: string }) {
  return text.split(PARTS).map((part, at) => {
    if (at % 2 === 0) return part;
    const key = `${at} ${part}`;
    if (!part.startsWith('#')) {
      return (
        <span className="mono" key={key}>
          {part}
        </span>
      );
    }
    const packet = Number(part.slice(1));
    return (
      <button type="button" className="pk" key={key} onClick={() => go({ packet, detail: 'packet' })}>
        {part}
      </button>
    );
  });
}
