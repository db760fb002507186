import { copyText } from '../../detail/clipboard.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Where plugins lie: another editor writes there as well. */
export function PluginFolderLine({ folder }: { folder: string }) {
  return (
    <footer className="plugins-folder">
      <Icon name="folder" small />
      {/* The end of a path says most. */}
      <span className="mono trunc plugins-path" title={folder}>
        <bdi>{folder}</bdi>
      </span>
      <button
        type="button"
        className="btn g sq"
        aria-label="Copy the folder’s path"
        title="Copy the folder’s path"
        onClick={() => void copyText(folder, 'The folder’s path')}
      >
        <Icon name="copy" small />
      </button>
    </footer>
  );
}
