/** What the numbers of TLS and DTLS are called: IANA's registries "TLS Parameters" and "TLS Extensions". */
import { cipherSuiteName } from './cipher-suites.ts';

type Names = Readonly<Record<number, string>>;

const VERSIONS: Names = {
  0x0300: 'SSL 3.0',
  0x0301: 'TLS 1.0',
  0x0302: 'TLS 1.1',
  0x0303: 'TLS 1.2',
  0x0304: 'TLS 1.3',
  0x0100: 'DTLS 1.0 (OpenSSL pre 0.9.8f)',
  0xfeff: 'DTLS 1.0',
  0xfefd: 'DTLS 1.2',
  0xfefc: 'DTLS 1.3',
};

const CONTENT_TYPES: Names = {
  20: 'Change Cipher Spec',
  21: 'Alert',
  22: 'Handshake',
  23: 'Application Data',
  24: 'Heartbeat',
  25: 'Connection ID',
  26: 'ACK',
};

const HANDSHAKE_TYPES: Names = {
  0: 'Hello Request',
  1: 'Client Hello',
  2: 'Server Hello',
  3: 'Hello Verify Request',
  4: 'New Session Ticket',
  5: 'End of Early Data',
  6: 'Hello Retry Request',
  8: 'Encrypted Extensions',
  9: 'Request Connection ID',
  10: 'New Connection ID',
  11: 'Certificate',
  12: 'Server Key Exchange',
  13: 'Certificate Request',
  14: 'Server Hello Done',
  15: 'Certificate Verify',
  16: 'Client Key Exchange',
  17: 'Client Certificate Request',
  20: 'Finished',
  21: 'Client Certificate URL',
  22: 'Certificate Status',
  23: 'Supplemental Data',
  24: 'Key Update',
  25: 'Compressed Certificate',
  67: 'Encrypted Extensions (next protocol)',
};

const EXTENSIONS: Names = {
  0: 'server_name',
  1: 'max_fragment_length',
  2: 'client_certificate_url',
  3: 'trusted_ca_keys',
  4: 'truncated_hmac',
  5: 'status_request',
  6: 'user_mapping',
  7: 'client_authz',
  8: 'server_authz',
  9: 'cert_type',
  10: 'supported_groups',
  11: 'ec_point_formats',
  12: 'srp',
  13: 'signature_algorithms',
  14: 'use_srtp',
  15: 'heartbeat',
  16: 'application_layer_protocol_negotiation',
  17: 'status_request_v2',
  18: 'signed_certificate_timestamp',
  19: 'client_certificate_type',
  20: 'server_certificate_type',
  21: 'padding',
  22: 'encrypt_then_mac',
  23: 'extended_master_secret',
  24: 'token_binding',
  25: 'cached_info',
  27: 'compress_certificate',
  28: 'record_size_limit',
  34: 'delegated_credential',
  35: 'session_ticket',
  41: 'pre_shared_key',
  42: 'early_data',
  43: 'supported_versions',
  44: 'cookie',
  45: 'psk_key_exchange_modes',
  47: 'certificate_authorities',
  48: 'oid_filters',
  49: 'post_handshake_auth',
  50: 'signature_algorithms_cert',
  51: 'key_share',
  52: 'transparency_info',
  53: 'connection_id (deprecated)',
  54: 'connection_id',
  55: 'external_id_hash',
  56: 'external_session_id',
  57: 'quic_transport_parameters',
  58: 'ticket_request',
  59: 'dnssec_chain',
  0x3374: 'next_protocol_negotiation',
  0x4469: 'application_settings',
  0x44cd: 'application_settings',
  0xfe0d: 'encrypted_client_hello',
  0xff01: 'renegotiation_info',
};

const GROUPS: Names = {
  19: 'secp192r1',
  20: 'secp224k1',
  21: 'secp224r1',
  22: 'secp256k1',
  23: 'secp256r1',
  24: 'secp384r1',
  25: 'secp521r1',
  26: 'brainpoolP256r1',
  27: 'brainpoolP384r1',
  28: 'brainpoolP512r1',
  29: 'x25519',
  30: 'x448',
  31: 'brainpoolP256r1tls13',
  32: 'brainpoolP384r1tls13',
  33: 'brainpoolP512r1tls13',
  41: 'curveSM2',
  0x100: 'ffdhe2048',
  0x101: 'ffdhe3072',
  0x102: 'ffdhe4096',
  0x103: 'ffdhe6144',
  0x104: 'ffdhe8192',
  0x200: 'MLKEM512',
  0x201: 'MLKEM768',
  0x202: 'MLKEM1024',
  0x11eb: 'SecP256r1MLKEM768',
  0x11ec: 'X25519MLKEM768',
  0x11ed: 'SecP384r1MLKEM1024',
  0x6399: 'X25519Kyber768Draft00',
  0xff01: 'arbitrary_explicit_prime_curves',
  0xff02: 'arbitrary_explicit_char2_curves',
};

