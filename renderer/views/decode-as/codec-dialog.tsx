import './decode-as.css';
import { type FormEvent, useId, useState } from 'react';
import type { SavedRule } from '../../../shared/decode-as.ts';
import type { StreamListRow } from '../../../shared/engine-api.ts';
import { isCancelled } from '../../client/client.ts';
import { sentenceOf, useQuery } from '../../client/use-query.ts';
import { copyText } from '../../detail/clipboard.ts';
import { setRules } from '../../model/decode-as.ts';
import { countOf } from '../../model/format/numbers.ts';
import { update, useApp } from '../../model/store.ts';
import { Sheet } from '../../widgets/dialog/sheet.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { ApplyFoot } from './apply-foot.tsx';
import { type CodecForm, type CodecScope, codecParts, codecText, withCodec } from './codec-form.ts';
import { CodecList } from './codec-list.tsx';
import { FieldLine } from './rule-fields.tsx';
import { optionText } from './rule-form.ts';
import { faultText } from './trial-text.ts';
import { useRuleTrials } from './use-rule-trials.ts';

/** A codec that is none of those that can be decoded. */
const OTHER = 'other';

/** Says what a payload type means: for one stream, for this capture, or for all. */
export function CodecDialog() {
  const stream = useApp((state) => state.codecStart?.stream ?? null);
  const type = useApp((state) => state.codecStart?.payloadType ?? null);
  const { data: row } = useQuery('stream.get', stream === null ? null : { stream });
  const { data: kept, error } = useQuery('decodeAs.rules', {});
  const { data: choices } = useQuery('decodeAs.choices', {});
  const isReady = kept !== null && choices !== null && (stream === null || row !== null);
  return (
    <Sheet label="Codec of a payload type" width={600} onClose={() => update({ overlay: null })}>
      {error !== null && <p className="decode-none err">{error}</p>}
      {isReady && (
        <CodecFields row={stream === null ? null : row} type={type} codecs={kept.codecs} known={choices.codecs} />
      )}
    </Sheet>
  );
}

