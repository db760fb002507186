import { useId } from 'react';
import type { StepPart, TurnAllocationRow, TurnStep } from '../../../shared/ice.ts';
import { formatNumber, UNKNOWN } from '../../model/format/numbers.ts';
import { useApp } from '../../model/store.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { STEP_GLYPHS, STEP_NAMES } from './ice-words.ts';
import { PacketLinks } from './packet-links.tsx';

/** Permissions and channels of many peers are counted beyond these. */
const MOST_PARTS = 8;

/** What TURN's client asked for, step by step, and what came of it. */
export function TurnSteps({ allocation }: { allocation: TurnAllocationRow }) {
  const title = useId();
  const { client, server, transport, steps } = allocation;
  return (
    <section aria-labelledby={title}>
      <div className="ph">
        <h2 id={title}>TURN, step by step</h2>
        <span className="t3 ice-note trunc">
          {client} → {server}, {transport.toUpperCase()}
          {facts(allocation)}
        </span>
      </div>
      <table className="grid ice-steps">
        <colgroup>
          <col style={{ width: 34 }} />
          <col style={{ width: 164 }} />
          <col />
          <col style={{ width: 60 }} />
          <col style={{ width: 132 }} />
        </colgroup>
        <thead>
          <tr>
            <th>
              <span className="hidden-text">Outcome</span>
            </th>
            <th>Step</th>
            <th>What happened</th>
            <th className="num">RTT ms</th>
            <th className="num">Packets</th>
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <Step key={step.step} step={step} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function facts({ username, realm, relayedAddress, lifetimeSeconds }: TurnAllocationRow): string {
  const parts = [
    relayedAddress === null ? '' : `relayed ${relayedAddress}`,
    username === null ? '' : `user ${username}`,
    realm === null ? '' : `realm ${realm}`,
    lifetimeSeconds === null ? '' : `lifetime ${lifetimeSeconds} s`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `; ${parts.join(', ')}`;
}

function Step({ step }: { step: TurnStep }) {
  const hidden = step.parts.length - MOST_PARTS;
  return (
    <>
      <Line part={step} name={STEP_NAMES[step.step]} hasParts={step.parts.length > 0} />
      {step.parts.slice(0, MOST_PARTS).map((part, i) => (
        // Parts have nothing that tells them apart but their order.
        <Line key={i} part={part} name={part.name} isSub />
      ))}
      {hidden > 0 && (
        <tr>
          <td />
          <td className="ice-sub t3">{hidden} more</td>
          <td colSpan={3} />
        </tr>
      )}
    </>
  );
}

function Line({
  part,
  name,
  isSub = false,
  hasParts = false,
}: {
  part: StepPart;
  name: string;
  isSub?: boolean;
  hasParts?: boolean;
}) {
  const packet = useApp((state) => state.place.packet);
  const { outcome, text, roundTripMs, packets } = part;
  const isTried = outcome !== 'not-tried';
  const isAtHand = packet !== null && packets.includes(packet) && !hasParts;
  const tone = isTried ? '' : 't3';
  const isBad = outcome === 'failed' || outcome === 'missing';
  return (
    <tr className={isAtHand ? 'sel idle' : ''}>
      <td>
        <span className="cell">
          <SeverityGlyph severity={STEP_GLYPHS[outcome]} label={outcome.replace('-', ' ')} />
        </span>
      </td>
      <td className={`${isSub ? 'ice-sub t2' : tone} ${isBad && !isSub ? 'strong' : ''}`} title={name}>
        {name}
      </td>
      <td className={isTried ? (isSub ? 't2' : '') : 't3'} title={text}>
        {text}
      </td>
      <td className={`m num ${isTried ? '' : 't3'}`}>
        {roundTripMs === null ? (isTried ? UNKNOWN : '') : formatNumber(roundTripMs, 1)}
      </td>
      <td>
        <span className="cell ice-links">{!hasParts && <PacketLinks packets={packets} />}</span>
      </td>
    </tr>
  );
}
