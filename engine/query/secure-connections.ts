import { hexOf } from '../../base/octet-text.ts';
import { cipherSuiteName } from '../../dissectors/tls/cipher-suites.ts';
import { formatAlert, formatSrtpProfile, formatVersion } from '../../dissectors/tls/names.ts';
import { suiteByProfile } from '../../media/srtp/suites.ts';
import type { SecureConnectionRow } from '../../shared/engine-api.ts';
import type { Capture } from '../capture.ts';
import type { FlowTable } from '../store/flow-table.ts';
import { hasSrtpSecret, labelOf, possibleProfiles } from '../tls/dtls-keys.ts';
import type { DtlsSession } from '../tls/dtls-session.ts';
import { AnnouncedFingerprints } from '../tls/fingerprints.ts';
import { TLS_1_3, type TlsConnection } from '../tls/tls-connection.ts';

/** First octets of a client random that a row shows: enough to find the line in a log. */
const RANDOM_SHOWN_BYTES = 8;
/** Alert level (RFC 5246 section 7.2). */
const FATAL = 2;

type State = Pick<SecureConnectionRow, 'state' | 'advice'>;

/** TLS and DTLS connections in order of their first packet. Secrets are never in them. */
export function secureConnections(capture: Capture): SecureConnectionRow[] {
  const { flows } = capture.store;
  const fingerprints = new AnnouncedFingerprints(capture.store);
  return [
    ...capture.pass.tls.connections.map((connection) => tlsRow(connection, flows)),
    ...capture.dtls.sessions.map((session) => dtlsRow(capture, session, fingerprints)),
  ]
    .toSorted((a, b) => a.packet - b.packet)
    .map((row, i) => ({ ...row, id: `n${i + 1}` }));
}

function tlsRow(connection: TlsConnection, flows: FlowTable): SecureConnectionRow {
  const { client, sides, serverHello, clientHello, clientRandom, version } = connection;
  // Where no hello was seen, who spoke first.
  const first = client ?? sides[0];
  const second = first === sides[0] ? sides[1] : sides[0];
  const ends = endsOf(flows, first.flow, second.flow);
  return {
    id: '',
    protocol: 'TLS',
    version: version === 0 ? null : formatVersion(version),
    ...ends,
    cipherSuite: serverHello === null ? null : suiteName(serverHello.cipherSuite),
    serverName: clientHello === null || clientHello.serverName === '' ? null : clientHello.serverName,
    ...tlsState(connection),
    srtpProfile: null,
    packet: connection.firstFrame + 1,
    clientRandom: shownRandom(clientRandom),
  };
}

function tlsState(connection: TlsConnection): State {
  const { clientHello, serverHello, version, isUnsupported, hasSecret, openedRecords, failedRecords } = connection;
  if (openedRecords > 0) return { state: 'opened', advice: openedAdvice(connection) };
  if (clientHello === null) {
    return { state: 'incomplete', advice: 'Its beginning was not captured, so no key log can open it.' };
  }
  if (serverHello === null) {
    return { state: 'incomplete', advice: "The server's answer was not captured, so no key log can open it." };
  }
  if (isUnsupported) {
    const what = `${formatVersion(version)} with ${suiteName(serverHello.cipherSuite)}`;
    return { state: 'failed', advice: `${what} cannot be decrypted here.` };
  }
  if (hasSecret !== true) {
    const labels = version === TLS_1_3 ? ['CLIENT_TRAFFIC_SECRET_0', 'SERVER_TRAFFIC_SECRET_0'] : ['CLIENT_RANDOM'];
    return { state: 'no-secret', advice: missingLines(labels, clientHello.random) };
  }
  return failedRecords > 0
    ? { state: 'failed', advice: 'The key log has a secret for it, and with it no record authenticates.' }
    : { state: 'opened', advice: null };
}

function openedAdvice({ hasEarlyData, failedRecords }: TlsConnection): string | null {
  if (failedRecords > 0) {
    return `${failedRecords} ${failedRecords === 1 ? 'record' : 'records'} did not authenticate and stayed closed.`;
  }
  return hasEarlyData ? "The client's early data (0-RTT) stayed closed." : null;
}

