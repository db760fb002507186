import { type ReactNode } from 'react';
import { closeDocument, removePlugin, savePlugin } from '../../model/plugins.ts';
import { updatePlugins, usePlugins } from '../../model/plugins-state.ts';
import { Sheet } from '../../widgets/dialog/sheet.tsx';

const close = (): void => updatePlugins({ question: null });

/** What is asked before text or a file goes away. */
export function PluginQuestions() {
  const question = usePlugins((state) => state.question);
  if (question === null) return null;
  const { file } = question;
  if (question.kind === 'remove') {
    return (
      <Question label={`Remove ${file}?`} text="Its file is deleted. This cannot be undone.">
        <button
          type="button"
          className="btn p"
          data-focus-first
          onClick={() => {
            close();
            void removePlugin(file);
          }}
        >
          Remove
        </button>
      </Question>
    );
  }
  const { proceed } = question;
  return (
    <Question label={`Save ${file}?`} text="What was changed is lost otherwise.">
      <button
        type="button"
        className="btn"
        onClick={() => {
          close();
          closeDocument();
          proceed();
        }}
      >
        Discard
      </button>
      <button
        type="button"
        className="btn p"
        data-focus-first
        onClick={() => {
          close();
          void savePlugin().then((isSaved) => isSaved && proceed());
        }}
      >
        Save
      </button>
    </Question>
  );
}

function Question({ label, text, children }: { label: string; text: string; children: ReactNode }) {
  return (
    <Sheet label={label} width={400} onClose={close}>
      <div className="plugins-question">
        <h2>{label}</h2>
        <p className="t2">{text}</p>
        <div className="plugins-question-buttons">
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          {children}
        </div>
      </div>
    </Sheet>
  );
}
