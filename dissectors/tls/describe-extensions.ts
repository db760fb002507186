/** Hello extensions in the detail tree: RFC 8446, section 4.2, and the documents that define them. */
import { HandshakeType } from './handshake.ts';
import { ExtensionType } from './hello.ts';
import { formatExtension, formatGroup, formatSignatureScheme, formatSrtpProfile, formatVersion } from './names.ts';
import type { Span, VectorField } from './span.ts';

/** Adds the list of extensions that is left of a message, with its length. `message` is the handshake type. */
export function describeExtensions(span: Span, message: number): void {
  if (span.left === 0) return;
  span.vector(16, lengthOf('handshake.extensions_length', 'Extensions length'), (list) => {
    while (list.left >= 4) describeExtension(list, message);
  });
}

function describeExtension(list: Span, message: number): void {
  const type = list.data.u16(list.at);
  const length = list.data.u16(list.at + 2);
  list.group('handshake.extension', 'Extension', 4 + length, formatExtension(type), (extension) => {
    extension.u16('handshake.extension.type', 'Type', formatExtension);
    extension.vector(16, lengthOf('handshake.extension.len', 'Length'), (data) => {
      if (data.left > 0) describeData(data, type, message);
      data.rest('handshake.extension.data', 'Data');
    });
  });
}

function describeData(data: Span, type: number, message: number): void {
  const isClient = message === HandshakeType.ClientHello;
  switch (type) {
    case ExtensionType.ServerName:
      return describeServerName(data);
    case ExtensionType.SupportedGroups:
      return data.vector(16, lengthOf('handshake.extensions_supported_groups_length', 'Groups length'), (list) => {
        while (list.left >= 2) list.u16('handshake.extensions_supported_group', 'Group', formatGroup);
      });
    case ExtensionType.EcPointFormats:
      return data.vector(8, lengthOf('handshake.extensions_ec_point_formats_length', 'Formats length'), (list) => {
        while (list.left > 0) list.u8('handshake.extensions_ec_point_format', 'EC point format', pointFormat);
      });
    case ExtensionType.SignatureAlgorithms:
    case ExtensionType.SignatureAlgorithmsCert:
      return describeSignatureAlgorithms(data);
    case ExtensionType.UseSrtp:
      return describeUseSrtp(data);
    case ExtensionType.Alpn:
      return describeAlpn(data);
    case ExtensionType.SupportedVersions:
      return isClient ? describeVersions(data) : describeVersion(data);
    case ExtensionType.KeyShare:
      return describeKeyShare(data, isClient);
    case ExtensionType.PreSharedKey:
      return isClient ? describePsk(data) : data.u16('handshake.extensions.psk.identity.selected', 'Selected identity');
    case ExtensionType.PskKeyExchangeModes:
      return data.vector(8, lengthOf('extension.psk_ke_modes_length', 'Modes length'), (list) => {
        while (list.left > 0) list.u8('extension.psk_ke_mode', 'PSK key exchange mode', pskMode);
      });
    case ExtensionType.Cookie:
      return data.vector(16, lengthOf('handshake.extensions.cookie_len', 'Cookie length'), (cookie) => {
        cookie.rest('handshake.extensions.cookie', 'Cookie');
      });
    case ExtensionType.ConnectionId:
    case ExtensionType.OldConnectionId:
      return data.vector(8, lengthOf('connection_id_length', 'Connection ID length'), (identifier) => {
        identifier.rest('connection_id', 'Connection ID');
      });
    case ExtensionType.RenegotiationInfo:
      return data.vector(8, lengthOf('handshake.extensions_reneg_info_len', 'Length'), (info) => {
        info.rest('handshake.extensions_reneg_info', 'Renegotiation info');
      });
    case ExtensionType.RecordSizeLimit:
      return data.u16('record_size_limit', 'Record size limit');
    case ExtensionType.EarlyData:
      return data.u32('early_data.max_early_data_size', 'Maximum early data size');
    case ExtensionType.Padding:
      return data.rest('handshake.extensions_padding_data', 'Padding');
    default:
  }
}

