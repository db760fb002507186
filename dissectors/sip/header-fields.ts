/** Names of header fields: compact forms, how they are written, and what their detail fields are called. */

const COMPACT: Readonly<Record<string, string>> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  d: 'Request-Disposition',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  j: 'Reject-Contact',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  n: 'Identity-Info',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
  y: 'Identity',
};

/** Every header field that is known by name. */
export const HEADER_NAMES: readonly string[] = [
  'Accept Accept-Contact Accept-Encoding Accept-Language Accept-Resource-Priority Alert-Info Allow Allow-Events',
  'Answer-Mode Authentication-Info Authorization Call-ID Call-Info Contact Content-Disposition Content-Encoding',
  'Content-Language Content-Length Content-Type CSeq Date Diversion Error-Info Event Expires Feature-Caps Flow-Timer',
  'From Geolocation Geolocation-Error Geolocation-Routing History-Info Identity Identity-Info Info-Package',
  'In-Reply-To Join Max-Breadth Max-Forwards MIME-Version Min-Expires Min-SE Organization P-Access-Network-Info',
  'P-Answer-State P-Asserted-Identity P-Asserted-Service P-Associated-URI P-Called-Party-ID P-Charge-Info',
  'P-Charging-Function-Addresses P-Charging-Vector P-Early-Media P-Media-Authorization P-Preferred-Identity',
  'P-Preferred-Service P-Profile-Key P-Served-User P-User-Database P-Visited-Network-ID Path Permission-Missing',
  'Priority Privacy Proxy-Authenticate Proxy-Authorization Proxy-Require RAck Reason Record-Route Recv-Info',
  'Refer-Sub Refer-To Referred-By Reject-Contact Replaces Reply-To Request-Disposition Require Resource-Priority',
  'Retry-After Route RSeq Security-Client Security-Server Security-Verify Server Service-Route Session-Expires',
  'Session-ID SIP-ETag SIP-If-Match Subject Subscription-State Supported Target-Dialog Timestamp To Trigger-Consent',
  'Unsupported User-Agent User-to-User Via Warning WWW-Authenticate',
].flatMap((line) => line.split(' '));
const CANONICAL = new Map(HEADER_NAMES.map((name) => [name.toLowerCase(), name]));

/** The name as its RFC writes it, compact forms written out. A name that is not known stays as it is. */
export function canonicalName(name: string): string {
  const lower = name.toLowerCase();
  return (lower.length === 1 ? COMPACT[lower] : undefined) ?? CANONICAL.get(lower) ?? name;
}

/** Where the machine name is not `sip.` and the header's name. */
const FIELD_NAMES: Readonly<Record<string, string>> = {
  'Identity-Info': 'sip.Identity-info',
  'Referred-By': 'sip.Referred-by',
  'SIP-ETag': 'sip.ETag',
  'SIP-If-Match': 'sip.If_Match',
  'User-to-User': 'sip.uui',
};

/** The machine name of a header field, e.g. `sip.Call-ID`. */
export function headerFieldName(canonical: string): string {
  if (!CANONICAL.has(canonical.toLowerCase())) return 'sip.unrecognized_header';
  return FIELD_NAMES[canonical] ?? `sip.${canonical}`;
}

/** Headers that hold name-addr values: the prefix of their detail fields, and what the URI is called. */
export const PARTY_FIELDS: ReadonlyMap<string, { readonly prefix: string; readonly uri: string }> = new Map([
  ['From', { prefix: 'sip.from', uri: 'addr' }],
  ['To', { prefix: 'sip.to', uri: 'addr' }],
  ['Contact', { prefix: 'sip.contact', uri: 'uri' }],
  ['Route', { prefix: 'sip.Route', uri: 'uri' }],
  ['Record-Route', { prefix: 'sip.Record-Route', uri: 'uri' }],
  ['Service-Route', { prefix: 'sip.Service-Route', uri: 'uri' }],
  ['Path', { prefix: 'sip.Path', uri: 'uri' }],
  ['P-Asserted-Identity', { prefix: 'sip.pai', uri: 'addr' }],
  ['P-Preferred-Identity', { prefix: 'sip.ppi', uri: 'addr' }],
  ['Refer-To', { prefix: 'sip.refer-to', uri: 'uri' }],
  ['Referred-By', { prefix: 'sip.referred-by', uri: 'uri' }],
  ['Diversion', { prefix: 'sip.diversion', uri: 'uri' }],
  ['History-Info', { prefix: 'sip.history-info', uri: 'uri' }],
  ['Reply-To', { prefix: 'sip.reply-to', uri: 'uri' }],
]);

/** Headers whose value is one number. */
export const NUMBER_FIELDS: ReadonlySet<string> = new Set([
  'Content-Length',
  'Expires',
  'Max-Forwards',
  'Min-Expires',
  'RSeq',
  'Max-Breadth',
]);
