import type { ExportRequest } from '../../shared/engine-api.ts';
import { ask, askShell } from '../client/client.ts';
import { sentenceOf } from '../client/use-query.ts';
import { getState, update } from './store.ts';

/** Has a file written where the user says, or downloaded where the shell has no dialogs. Tells in the status bar how it went. */
export async function saveFile(name: string, request: ExportRequest): Promise<void> {
  try {
    const { shell } = getState();
    if (shell?.hasDialogs === true) {
      const path = await askShell('shell.pickTarget', { suggestedName: name });
      if (path === null) return;
      const written = await ask('export.write', { request, path });
      update({ notice: `Exported to ${written.path}.` });
      return;
    }
    const { id } = await ask('export.write', { request, path: null });
    const link = document.createElement('a');
    link.href = `export/${id}`;
    link.download = name;
    link.click();
    update({ notice: `${name} was downloaded.` });
  } catch (error) {
    update({ notice: `The export failed: ${sentenceOf(error)}` });
  }
}
