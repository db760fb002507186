/** Certificates of DTLS handshakes against the fingerprints that SDP announced (RFC 5763, RFC 8122 section 5). */
import { SDP_COLUMNS } from '../../dissectors/sdp/columns.ts';
import { formatEndpoint } from '../store/addresses.ts';
import type { CaptureStore } from '../store/capture-store.ts';
import type { DtlsCertificate, DtlsSession } from './dtls-session.ts';

/** `unknown`: no certificate was seen, or no SDP of the capture says anything of it. */
export type FingerprintCheck = 'matches' | 'mismatch' | 'unknown';

/** What the SDP of a capture announced. */
export class AnnouncedFingerprints {
  /** `sha-256 AB:CD:…` */
  private readonly all = new Set<string>();
  /** By the address and port that media goes to. */
  private readonly byEndpoint = new Map<string, Set<string>>();
  private readonly store: CaptureStore;

  constructor(store: CaptureStore) {
    this.store = store;
    const sdp = store.layer('sdp', SDP_COLUMNS);
    if (sdp === null) return;
    const { fingerprint, address, port } = sdp.rows.columns;
    for (let row = 0; row < sdp.count; row++) {
      if (fingerprint.get(row) === 0) continue;
      const value = normal(store.strings.text(fingerprint.get(row)));
      this.all.add(value);
      const endpoint = formatEndpoint(store.strings.text(address.get(row)), port.get(row));
      const known = this.byEndpoint.get(endpoint);
      if (known === undefined) this.byEndpoint.set(endpoint, new Set([value]));
      else known.add(value);
    }
  }

  /**
   * Each side's certificate: by what was announced for its own address and port; where nothing was (addresses of ICE
   * candidates, relays), whether any SDP has its fingerprint.
   */
  check(session: DtlsSession): { readonly client: FingerprintCheck; readonly server: FingerprintCheck } {
    const { flows } = this.store;
    const { clientFlow, serverFlow, certificates } = session;
    const client = clientFlow !== 0 ? flows.sourceEndpoint(clientFlow) : flows.destinationEndpoint(serverFlow);
    const server = serverFlow !== 0 ? flows.sourceEndpoint(serverFlow) : flows.destinationEndpoint(clientFlow);
    return {
      client: this.checkSide(client, certificates.client[0]),
      server: this.checkSide(server, certificates.server[0]),
    };
  }

  private checkSide(endpoint: string, certificate: DtlsCertificate | undefined): FingerprintCheck {
    if (certificate === undefined) return 'unknown';
    const own = Object.entries(certificate.fingerprints).map(([hash, value]) => `${hash} ${value}`);
    if (own.some((value) => this.all.has(value))) return 'matches';
    const known = this.byEndpoint.get(endpoint) ?? new Set<string>();
    return [...known].some((value) => own.some((mine) => hashOf(mine) === hashOf(value))) ? 'mismatch' : 'unknown';
  }
}

function normal(fingerprint: string): string {
  const [hash = '', value = ''] = fingerprint.trim().split(/\s+/);
  return `${hash.toLowerCase()} ${value.toUpperCase()}`;
}

function hashOf(fingerprint: string): string {
  return fingerprint.split(' ')[0];
}
