import type { ReactElement } from 'react';

/** The drawings, on a grid of 16; strokes and fills take the colour of the text around them. */
const drawings = {
  back: (
    <>
      <path d="M10 3.5 5.5 8l4.5 4.5" />
    </>
  ),
  forward: (
    <>
      <path d="M6 3.5 10.5 8 6 12.5" />
    </>
  ),
  open: (
    <>
      <path d="M2 12.5v-9h4l1.5 2H14v7z" />
    </>
  ),
  file: (
    <>
      <path d="M4 2h5l3 3v9H4z" />
      <path d="M9 2v3h3" />
    </>
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="m10 10 3.5 3.5" />
    </>
  ),
  clock: (
    <>
      <circle cx="8" cy="8" r="5.7" />
      <path d="M8 5v3.2l2.2 1.3" />
    </>
  ),
  theme: (
    <>
      <circle cx="8" cy="8" r="5.2" />
      <path d="M8 2.8v10.4a5.2 5.2 0 0 0 0-10.4z" fill="currentColor" />
    </>
  ),
  overview: (
    <>
      <path d="M2.5 2.5h4.5v6H2.5zM9 2.5h4.5v3H9zM9 7.5h4.5v6H9zM2.5 10.5H7v3H2.5z" />
    </>
  ),
  calls: (
    <>
      <path d="M4.2 2.5 6 2.8l.9 2.7-1.4 1.1a8 8 0 0 0 3.9 3.9l1.1-1.4 2.7.9.3 1.8c-.4 1.2-1.4 1.8-2.7 1.7C6.3 13 3 9.7 2.5 5.2c-.1-1.3.5-2.3 1.7-2.7z" />
    </>
  ),
  streams: (
    <>
      <path d="M2 8h1.5M5 5v6M7.5 2.5v11M10 6v4M12.5 4.5v7" />
    </>
  ),
  ice: (
    <>
      <circle cx="3.5" cy="12" r="1.7" />
      <circle cx="12.5" cy="4" r="1.7" />
      <path d="M5.2 12H8c3 0 1-8 2.8-8" />
    </>
  ),
  agents: (
    <>
      <circle cx="8" cy="6.5" r="1.6" />
      <path d="M8 8.2V13.5M4.6 10a4.8 4.8 0 0 1 0-7M11.4 3a4.8 4.8 0 0 1 0 7" />
    </>
  ),
  problems: (
    <>
      <path d="M8 2.5 14 13H2z" />
      <path d="M8 6.5v3M8 11.2v.1" />
    </>
  ),
  packets: (
    <>
      <path d="M2.5 4h11M2.5 8h11M2.5 12h11" />
    </>
  ),
  ladder: (
    <>
      <path d="M3.5 2v12M12.5 2v12M3.5 5h7M9 3.5 10.7 5 9 6.5M12.5 10.5h-7M7 9 5.3 10.5 7 12" />
    </>
  ),
  decode: (
    <>
      <path d="M5.5 3.5 2 8l3.5 4.5M10.5 3.5 14 8l-3.5 4.5M8 6.5v3" />
    </>
  ),
  check: (
    <>
      <path d="m3 8.5 3.2 3.2L13 4.8" />
    </>
  ),
  close: (
    <>
      <path d="m4 4 8 8M12 4l-8 8" />
    </>
  ),
  'chevron-right': (
    <>
      <path d="m6 4 4 4-4 4" />
    </>
  ),
  'chevron-down': (
    <>
      <path d="m4 6 4 4 4-4" />
    </>
  ),
  key: (
    <>
      <circle cx="5" cy="8" r="2.7" />
      <path d="M7.7 8H14M11.5 8v2.5M13.5 8v1.7" />
    </>
  ),
  lock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2" />
    </>
  ),
  unlock: (
    <>
      <rect x="3.5" y="7" width="9" height="6.5" rx="1" />
      <path d="M5.5 7V4.8a2.5 2.5 0 0 1 4.8-1" />
    </>
  ),
  play: (
    <>
      <path d="M5 3v10l8-5z" fill="currentColor" />
    </>
  ),
  pause: (
    <>
      <path d="M5.5 3.5v9M10.5 3.5v9" strokeWidth="2.4" />
    </>
  ),
  previous: (
    <>
      <path d="M4 3.5v9M12.5 3.5v9L6 8z" fill="currentColor" />
    </>
  ),
  next: (
    <>
      <path d="M12 3.5v9M3.5 3.5v9L10 8z" fill="currentColor" />
    </>
  ),
  volume: (
    <>
      <path d="M2.5 6.2h2.3L8 3.5v9L4.8 9.8H2.5zM10.5 6a3 3 0 0 1 0 4M12.3 4.2a5.5 5.5 0 0 1 0 7.6" />
    </>
  ),
  mute: (
    <>
      <path d="M2.5 6.2h2.3L8 3.5v9L4.8 9.8H2.5zM11 6.5l3 3M14 6.5l-3 3" />
    </>
  ),
  repeat: (
    <>
      <path d="M12.8 7A5 5 0 0 0 3.5 6M3.2 9a5 5 0 0 0 9.3 1M3.3 3.2V6h2.8M12.7 12.8V10H9.9" />
    </>
  ),
  more: (
    <>
      <path d="M3.5 8h.1M8 8h.1M12.5 8h.1" strokeWidth="2.2" />
    </>
  ),
  export: (
    <>
      <path d="M8 10V2.5M5 5.3l3-3 3 3M3 9.5v4h10v-4" />
    </>
  ),
  copy: (
    <>
      <rect x="5.5" y="5.5" width="8" height="8" rx="1" />
      <path d="M3.5 10.5h-1v-8h8v1" />
    </>
  ),
  filter: (
    <>
      <path d="M2.5 3.5h11L9.5 8.5v4l-3 1.3V8.5z" />
    </>
  ),
  columns: (
    <>
      <path d="M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10" />
    </>
  ),
  fold: (
    <>
      <path d="M8 2v4M5.8 4.2 8 6.3l2.2-2.1M8 14v-4M5.8 11.8 8 9.7l2.2 2.1M2.5 8h11" />
    </>
  ),
  star: (
    <>
      <path d="m8 2.5 1.6 3.5 3.9.4-2.9 2.6.8 3.8L8 10.9l-3.4 1.9.8-3.8L2.5 6.4 6.4 6z" />
    </>
  ),
  plugin: (
    <>
      <path d="M5.5 2.5v3M10.5 2.5v3M3.5 5.5h9v2.8a4.5 4.5 0 0 1-9 0zM8 12.8v1.7" />
    </>
  ),
  palette: (
    <>
      <path d="m3 5 3 3-3 3M8 11.5h5" />
    </>
  ),
  download: (
    <>
      <path d="M8 2.5V11M4.5 7.8 8 11.3l3.5-3.5M3 13.5h10" />
    </>
  ),
  up: (
    <>
      <path d="M8 13V4.5M4.5 7.8 8 4.3l3.5 3.5" />
    </>
  ),
  down: (
    <>
      <path d="M8 3v8.5M4.5 8.2 8 11.7l3.5-3.5" />
    </>
  ),
  diff: (
    <>
      <path d="M5 2.5v7M2 6h6M9 12.5h5" />
    </>
  ),
  dash: (
    <>
      <path d="M4 8h8" />
    </>
  ),
  stop: (
    <>
      <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />
    </>
  ),
  spin: (
    <>
      <path d="M8 2.5A5.5 5.5 0 1 1 2.5 8" />
    </>
  ),
  folder: (
    <>
      <path d="M2 12.5v-9h4l1.5 2H14v7z" />
    </>
  ),
  zoomin: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="m10 10 3.5 3.5M5.2 7h3.6M7 5.2v3.6" />
    </>
  ),
  zoomout: (
    <>
      <circle cx="7" cy="7" r="4" />
      <path d="m10 10 3.5 3.5M5.2 7h3.6" />
    </>
  ),
  fit: (
    <>
      <path d="M2.5 8h11M5 5.5 2.5 8 5 10.5M11 5.5 13.5 8 11 10.5" />
    </>
  ),
  loop: (
    <>
      <path d="M4 6.5h7.5v-2L14 7l-2.5 2.5v-2M12 9.5H4.5v2L2 9l2.5-2.5" />
    </>
  ),
  sidebar: (
    <>
      <path d="M2.5 3h11v10h-11zM6.2 3v10" />
    </>
  ),
} satisfies Record<string, ReactElement>;

export type IconName = keyof typeof drawings;

/** Decoration beside a word; a button without words names itself with aria-label. */
export function Icon({ name, small = false }: { name: IconName; small?: boolean }) {
  return (
    <svg className={small ? 'i s' : 'i'} viewBox="0 0 16 16" aria-hidden="true">
      {drawings[name]}
    </svg>
  );
}
