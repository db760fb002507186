import { update } from '../model/store.ts';
import { writeClipboard } from '../widgets/grid/copy-rows.ts';

/** Puts text on the clipboard and says what it was (`The value`); says so too where that is not allowed. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await writeClipboard(text);
    update({ notice: `${what}: copied.` });
  } catch {
    update({ notice: 'The clipboard cannot be written to.' });
  }
}
