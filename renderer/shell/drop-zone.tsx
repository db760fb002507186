import './drop-zone.css';
import { useEffect, useState } from 'react';
import { pathOfFile } from '../client/bridge.ts';
import { takeDropped } from '../model/dropped-files.ts';
import { update } from '../model/store.ts';

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') === true;
}

/** Files dropped anywhere on the window: a capture is opened, key logs are added. */
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
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) void takeDropped(files.map((file) => ({ file, path: pathOfFile(file) })));
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
      <span>Drop to open a capture or add key logs</span>
    </div>
  );
}
