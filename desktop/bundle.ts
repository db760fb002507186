import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface BundleFile {
  readonly path: string;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
  '.wasm': 'application/wasm',
};

/**
 * The files of the window, by the exact path of a request. The list is made from what lies in the folder, so no path can
 * be made up that leads out of it; links are not followed, and files of unknown kinds are not listed.
 */
export class Bundle {
  private readonly folder: string;
  private files = new Map<string, BundleFile>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** `pathname` still percent-encoded, as it was sent. */
  find(pathname: string): BundleFile | null {
    // Who asks for the page gets the files as they are now: the bundle may have been built anew.
    if (pathname === '/') this.scan();
    return this.files.get(pathname === '/' ? '/index.html' : decode(pathname)) ?? null;
  }

  private scan(): void {
    this.files = new Map();
    const pending = [''];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      for (const entry of readdirSync(join(this.folder, folder), { withFileTypes: true })) {
        const name = `${folder}/${entry.name}`;
        const type = TYPES[extname(entry.name)];
        if (entry.isDirectory()) pending.push(name);
        else if (entry.isFile() && type !== undefined) this.files.set(name, { path: join(this.folder, name), type });
      }
    }
  }
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return '';
  }
}
