import type { ReactNode } from 'react';
import { type Glyph, SeverityGlyph } from '../widgets/severity.tsx';

/** A pane with nothing to show: what is the case, and what to do. */
export function DetailEmpty({
  title,
  text,
  severity = 'incomplete',
  children,
}: {
  title: string;
  text: string;
  severity?: Glyph;
  children?: ReactNode;
}) {
  return (
    <div className="detail-empty">
      <SeverityGlyph severity={severity} label="" />
      <div>
        <div className="strong">{title}</div>
        <div className="t2">{text}</div>
        {children}
      </div>
    </div>
  );
}
