import { type KeyboardEvent, useRef } from 'react';
import type { ByteSourceView } from '../../shared/engine-api.ts';

/** The byte sources of a packet with their sizes, and what is selected in the one shown. */
export function SourceTabs({
  sources,
  shown,
  about,
  onShow,
}: {
  sources: readonly ByteSourceView[];
  shown: number;
  /** A field's name, and where octets are. */
  about: { readonly name: string; readonly place: string };
  onShow: (id: number) => void;
}) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = sources.findIndex(({ id }) => id === shown);
    const next = (at + step + sources.length) % sources.length;
    onShow(sources[next].id);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div className="ph t detail-sources">
      <div className="tabs" role="tablist" aria-label="Octets" ref={list} onKeyDown={onKeyDown}>
        {sources.map(({ id, name, bytes }) => (
          <button
            type="button"
            key={id}
            role="tab"
            className={id === shown ? 'on' : ''}
            aria-selected={id === shown}
            tabIndex={id === shown ? 0 : -1}
            title={name}
            onClick={() => onShow(id)}
          >
            <span className="trunc">{name}</span> <span className="t3">{bytes.length} B</span>
          </button>
        ))}
      </div>
      <span className="sp" />
      <span className="mono t3 detail-about">
        <span className="trunc">{about.name}</span>
        <span>{about.place}</span>
      </span>
    </div>
  );
}
