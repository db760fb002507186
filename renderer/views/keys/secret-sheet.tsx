import './key-dialog.css';
import { type FormEvent, type ReactNode, useState } from 'react';
import { isCancelled } from '../../client/client.ts';
import { sentenceOf } from '../../client/use-query.ts';
import { update } from '../../model/store.ts';
import { Sheet } from '../../widgets/dialog/sheet.tsx';
import { Icon } from '../../widgets/icon.tsx';

/** Secrets on their way to the engine, which reads again with them. */
export interface Sending {
  readonly isBusy: boolean;
  /** Why they were not taken. */
  readonly refusal: string | null;
  readonly forgetRefusal: () => void;
  /** Closes the sheet when `work` is done. */
  readonly send: (work: () => Promise<unknown>) => Promise<void>;
}

/** `cancelled`: what is said where reading again was cancelled. */
export function useSending(cancelled: string): Sending {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const send = async (work: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      await work();
      close();
    } catch (error) {
      setRefusal(isCancelled(error) ? cancelled : sentenceOf(error));
      setBusy(false);
    }
  };
  return { isBusy, refusal, forgetRefusal: () => setRefusal(null), send };
}

interface SecretSheetProps {
  readonly label: string;
  /** What the button that uses them says. */
  readonly use: string;
  readonly canUse: boolean;
  /** The button is set off where it can be used. */
  readonly isAdvised?: boolean;
  readonly sending: Sending;
  /** Gives the engine what was entered. */
  readonly onUse: () => Promise<unknown>;
  readonly children: ReactNode;
}

/** Where secrets are entered: what they are called, the fields, and a button that uses them. */
export function SecretSheet({ label, use, canUse, isAdvised = true, sending, onUse, children }: SecretSheetProps) {
  const { isBusy, send } = sending;
  const isReady = canUse && !isBusy;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady) void send(onUse);
  };
  return (
    <Sheet label={label} width={600} onClose={close}>
      <form className="key-dialog" onSubmit={submit}>
        <header>
          <h2>{label}</h2>
          <span className="sp" />
          <button type="button" className="btn g sq" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        {children}
        <footer>
          <span className="t3">Kept in memory while this window is open, and nowhere else.</span>
          <span className="sp" />
          <button type="button" className="btn" onClick={close}>
            Cancel
          </button>
          <button type="submit" className={isReady && isAdvised ? 'btn p' : 'btn'} disabled={!isReady}>
            {isBusy ? 'Reading again…' : use}
          </button>
        </footer>
      </form>
    </Sheet>
  );
}

function close(): void {
  update({ overlay: null });
}