const SIGNATURE_SCHEMES: Names = {
  0x0101: 'rsa_md5',
  0x0201: 'rsa_pkcs1_sha1',
  0x0202: 'dsa_sha1',
  0x0203: 'ecdsa_sha1',
  0x0301: 'rsa_sha224',
  0x0302: 'dsa_sha224',
  0x0303: 'ecdsa_sha224',
  0x0401: 'rsa_pkcs1_sha256',
  0x0402: 'dsa_sha256',
  0x0403: 'ecdsa_secp256r1_sha256',
  0x0501: 'rsa_pkcs1_sha384',
  0x0502: 'dsa_sha384',
  0x0503: 'ecdsa_secp384r1_sha384',
  0x0601: 'rsa_pkcs1_sha512',
  0x0602: 'dsa_sha512',
  0x0603: 'ecdsa_secp521r1_sha512',
  0x0708: 'sm2sig_sm3',
  0x0804: 'rsa_pss_rsae_sha256',
  0x0805: 'rsa_pss_rsae_sha384',
  0x0806: 'rsa_pss_rsae_sha512',
  0x0807: 'ed25519',
  0x0808: 'ed448',
  0x0809: 'rsa_pss_pss_sha256',
  0x080a: 'rsa_pss_pss_sha384',
  0x080b: 'rsa_pss_pss_sha512',
  0x081a: 'ecdsa_brainpoolP256r1tls13_sha256',
  0x081b: 'ecdsa_brainpoolP384r1tls13_sha384',
  0x081c: 'ecdsa_brainpoolP512r1tls13_sha512',
};

const ALERTS: Names = {
  0: 'Close Notify',
  1: 'End of Early Data',
  10: 'Unexpected Message',
  20: 'Bad Record MAC',
  21: 'Decryption Failed',
  22: 'Record Overflow',
  30: 'Decompression Failure',
  40: 'Handshake Failure',
  41: 'No Certificate',
  42: 'Bad Certificate',
  43: 'Unsupported Certificate',
  44: 'Certificate Revoked',
  45: 'Certificate Expired',
  46: 'Certificate Unknown',
  47: 'Illegal Parameter',
  48: 'Unknown CA',
  49: 'Access Denied',
  50: 'Decode Error',
  51: 'Decrypt Error',
  52: 'Too Many CIDs Requested',
  60: 'Export Restriction',
  70: 'Protocol Version',
  71: 'Insufficient Security',
  80: 'Internal Error',
  86: 'Inappropriate Fallback',
  90: 'User Canceled',
  100: 'No Renegotiation',
  109: 'Missing Extension',
  110: 'Unsupported Extension',
  111: 'Certificate Unobtainable',
  112: 'Unrecognized Name',
  113: 'Bad Certificate Status Response',
  114: 'Bad Certificate Hash Value',
  115: 'Unknown PSK Identity',
  116: 'Certificate Required',
  120: 'No Application Protocol',
  121: 'ECH Required',
};

const ALERT_LEVELS: Names = { 1: 'Warning', 2: 'Fatal' };

/** RFC 5764, section 4.1.2; 7714, section 14.2; 8723, section 10; 8269, section 7. */
const SRTP_PROFILES: Names = {
  0x0001: 'SRTP_AES128_CM_HMAC_SHA1_80',
  0x0002: 'SRTP_AES128_CM_HMAC_SHA1_32',
  0x0005: 'SRTP_NULL_HMAC_SHA1_80',
  0x0006: 'SRTP_NULL_HMAC_SHA1_32',
  0x0007: 'SRTP_AEAD_AES_128_GCM',
  0x0008: 'SRTP_AEAD_AES_256_GCM',
  0x0009: 'DOUBLE_AEAD_AES_128_GCM_AEAD_AES_128_GCM',
  0x000a: 'DOUBLE_AEAD_AES_256_GCM_AEAD_AES_256_GCM',
  0x000b: 'SRTP_ARIA_128_CTR_HMAC_SHA1_80',
  0x000c: 'SRTP_ARIA_128_CTR_HMAC_SHA1_32',
  0x000d: 'SRTP_ARIA_256_CTR_HMAC_SHA1_80',
  0x000e: 'SRTP_ARIA_256_CTR_HMAC_SHA1_32',
  0x000f: 'SRTP_AEAD_ARIA_128_GCM',
  0x0010: 'SRTP_AEAD_ARIA_256_GCM',
};

const CLIENT_CERTIFICATE_TYPES: Names = {
  1: 'rsa_sign',
  2: 'dss_sign',
  3: 'rsa_fixed_dh',
  4: 'dss_fixed_dh',
  64: 'ecdsa_sign',
  65: 'rsa_fixed_ecdh',
  66: 'ecdsa_fixed_ecdh',
};

/** Each gives the name of a number, or the number itself in hexadecimal or decimal as it is usually written. */
export const formatVersion = (code: number): string => VERSIONS[code] ?? hex16(code);
export const formatContentType = (code: number): string => CONTENT_TYPES[code] ?? `Content type ${code}`;
export const formatHandshakeType = (code: number): string => HANDSHAKE_TYPES[code] ?? `Handshake type ${code}`;
export const formatAlert = (code: number): string => ALERTS[code] ?? `${code}`;
export const formatAlertLevel = (code: number): string => ALERT_LEVELS[code] ?? `${code}`;
export const formatCipherSuite = (code: number): string => cipherSuiteName(code) || greaseOr(code);
export const formatExtension = (code: number): string => EXTENSIONS[code] ?? greaseOr(code);
export const formatGroup = (code: number): string => GROUPS[code] ?? greaseOr(code);
export const formatSignatureScheme = (code: number): string => SIGNATURE_SCHEMES[code] ?? greaseOr(code);
export const formatSrtpProfile = (code: number): string => SRTP_PROFILES[code] ?? hex16(code);
export const formatClientCertificateType = (code: number): string => CLIENT_CERTIFICATE_TYPES[code] ?? `${code}`;

/** Whether a handshake type is one that exists. */
export function isHandshakeType(code: number): boolean {
  return HANDSHAKE_TYPES[code] !== undefined;
}

/** RFC 8701: values that a client offers so that servers keep ignoring what they do not know. */
function greaseOr(code: number): string {
  return (code & 0x0f0f) === 0x0a0a && code >> 8 === (code & 0xff) ? 'GREASE' : hex16(code);
}

function hex16(code: number): string {
  return `0x${code.toString(16).padStart(4, '0')}`;
}