/** RFC 6066, section 3. */
function describeServerName(data: Span): void {
  data.vector(16, lengthOf('handshake.extensions_server_name_list_len', 'List length'), (list) => {
    while (list.left >= 3) {
      list.u8('handshake.extensions_server_name_type', 'Type', (type) => (type === 0 ? 'host_name' : ''));
      list.vector(16, lengthOf('handshake.extensions_server_name_len', 'Length'), (name) => {
        name.restText('handshake.extensions_server_name', 'Server name');
      });
    }
  });
}

/** Also in CertificateRequest of 1.2 (RFC 5246, section 7.4.1.4.1). */
export function describeSignatureAlgorithms(data: Span): void {
  data.vector(16, lengthOf('handshake.sig_hash_alg_len', 'Algorithms length'), (list) => {
    while (list.left >= 2) list.u16('handshake.sig_hash_alg', 'Signature algorithm', formatSignatureScheme);
  });
}

/** RFC 5764, section 4.1.1. */
function describeUseSrtp(data: Span): void {
  data.vector(16, lengthOf('use_srtp.protection_profiles_length', 'Profiles length'), (list) => {
    while (list.left >= 2) list.u16('use_srtp.protection_profile', 'SRTP protection profile', formatSrtpProfile);
  });
  data.vector(8, lengthOf('use_srtp.mki_length', 'MKI length'), (mki) => {
    mki.rest('use_srtp.mki', 'MKI');
  });
}

/** RFC 7301, section 3.1. */
function describeAlpn(data: Span): void {
  data.vector(16, lengthOf('handshake.extensions_alpn_len', 'List length'), (list) => {
    while (list.left > 0) {
      list.vector(8, lengthOf('handshake.extensions_alpn_str_len', 'Length'), (name) => {
        name.restText('handshake.extensions_alpn_str', 'Protocol');
      });
    }
  });
}

function describeVersions(data: Span): void {
  data.vector(8, lengthOf('handshake.extensions.supported_versions_len', 'Versions length'), (list) => {
    while (list.left >= 2) describeVersion(list);
  });
}

function describeVersion(data: Span): void {
  data.u16('handshake.extensions.supported_version', 'Supported version', formatVersion);
}

/** RFC 8446, section 4.2.8: a list from the client, a share from the server, a group in a HelloRetryRequest. */
function describeKeyShare(data: Span, isClient: boolean): void {
  if (isClient) {
    data.vector(16, lengthOf('handshake.extensions_key_share_client_length', 'Shares length'), (list) => {
      while (list.left >= 4) describeShare(list);
    });
  } else if (data.left === 2) {
    data.u16('handshake.extensions_key_share_selected_group', 'Selected group', formatGroup);
  } else {
    describeShare(data);
  }
}

function describeShare(list: Span): void {
  const group = list.data.u16(list.at);
  list.group(
    'handshake.extensions_key_share',
    'Key share',
    4 + list.data.u16(list.at + 2),
    formatGroup(group),
    (share) => {
      share.u16('handshake.extensions_key_share_group', 'Group', formatGroup);
      share.vector(16, lengthOf('handshake.extensions_key_share_key_exchange_length', 'Length'), (key) => {
        key.rest('handshake.extensions_key_share_key_exchange', 'Key exchange');
      });
    },
  );
}

/** RFC 8446, section 4.2.11. */
function describePsk(data: Span): void {
  data.vector(16, lengthOf('handshake.extensions.psk.identities.length', 'Identities length'), (list) => {
    while (list.left >= 2) {
      list.vector(16, lengthOf('handshake.extensions.psk.identity.identity_length', 'Identity length'), (identity) => {
        identity.rest('handshake.extensions.psk.identity.identity', 'Identity');
      });
      list.u32('handshake.extensions.psk.identity.obfuscated_ticket_age', 'Obfuscated ticket age');
    }
  });
  data.vector(16, lengthOf('handshake.extensions.psk.binders_len', 'Binders length'), (binders) => {
    binders.rest('handshake.extensions.psk.binders', 'Binders');
  });
}

function pointFormat(code: number): string {
  return ['uncompressed', 'ansiX962_compressed_prime', 'ansiX962_compressed_char2'][code] ?? '';
}

function pskMode(code: number): string {
  return ['psk_ke', 'psk_dhe_ke'][code] ?? '';
}

function lengthOf(name: string, label: string): VectorField {
  return { name, label };
}