function dtlsRow(capture: Capture, session: DtlsSession, fingerprints: AnnouncedFingerprints): SecureConnectionRow {
  const { version, cipherSuite, serverName, srtpProfile, firstFrame, clientRandom } = session;
  return {
    id: '',
    protocol: 'DTLS',
    version: version === 0 ? null : formatVersion(version),
    ...endsOf(capture.store.flows, session.clientFlow, session.serverFlow),
    cipherSuite: cipherSuite === null ? null : suiteName(cipherSuite.id),
    serverName: serverName === '' ? null : serverName,
    ...dtlsState(capture, session, fingerprints),
    srtpProfile: srtpProfile === null ? null : formatSrtpProfile(srtpProfile),
    packet: firstFrame + 1,
    clientRandom: shownRandom(clientRandom),
  };
}

function dtlsState(capture: Capture, session: DtlsSession, fingerprints: AnnouncedFingerprints): State {
  const { clientRandom, serverRandom, isComplete, alerts } = session;
  const alert = alerts.find(({ level }) => level === FATAL);
  if (alert !== undefined && !isComplete) {
    const who = alert.fromClient ? 'client' : 'server';
    return { state: 'failed', advice: `The ${who} ended the handshake: ${formatAlert(alert.description)}.` };
  }
  if (clientRandom === null) {
    return { state: 'incomplete', advice: "The client's hello was not captured, so no key log can open it." };
  }
  if (serverRandom === null) {
    return { state: 'incomplete', advice: "The server's hello was not captured, so no key log can open it." };
  }
  const profiles = possibleProfiles(session);
  if (profiles.length > 0 && profiles.every((profile) => suiteByProfile(profile) === null)) {
    return { state: 'failed', advice: `${profiles.map(formatSrtpProfile).join(', ')} cannot be decrypted here.` };
  }
  const { client, server } = fingerprints.check(session);
  const strange = client === 'mismatch' ? 'client' : server === 'mismatch' ? 'server' : null;
  const warning =
    strange === null ? null : `The ${strange}'s certificate has another fingerprint than its SDP announced.`;
  if (hasSrtpSecret(session, capture.keyLog)) {
    // Its own data stay closed; what it agreed on keys for is opened.
    return profiles.length > 0
      ? { state: 'opened', advice: warning }
      : { state: 'failed', advice: 'It agreed on no keys for SRTP, and what else it carries is not decrypted.' };
  }
  if (session.finishedFrame < 0) {
    return { state: 'incomplete', advice: 'Its handshake does not come to an end in the capture.' };
  }
  const missing = wantedLine(session);
  return { state: 'no-secret', advice: warning === null ? missing : `${warning} ${missing}` };
}

/** The line of a key log that opens what a DTLS handshake agreed on: a sentence. */
export function wantedLine({ version, clientRandom }: DtlsSession): string {
  return clientRandom === null ? '' : missingLines([labelOf(version)], clientRandom);
}

function missingLines(labels: readonly string[], clientRandom: Uint8Array): string {
  const random = `${shownRandom(clientRandom)}…`;
  return labels.length === 1
    ? `A line ${labels[0]} ${random} in a key log opens it.`
    : `Lines ${labels.join(' and ')} ${random} in a key log open it.`;
}

/** Where one direction was not seen, the other's addresses turned round. */
function endsOf(flows: FlowTable, client: number, server: number): { client: string; server: string } {
  return {
    client: client !== 0 ? flows.sourceEndpoint(client) : flows.destinationEndpoint(server),
    server: server !== 0 ? flows.sourceEndpoint(server) : flows.destinationEndpoint(client),
  };
}

function suiteName(code: number): string {
  return cipherSuiteName(code) || `0x${code.toString(16).padStart(4, '0')}`;
}

function shownRandom(random: Uint8Array | null): string | null {
  return random === null ? null : hexOf(random.subarray(0, RANDOM_SHOWN_BYTES));
}
