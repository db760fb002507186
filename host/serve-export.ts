import { open, realpath, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Exported } from '../shared/engine-api.ts';

/**
 * Hands out a file that the engine made, and deletes it. Rejects, before anything is sent, where it does not lie in the
 * window's own folder or is not there.
 */
export async function serveExport(response: ServerResponse, folder: string, exported: Exported): Promise<void> {
  const path = await realpath(exported.path);
  if (!path.startsWith((await realpath(folder)) + sep)) throw new Error('the export lies somewhere else');
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': size,
      'Content-Disposition': attachment(exported.name),
    });
    await pipeline(file.createReadStream({ autoClose: false }), response);
  } catch (error) {
    if (!response.headersSent) throw error;
    // The browser broke off, or the disk failed: the rest is missing, and the browser sees that.
    response.destroy();
  } finally {
    await file.close();
    await rm(path, { force: true }).catch(() => {});
  }
}

/** The Content-Disposition of a download: RFC 6266 with an ASCII name, and the whole name as RFC 8187 has it. */
export function attachment(name: string): string {
  const safe = name.replace(/[\p{Cc}\p{Cs}/\\:*?"<>|]/gu, '_').slice(0, 200) || 'export';
  const plain = safe.replace(/[^\x20-\x7e]|%/g, '_');
  const encoded = encodeURIComponent(safe).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
