import './detail.css';
import './message.css';
import { useMemo, useRef, useState } from 'react';
import type { MessageView } from '../../shared/engine-api.ts';
import { useQuery } from '../client/use-query.ts';
import { keep } from '../model/settings.ts';
import { useApp } from '../model/store.ts';
import { Icon } from '../widgets/icon.tsx';
import { copyText } from './clipboard.ts';
import { DetailEmpty } from './detail-empty.tsx';
import { type EditorHandle, MessageDiff, MessageText } from './message-editor.tsx';
import { pairsOf } from './message-pairs.ts';
import { CompareSelect } from './compare-select.tsx';
import { usePacketCommands } from './packet-steps.ts';
import { type Monaco, useMonaco } from './use-monaco.ts';

/** What to compare with stays chosen from one packet to the next: `previous`, `nextHop`, … or a packet number. */
let lastCompared = '';

/** The SIP messages of the packet at hand as text, and what differs from another message of the call. */
export function MessagePanel() {
  usePacketCommands();
  const packet = useApp((state) => state.place.packet);
  const { data, error, isLoading } = useQuery('packet.messages', packet === null ? null : { packet });
  const messages = packet === null ? null : data;
  return (
    <section className="detail" aria-label="Message">
      {packet === null && (
        <DetailEmpty
          title="No packet selected"
          text="Select a message in the ladder or a SIP packet to read it here."
        />
      )}
      {packet !== null && error !== null && (
        <DetailEmpty severity="error" title={`The message of packet ${packet} cannot be read`} text={error} />
      )}
      {error === null && messages !== null && messages.length === 0 && !isLoading && (
        <DetailEmpty
          title={`Packet ${packet} holds no SIP message`}
          text="Select an arrow of the ladder, or filter packets by sip. The Packet tab shows all fields of this one."
        />
      )}
      {error === null && messages !== null && messages.length > 0 && <Messages messages={messages} />}
    </section>
  );
}

function Messages({ messages }: { messages: readonly MessageView[] }) {
  const { monaco, failed } = useMonaco();
  const [choice, setChoice] = useState(0);
  const [compared, setCompared] = useState(lastCompared);
  const [isSideBySide, setSideBySide] = useKept('message.sideBySide', false);
  const [isWrapped, setWrapped] = useKept('message.wrap', true);
  const handle = useRef<EditorHandle | null>(null);
  const setHandle = useRef((next: EditorHandle) => {
    handle.current = next;
  }).current;
  const index = Math.min(choice, messages.length - 1);
  const message = messages[index];
  const call = useQuery('packet.get', { packet: message.packet }).data?.call ?? null;
  const callMessages = useQuery('call.get', call === null ? null : { call }).data?.messages;
  const pairs = useMemo(() => pairsOf(callMessages ?? [], message.packet), [callMessages, message.packet]);
  const other = packetOf(compared, pairs);
  const otherMessages = useQuery('packet.messages', other === null ? null : { packet: other }).data;
  // A packet may hold several: the one of the same name is meant.
  const before = otherMessages?.find(({ label }) => label === message.label) ?? otherMessages?.[0] ?? null;

  return (
    <>
      <div className="ph">
        {messages.length > 1 ? (
          <select
            className="message-select"
            aria-label="Message of the packet"
            value={index}
            onChange={(event) => setChoice(Number(event.target.value))}
          >
            {messages.map(({ label }, at) => (
              <option key={at} value={at}>
                {at + 1} of {messages.length}: {label}
              </option>
            ))}
          </select>
        ) : (
          <h2 className="mono trunc">{message.label}</h2>
        )}
        <span className="sp" />
        <button type="button" className="btn g" aria-pressed={isWrapped} onClick={() => setWrapped(!isWrapped)}>
          Wrap
        </button>
        <button type="button" className="btn g" disabled={monaco === null} onClick={() => handle.current?.find()}>
          <Icon name="search" small /> Find
        </button>
        <button type="button" className="btn g" onClick={() => void copyText(message.text, 'The message')}>
          <Icon name="copy" small /> Copy
        </button>
      </div>
      <div className="ph message-compare">
        <Icon name="diff" small />
        <CompareSelect
          pairs={pairs}
          value={other === null ? '' : compared}
          onChange={(value) => {
            lastCompared = value;
            setCompared(value);
          }}
        />
        <span className="sp" />
        {other !== null && (
          <div className="seg" role="group" aria-label="Arrangement">
            <button
              type="button"
              className={isSideBySide ? '' : 'on'}
              aria-pressed={!isSideBySide}
              onClick={() => setSideBySide(false)}
            >
              Inline
            </button>
            <button
              type="button"
              className={isSideBySide ? 'on' : ''}
              aria-pressed={isSideBySide}
              onClick={() => setSideBySide(true)}
            >
              Side by side
            </button>
          </div>
        )}
      </div>
      {message.isBinary && <p className="message-note t2">Octets that are no UTF-8 are shown as �.</p>}
      {failed && <p className="message-note t2">The editor could not be loaded: the text is shown plainly.</p>}
      <Shown
        monaco={monaco}
        message={message}
        before={other === null ? null : (before?.text ?? '')}
        isWrapped={isWrapped}
        isSideBySide={isSideBySide}
        onReady={setHandle}
      />
    </>
  );
}

function Shown({
  monaco,
  message,
  before,
  isWrapped,
  isSideBySide,
  onReady,
}: {
  monaco: Monaco | null;
  message: MessageView;
  before: string | null;
  isWrapped: boolean;
  isSideBySide: boolean;
  onReady: (handle: EditorHandle) => void;
}) {
  const label = `${message.label}, packet ${message.packet}`;
  if (monaco === null) {
    return (
      <pre className={`message-plain mono${isWrapped ? ' message-wrap' : ''}`} tabIndex={0} aria-label={label}>
        {message.text}
      </pre>
    );
  }
  const common = { monaco, label, isWrapped, onReady };
  return before === null ? (
    <MessageText {...common} text={message.text} />
  ) : (
    // Monaco wraps the left side only in an editor that was made side by side.
    <MessageDiff
      key={String(isSideBySide)}
      {...common}
      before={before}
      after={message.text}
      isSideBySide={isSideBySide}
    />
  );
}

function packetOf(compared: string, pairs: ReturnType<typeof pairsOf>): number | null {
  switch (compared) {
    case 'previous':
    case 'nextHop':
    case 'earlierHop':
    case 'repeated':
      return pairs[compared]?.packet ?? null;
    default:
      return pairs.all.find(({ packet }) => String(packet) === compared)?.packet ?? null;
  }
}

function useKept(name: string, first: boolean): [boolean, (value: boolean) => void] {
  const kept = useApp((state) => state.settings[name]);
  return [typeof kept === 'boolean' ? kept : first, (value) => keep({ [name]: value })];
}
