import { useId } from 'react';
import type { CandidateType, IcePairRow, IceSessionRow, TurnAllocationRow } from '../../../shared/ice.ts';
import { countOf, formatCount, formatNumber } from '../../model/format/numbers.ts';
import { go } from '../../model/navigate.ts';
import { useApp } from '../../model/store.ts';
import { SeverityGlyph } from '../../widgets/severity.tsx';
import { orderedPairs, PAIR_GLYPHS, pairWords, wayWords } from './ice-words.ts';
import { showPacket } from './packet-links.tsx';

/** More than anybody reads; the rest is counted. */
const MOST_SHOWN = 100;
const MOST_WAYS = 8;

/** The candidate pairs that were checked, and where media really went. */
export function PairTable({
  session,
  allocations,
}: {
  session: IceSessionRow;
  allocations: readonly TurnAllocationRow[];
}) {
  const title = useId();
  const pairs = orderedPairs(session);
  const hidden = pairs.length - MOST_SHOWN;
  const refused = allocations.find(({ relayedAddress, outcome }) => relayedAddress === null && outcome === 'failed');
  return (
    <section aria-labelledby={title}>
      <div className="ph">
        <h2 id={title}>Candidate pairs</h2>
        <Fragments session={session} />
      </div>
      <table className="grid ice-pairs">
        <colgroup>
          <col className="ice-c-state" />
          <col className="ice-c-end" />
          <col className="ice-c-end" />
          <col className="ice-c-requests" />
          <col className="ice-c-responses" />
          <col className="ice-c-rtt" />
          <col />
        </colgroup>
        <thead>
          <tr>
            <th>State</th>
            <th>Local</th>
            <th>Remote</th>
            <th className="num">
              Requests<span className="ice-narrow"> / resp.</span>
            </th>
            <th className="num ice-c-responses">Responses</th>
            <th className="num ice-c-rtt">RTT ms</th>
            <th>Why</th>
          </tr>
        </thead>
        <tbody>
          {pairs.slice(0, MOST_SHOWN).map((pair) => (
            <Pair
              key={`${pair.component} ${pair.transport} ${pair.local} ${pair.remote}`}
              session={session}
              pair={pair}
            />
          ))}
          {pairs.length === 0 && (
            <tr className="t3">
              <td>
                <span className="cell">
                  <SeverityGlyph severity="incomplete" label="" />
                  none
                </span>
              </td>
              <td colSpan={6}>No connectivity check is in the capture.</td>
            </tr>
          )}
          {refused !== undefined && (
            <tr className="t3">
              <td>
                <span className="cell">
                  <SeverityGlyph severity="incomplete" label="" />
                  none
                </span>
              </td>
              <td className="m">
                <Candidate type="relay" address="not gathered" />
              </td>
              <td className="m">—</td>
              <td className="m num">—</td>
              <td className="m num ice-c-responses">—</td>
              <td className="m num ice-c-rtt">—</td>
              <td title={refused.verdict}>{refused.verdict}</td>
            </tr>
          )}
          {hidden > 0 && (
            <tr className="t3">
              <td colSpan={7}>and {formatCount(hidden)} more pairs</td>
            </tr>
          )}
        </tbody>
      </table>
      <MediaWay session={session} />
    </section>
  );
}

function Fragments({ session }: { session: IceSessionRow }) {
  const { local, remote, roles, restarts } = session;
  const last = restarts.at(-1);
  const pairOf = (a: string | null, b: string | null): string => `${a ?? '?'}:${b ?? '?'}`;
  return (
    <span className="t3 ice-note trunc">
      {(local.ufrag !== null || remote.ufrag !== null) && (
        <>
          ufrag <span className="mono">{pairOf(local.ufrag, remote.ufrag)}</span>
        </>
      )}
      {last !== undefined && (
        <>
          , restarted{restarts.length > 1 ? ` ${restarts.length} times, at last` : ''} as{' '}
          <span className="mono">{pairOf(last.localUfrag, last.remoteUfrag)}</span>
        </>
      )}
      {roles.local !== null && `, local ${roles.local}`}
      {(local.isLite || remote.isLite) && `, ${local.isLite ? 'local' : 'remote'} side is ICE lite`}
    </span>
  );
}

function Pair({ session, pair }: { session: IceSessionRow; pair: IcePairRow }) {
  const isAtHand = useApp(({ place }) => place.packet !== null && pair.packets.includes(place.packet));
  const { local, remote, localType, remoteType, requests, responses, errors, roundTripMs, why, packets } = pair;
  const words = pairWords(session, pair);
  const [first] = packets;
  const tone = responses === 0 && requests > 0 ? 'err' : '';
  const about = [why ?? '', errors > 0 ? countOf(errors, 'error') : ''];
  return (
    <tr className={isAtHand ? 'sel idle' : ''}>
      <td>
        <span className="cell">
          <SeverityGlyph severity={PAIR_GLYPHS[pair.state]} label="" />
          {first === undefined ? (
            words
          ) : (
            <button
              type="button"
              className={words === 'selected' ? 'ice-pair strong' : 'ice-pair'}
              title={`Its first packet, #${first}`}
              onClick={() => showPacket(first)}
            >
              {words}
            </button>
          )}
        </span>
      </td>
      <td className="m">
        <Candidate type={localType} address={local} />
      </td>
      <td className="m">
        <Candidate type={remoteType} address={remote} />
      </td>
      <td className="m num">
        {formatCount(requests)}
        <span className={`ice-narrow ${tone}`}> / {formatCount(responses)}</span>
      </td>
      <td className={`m num ice-c-responses ${tone}`}>{formatCount(responses)}</td>
      <td className={`m num ice-c-rtt ${roundTripMs === null ? 't3' : ''}`}>{formatNumber(roundTripMs, 1)}</td>
      <td className="t2" title={why ?? ''}>
        {about.filter((text) => text !== '').join(', ')}
      </td>
    </tr>
  );
}

export function Candidate({ type, address }: { type: CandidateType | null; address: string }) {
  return (
    <span className="cell" title={address}>
      <span className="chip ice-type">{type ?? '?'}</span>
      <span className="trunc">{address}</span>
    </span>
  );
}

/** Where media went, against the pair that was agreed on. */
function MediaWay({ session }: { session: IceSessionRow }) {
  const { media } = session;
  if (media.length === 0) return null;
  return (
    <ul className="ice-media" aria-label="Where media went">
      {media.slice(0, MOST_WAYS).map((way) => {
        const { glyph, words } = wayWords(session, way);
        return (
          <li key={`${way.local} ${way.remote}`}>
            <SeverityGlyph severity={glyph} label="" />
            <span className="trunc">
              Media went <span className="mono">{way.local}</span> ↔ <span className="mono">{way.remote}</span>, {words}
            </span>
            <span className="sp" />
            {way.streams.slice(0, 4).map((stream) => (
              <button
                type="button"
                className="link"
                key={stream}
                onClick={() => go({ view: 'streams', stream, detail: 'stream' })}
              >
                Stream {stream.slice(1)}
              </button>
            ))}
          </li>
        );
      })}
    </ul>
  );
}
