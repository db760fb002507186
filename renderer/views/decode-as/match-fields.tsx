import { useId } from 'react';
import type { RuleStart } from '../../model/rule-start.ts';
import { addressOf, type MatchKind, portOf, type RuleForm } from './rule-form.ts';

const KINDS: readonly { kind: MatchKind; label: string }[] = [
  { kind: 'port', label: 'Port' },
  { kind: 'address', label: 'Address' },
  { kind: 'endpoint', label: 'Endpoint' },
  { kind: 'flow', label: 'Flow' },
  { kind: 'ssrc', label: 'SSRC' },
  { kind: 'text', label: 'As text' },
];

/** What the rule goes by, and what the selection has to offer for it. */
export function MatchFields({
  form,
  start,
  hasFault,
  onChange,
}: {
  form: RuleForm;
  start: RuleStart | null;
  hasFault: boolean;
  onChange: (change: Partial<RuleForm>) => void;
}) {
  const name = useId();
  const { match, transport } = form;
  const input = (field: 'port' | 'address' | 'from' | 'to' | 'ssrc' | 'text', label: string, placeholder: string) => (
    <input
      className={field === 'port' ? 'decode-input is-short mono' : 'decode-input mono'}
      aria-label={label}
      aria-invalid={hasFault}
      placeholder={placeholder}
      spellCheck={false}
      value={form[field]}
      {...(field === 'port' || field === 'from' || field === 'ssrc' || field === 'text' || match === 'address'
        ? { 'data-focus-first': '' }
        : {})}
      onChange={({ target }) => onChange({ [field]: target.value })}
    />
  );
  const hasPort = match === 'port' || match === 'endpoint' || match === 'flow';
  return (
    <div className="decode-match">
      <div className="decode-kinds" role="radiogroup" aria-label="Match">
        {KINDS.map(({ kind, label }) => (
          <label key={kind} className={kind === match ? 'on' : ''}>
            <input type="radio" name={name} checked={kind === match} onChange={() => onChange({ match: kind })} />
            {label}
          </label>
        ))}
      </div>
      <div className="decode-line">
        {hasPort && (
          <select
            className="decode-input is-select"
            aria-label="Transport"
            value={transport}
            onChange={({ target }) => onChange({ transport: target.value === 'tcp' ? 'tcp' : 'udp' })}
          >
            <option value="udp">UDP</option>
            <option value="tcp">TCP</option>
          </select>
        )}
        {(match === 'address' || match === 'endpoint') && input('address', 'Address', '10.0.0.1 or 2001:db8::1')}
        {(match === 'port' || match === 'endpoint') && input('port', 'Port', '5000')}
        {match === 'port' && <span className="t2">of either end</span>}
        {match === 'flow' && (
          <>
            {input('from', 'One end', '10.0.0.1:5000')}
            <span className="t2">and</span>
            {input('to', 'The other end', '10.0.0.2:6000')}
          </>
        )}
        {match === 'ssrc' && input('ssrc', 'SSRC', '0x1234abcd')}
        {match === 'text' && input('text', 'Rule', 'udp.port==4500,skip 12,rtp')}
      </div>
      {start !== null && <Offers match={match} start={start} onChange={onChange} />}
    </div>
  );
}

/** The other end of what is selected is a click away. */
function Offers({
  match,
  start,
  onChange,
}: {
  match: MatchKind;
  start: RuleStart;
  onChange: (change: Partial<RuleForm>) => void;
}) {
  if (match !== 'port' && match !== 'address' && match !== 'endpoint') return null;
  const offers = [
    { what: 'source', end: start.source },
    { what: 'destination', end: start.destination },
  ];
  const shown = (end: string): string => (match === 'port' ? portOf(end) : match === 'address' ? addressOf(end) : end);
  return (
    <p className="decode-offers t3">
      Selected:
      {offers.map(({ what, end }) => (
        <span key={what}>
          {what}{' '}
          <button
            type="button"
            className="link mono"
            onClick={() => onChange({ port: portOf(end), address: addressOf(end) })}
          >
            {shown(end)}
          </button>
        </span>
      ))}
    </p>
  );
}
