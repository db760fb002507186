import './esp-dialog.css';
import { useId, useState } from 'react';
import { addEspSas } from '../../model/secrets.ts';
import { FieldError } from './key-fields.tsx';
import { SecretSheet, useSending } from './secret-sheet.tsx';

const EXAMPLE = '0x12345678=aes-cbc:00112233…,hmac-sha1-96:0123…\n10.0.0.1,10.0.0.2,0x12345679=aes-gcm:0011…';

/** Enters the security associations of an ESP tunnel, one on each line. */
export function EspDialog() {
  const [text, setText] = useState('');
  const sending = useSending('Reading again was cancelled: the SAs are not used.');
  const { refusal } = sending;
  const id = useId();
  const lines = linesOf(text);
  return (
    <SecretSheet
      label="Enter ESP SAs"
      use="Use them"
      canUse={lines.length > 0}
      sending={sending}
      onUse={() => addEspSas(lines)}
    >
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
            sending.forgetRefusal();
          }}
        />
        <FieldError id={id} error={refusal} />
      </div>
    </SecretSheet>
  );
}

/** Without empty lines and notes. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