function CodecFields({
  row,
  type,
  codecs,
  known,
}: {
  row: StreamListRow | null;
  /** The one it is about; null to choose. */
  type: number | null;
  codecs: readonly SavedRule[];
  known: readonly string[];
}) {
  const hasCapture = useApp(({ capture }) => capture.status === 'open');
  const [form, setForm] = useState<CodecForm>(() => formOf(row, type, known, hasCapture));
  const [isOther, setOther] = useState(() => !known.some((text) => isSame(text, form)));
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const ids = { type: useId(), codec: useId(), scope: useId() };
  const ssrc = row?.ssrc ?? '';
  const text = codecText(form, ssrc);
  const trials = useRuleTrials('codecs', [text]);
  const trial = trials.get(text) ?? null;
  const fault = trial === null || trial.error === null ? null : faultText(trial.error);
  const change = (part: Partial<CodecForm>): void => setForm({ ...form, ...part });

  const set = async (list: readonly SavedRule[], done: string, isLast: boolean): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    try {
      await setRules('codecs', list, done);
      if (isLast) update({ overlay: null });
    } catch (problem) {
      setRefusal(
        isCancelled(problem) ? 'Reading again was cancelled: the codecs are what they were.' : sentenceOf(problem),
      );
    }
    setBusy(false);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text === '' || fault !== null || isBusy) return;
    const scope = form.scope === 'user' ? 'user' : 'capture';
    void set(withCodec(codecs, text, scope), `Payload type ${form.payloadType} is ${form.name}`, true);
  };
  return (
    <form className="decode is-codec" onSubmit={submit}>
      <header>
        <h2>{row === null ? 'Codec of a payload type' : `Codec of payload type ${form.payloadType}`}</h2>
        {row !== null && <span className="mono t2 trunc">{row.ssrc}</span>}
        <span className="sp" />
        <button type="button" className="btn g sq" aria-label="Close" onClick={() => update({ overlay: null })}>
          <Icon name="close" />
        </button>
      </header>
      <CodecList codecs={codecs} isBusy={isBusy} onChange={(list, done) => void set(list, done, false)} />
      <section className="decode-fields" aria-label="Codec">
        <FieldLine label="Payload type" id={ids.type} error={null}>
          {row !== null && row.payloadTypes.length > 1 ? (
            <select
              id={ids.type}
              className="decode-input is-short mono"
              value={form.payloadType}
              onChange={({ target }) => change({ payloadType: target.value })}
            >
              {row.payloadTypes.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          ) : (
            <input
              id={ids.type}
              className="decode-input is-short mono num"
              inputMode="numeric"
              placeholder="96"
              value={form.payloadType}
              onChange={({ target }) => change({ payloadType: target.value })}
            />
          )}
          <span className="t2 trunc">{row === null ? '' : nowText(row)}</span>
        </FieldLine>
        <FieldLine label="Codec" id={ids.codec} error={text === '' ? null : fault}>
          <select
            id={ids.codec}
            className="decode-input"
            data-focus-first
            value={isOther ? OTHER : (known.find((one) => isSame(one, form)) ?? OTHER)}
            onChange={({ target }) => {
              setOther(target.value === OTHER);
              if (target.value !== OTHER) change(codecParts(target.value));
            }}
          >
            {known.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
            <option value={OTHER}>Another rate, channels or name…</option>
          </select>
        </FieldLine>
        {isOther && (
          <FieldLine label="Written" error={null}>
            <CodecInput label="Name" value={form.name} onChange={(name) => change({ name })} />
            <CodecInput label="Rate" unit="Hz" value={form.rate} onChange={(rate) => change({ rate })} />
            <CodecInput label="Channels" value={form.channels} onChange={(channels) => change({ channels })} />
          </FieldLine>
        )}
        <FieldLine label="For" error={null}>
          {row !== null && <Scope name={ids.scope} is="ssrc" form={form} onChange={change} label="This SSRC" />}
          {hasCapture && <Scope name={ids.scope} is="capture" form={form} onChange={change} label="This capture" />}
          <Scope name={ids.scope} is="user" form={form} onChange={change} label="Every capture" />
        </FieldLine>
        <div className="decode-result">
          <code className="mono">{text === '' ? '—' : text}</code>
          <button
            type="button"
            className="btn g"
            disabled={text === ''}
            title={optionText('--codec', text)}
            onClick={() => void copyText(optionText('--codec', text), 'The codec as an option of the command')}
          >
            <Icon name="copy" small />
            Copy as command-line option
          </button>
          <p role="status" className="t2">
            {text === '' ? 'Enter payload type and codec.' : trial === null ? 'Counting…' : packetsText(trial.packets)}
          </p>
        </div>
      </section>
      <ApplyFoot
        label="Apply"
        hint={
          hasCapture
            ? 'The capture is read again; what is heard follows.'
            : 'It counts for captures opened from now on.'
        }
        refusal={refusal}
        isReady={text !== '' && fault === null}
        isBusy={isBusy}
      />
    </form>
  );
}

function CodecInput({
  label,
  unit = '',
  value,
  onChange,
}: {
  label: string;
  unit?: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <label className="decode-part t2">
      {label}
      <input
        className="decode-input mono"
        value={value}
        spellCheck={false}
        onChange={({ target }) => onChange(target.value)}
      />
      {unit}
    </label>
  );
}

function Scope({
  name,
  is,
  form,
  label,
  onChange,
}: {
  name: string;
  is: CodecScope;
  form: CodecForm;
  label: string;
  onChange: (change: Partial<CodecForm>) => void;
}) {
  return (
    <label className="decode-radio">
      <input type="radio" name={name} checked={form.scope === is} onChange={() => onChange({ scope: is })} />
      {label}
    </label>
  );
}

/** What it is taken for now, where that can be told; else the first dynamic one is as good as any. */
function formOf(
  row: StreamListRow | null,
  chosen: number | null,
  known: readonly string[],
  hasCapture: boolean,
): CodecForm {
  const type = chosen ?? row?.payloadTypes[0];
  const now = row?.codec == null ? null : `${row.codec}/${row.clockRate ?? 8000}/${row.channels ?? 1}`;
  const parts = codecParts(now ?? known.find((text) => text.startsWith('opus')) ?? 'PCMU/8000');
  const scope = row !== null ? 'ssrc' : hasCapture ? 'capture' : 'user';
  return { payloadType: type === undefined ? '' : String(type), ...parts, scope };
}

function isSame(text: string, { name, rate, channels }: CodecForm): boolean {
  const parts = codecParts(text);
  const many = channels.trim() === '' ? '1' : channels.trim();
  return parts.name.toLowerCase() === name.toLowerCase() && parts.rate === rate && parts.channels === many;
}

function nowText({ codec, codecGuessed }: StreamListRow): string {
  if (codec === null) return 'nothing says what it is';
  return codecGuessed === true
    ? `nothing says what it is; taken for ${codec} by its packets`
    : `the stream is taken for ${codec}`;
}

function packetsText(packets: number): string {
  if (packets < 0) return '';
  return packets === 0
    ? 'No stream of this capture has packets of this type.'
    : `${countOf(packets, 'packet')} of this capture ${packets === 1 ? 'has' : 'have'} this type.`;
}
