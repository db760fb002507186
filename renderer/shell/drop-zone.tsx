import './drop-zone.css';
import { useEffect, useState } from 'react';
import { pathOfFile } from '../client/bridge.ts';
import { openFile } from '../model/open.ts';
import { update } from '../model/store.ts';

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

/** A file dropped anywhere on the window is opened. */
export function DropZone() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    // Entering a child leaves its parent: only the balance says whether the pointer is still over the window.
    let depth = 0;
    const abort = new AbortController();
    const { signal } = abort;
    const onEnter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth++;
      setOver(true);
    };
    const onOver = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault();
    };
    const onLeave = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) openFile(file, pathOfFile(file));
      else update({ notice: 'Only files can be opened, not folders.' });
    };
    window.addEventListener('dragenter', onEnter, { signal });
    window.addEventListener('dragover', onOver, { signal });
    window.addEventListener('dragleave', onLeave, { signal });
    window.addEventListener('drop', onDrop, { signal });
    return () => abort.abort();
  }, []);
  if (!isOver) return null;
  return (
    <div className="drop-over" aria-hidden="true">
      <span>Drop to open</span>
    </div>
  );
}
