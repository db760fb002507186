import type { ReactElement } from 'react';

/** A state or severity: each has a shape of its own, so that colour is never the only sign. */
export type Glyph = 'error' | 'warning' | 'note' | 'ok' | 'incomplete' | 'rejected' | 'running';

const drawings: Record<Glyph, { readonly className: string; readonly shape: ReactElement }> = {
  error: {
    className: 'sev sev-e',
    shape: (
      <>
        <path d="M4.3 0h5.4L14 4.3v5.4L9.7 14H4.3L0 9.7V4.3z" fill="currentColor" />
        <path d="m4.6 4.6 4.8 4.8M9.4 4.6 4.6 9.4" stroke="var(--g)" strokeWidth="1.8" strokeLinecap="round" />
      </>
    ),
  },
  warning: {
    className: 'sev sev-w',
    shape: (
      <>
        <path d="M7 .6 14 13.4H0z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" strokeWidth="1" />
        <path d="M7 5v4.2M7 11.4v.1" stroke="var(--g)" strokeWidth="1.8" strokeLinecap="round" />
      </>
    ),
  },
  note: {
    className: 'sev sev-n',
    shape: (
      <>
        <circle cx="7" cy="7" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M7 6.5v3.5M7 4.1v.1" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />
      </>
    ),
  },
  ok: {
    className: 'sev sev-o',
    shape: (
      <>
        <circle cx="7" cy="7" r="7" fill="currentColor" />
        <path
          d="m3.8 7.3 2.2 2.2 4.2-4.5"
          fill="none"
          stroke="var(--g)"
          strokeWidth="1.7"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </>
    ),
  },
  incomplete: {
    className: 'sev sev-x',
    shape: (
      <>
        <circle cx="7" cy="7" r="6" fill="none" stroke="currentColor" strokeWidth="1.3" strokeDasharray="2.4 2.3" />
      </>
    ),
  },
  rejected: {
    className: 'sev sev-r',
    shape: (
      <>
        <circle cx="7" cy="7" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="m4.8 4.8 4.4 4.4M9.2 4.8 4.8 9.2" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
      </>
    ),
  },
  running: {
    className: 'sev sev-p',
    shape: (
      <>
        <circle cx="7" cy="7" r="6" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d="M7 1a6 6 0 0 1 0 12z" fill="currentColor" />
      </>
    ),
  },
};

/** With `label: ''` it is decoration beside a word that says the same. */
export function SeverityGlyph({ severity, label = severity }: { severity: Glyph; label?: string }) {
  const { className, shape } = drawings[severity];
  const name = label === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  return (
    <svg className={className} viewBox="0 0 14 14" {...name}>
      {shape}
    </svg>
  );
}
