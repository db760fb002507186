import { useState } from 'react';
import { ask } from '../client/client.ts';
import { go } from '../model/navigate.ts';
import { getState, update, useApp } from '../model/store.ts';
import { Icon } from '../widgets/icon.tsx';
import { parseTime } from './parse-time.ts';

/** Goes to the packet captured at a time of day (`14:32:08.4`) or so many seconds from the start (`+12.5`, `12.5`). */
export function GoToTime() {
  const status = useApp((state) => state.capture.status);
  const [text, setText] = useState('');
  const [isBad, setBad] = useState(false);
  const submit = async (): Promise<void> => {
    const { capture, timeZone } = getState();
    const start = capture.status === 'open' ? capture.result.info.firstTime : null;
    const time = start === null ? null : parseTime(text, start, timeZone);
    const packet = time === null ? null : await ask('packet.at', { time });
    setBad(packet === null);
    if (time === null) update({ notice: 'A time is written as 14:32:08.4, or +12.5 for seconds from the start.' });
    else if (packet === null) update({ notice: 'The capture ends before that time.' });
    else
      go({ packet, detail: 'packet', ...(getState().place.view === 'overview' ? { view: 'packets' as const } : {}) });
  };
  return (
    <div className={isBad ? 'field go-time is-bad' : 'field go-time'}>
      <Icon name="clock" />
      <input
        id="go-to-time"
        value={text}
        disabled={status !== 'open'}
        placeholder="Go to time"
        aria-label="Go to time: time of day, or seconds from the start"
        aria-invalid={isBad}
        title="14:32:08.4, or +12.5 for seconds from the start"
        onChange={({ target }) => {
          setText(target.value);
          setBad(false);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void submit();
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
    </div>
  );
}
