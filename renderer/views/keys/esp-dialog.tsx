import './key-dialog.css';
import './esp-dialog.css';
import { type FormEvent, useId, useState } from 'react';
import { isCancelled } from '../../client/client.ts';
import { sentenceOf } from '../../client/use-query.ts';
import { addEspSas } from '../../model/secrets.ts';
import { update } from '../../model/store.ts';
import { Sheet } from '../../widgets/dialog/sheet.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { SeverityGlyph } from '../../widgets/severity.tsx';

const EXAMPLE = '0x12345678=aes-cbc:00112233…,hmac-sha1-96:0123…\n10.0.0.1,10.0.0.2,0x12345679=aes-gcm:0011…';

/** Enters the security associations of an ESP tunnel, one on each line. */
export function EspDialog() {
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const id = useId();
  const lines = linesOf(text);
  const close = (): void => update({ overlay: null });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (lines.length === 0 || isBusy) return;
    setBusy(true);
    setRefusal(null);
    try {
      await addEspSas(lines);
      close();
    } catch (error) {
      setRefusal(isCancelled(error) ? 'Reading again was cancelled: the SAs are not used.' : sentenceOf(error));
      setBusy(false);
    }
  };
  return (
    <Sheet label="Enter ESP SAs" width={600} onClose={close}>
      <form className="key-dialog" onSubmit={(event) => void submit(event)}>
        <header>
          <h2>Enter ESP SAs</h2>
          <span className="sp" />
          <button type="button" className="btn g sq" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <div className="key-dialog-fields">
          <label htmlFor={id} className="t2">
            One on each line, both directions: SPI=CIPHER:KEY,AUTH:KEY, or a line of Wireshark’s file esp_sa
          </label>
          <textarea
            id={id}
            className="mono esp-dialog-text"
            rows={5}
            value={text}
            placeholder={EXAMPLE}
            spellCheck={false}
            autoComplete="off"
            data-focus-first=""
            aria-invalid={refusal !== null}
            {...(refusal === null ? {} : { 'aria-describedby': `${id}-error` })}
            onChange={({ target }) => {
              setText(target.value);
              setRefusal(null);
            }}
          />
          {refusal !== null && (
            <p className="key-field-error err" id={`${id}-error`} role="alert">
              <SeverityGlyph severity="error" label="" />
              {refusal}
            </p>
          )}
        </div>
        <footer>
          <span className="t3">Kept in memory while this window is open, and nowhere else.</span>
          <span className="sp" />
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button type="submit" className="btn p" disabled={lines.length === 0 || isBusy}>
            {isBusy ? 'Reading again…' : 'Use them'}
          </button>
        </footer>
      </form>
    </Sheet>
  );
}

/** Without empty lines and notes. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
