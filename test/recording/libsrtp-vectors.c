/* Packets that libsrtp protects, with what they were before; and the other way, packets that libsrtp shall open.
 *
 *   libsrtp-vectors             writes the cases as JSON
 *   libsrtp-vectors verify      reads lines from standard input, says which packets libsrtp opens to what they should be
 *
 * Lines to verify, fields separated by a blank, octets in hexadecimal, `-` for none:
 *   case NAME SUITE MASTER-KEY-AND-SALT MKI SSRC ROLLOVER-COUNTER EXTENSION-IDS
 *   rtp PROTECTED PLAIN
 *   rtcp PROTECTED PLAIN
 */
#include <srtp2/srtp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_OCTETS 2048
#define MOST_LINE 16384
#define MOST_IDS 8

typedef void (*set_policy)(srtp_crypto_policy_t *);

static void null_sha1_32(srtp_crypto_policy_t *policy) {
  srtp_crypto_policy_set_null_cipher_hmac_sha1_80(policy);
  policy->auth_tag_len = 4;
}

/* RTCP keeps the long tag where RTP has the short one (RFC 5764 section 4.1.2). */
static const struct suite {
  const char *name;
  set_policy rtp;
  set_policy rtcp;
  int key_and_salt_octets;
} suites[] = {
    {"AES_CM_128_HMAC_SHA1_80", srtp_crypto_policy_set_rtp_default,
     srtp_crypto_policy_set_rtp_default, 30},
    {"AES_CM_128_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32,
     srtp_crypto_policy_set_rtp_default, 30},
    {"AES_192_CM_HMAC_SHA1_80", srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80,
     srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80, 38},
    {"AES_192_CM_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_192_hmac_sha1_32,
     srtp_crypto_policy_set_aes_cm_192_hmac_sha1_80, 38},
    {"AES_256_CM_HMAC_SHA1_80", srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80, 46},
    {"AES_256_CM_HMAC_SHA1_32", srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80, 46},
    {"AEAD_AES_128_GCM", srtp_crypto_policy_set_aes_gcm_128_16_auth, srtp_crypto_policy_set_aes_gcm_128_16_auth, 28},
    {"AEAD_AES_256_GCM", srtp_crypto_policy_set_aes_gcm_256_16_auth, srtp_crypto_policy_set_aes_gcm_256_16_auth, 44},
    {"NULL_HMAC_SHA1_80", srtp_crypto_policy_set_null_cipher_hmac_sha1_80,
     srtp_crypto_policy_set_null_cipher_hmac_sha1_80, 30},
    {"NULL_HMAC_SHA1_32", null_sha1_32, srtp_crypto_policy_set_null_cipher_hmac_sha1_80, 30},
    {"AES_CM_128_NULL_AUTH", srtp_crypto_policy_set_aes_cm_128_null_auth,
     srtp_crypto_policy_set_rtp_default, 30},
    {"AES_256_CM_NULL_AUTH", srtp_crypto_policy_set_aes_cm_256_null_auth,
     srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80, 46},
};
#define SUITES (sizeof suites / sizeof suites[0])

struct session {
  srtp_t srtp;
  bool has_mki;
};

static void must(srtp_err_status_t status, const char *what) {
  if (status == srtp_err_status_ok) return;
  fprintf(stderr, "%s: libsrtp says %d\n", what, status);
  exit(1);
}

static const struct suite *suite_named(const char *name) {
  for (size_t i = 0; i < SUITES; i++)
    if (strcmp(suites[i].name, name) == 0) return &suites[i];
  fprintf(stderr, "no suite %s\n", name);
  exit(1);
}

static struct session open_session(const struct suite *suite, uint8_t *key, uint8_t *mki, int mki_octets, uint32_t ssrc,
                                   uint32_t roc, int *ids, int id_count) {
  srtp_policy_t policy = {0};
  srtp_master_key_t master = {.key = key, .mki_id = mki, .mki_size = (unsigned int)mki_octets};
  srtp_master_key_t *masters[] = {&master};
  suite->rtp(&policy.rtp);
  suite->rtcp(&policy.rtcp);
  policy.ssrc.type = ssrc_specific;
  policy.ssrc.value = ssrc;
  if (mki_octets > 0) {
    policy.keys = masters;
    policy.num_master_keys = 1;
  } else {
    policy.key = key;
  }
  policy.window_size = 1024;
  policy.enc_xtn_hdr = ids;
  policy.enc_xtn_hdr_count = id_count;
  struct session session = {.has_mki = mki_octets > 0};
  must(srtp_create(&session.srtp, &policy), "srtp_create");
  must(srtp_set_stream_roc(session.srtp, ssrc, roc), "srtp_set_stream_roc");
  return session;
}

static void put32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static void print_hex(const uint8_t *octets, int count) {
  for (int i = 0; i < count; i++) printf("%02x", octets[i]);
}

static void print_pair(bool is_first, const uint8_t *plain, int plain_octets, const uint8_t *made, int made_octets) {
  printf("%s\n      [\"", is_first ? "" : ",");
  print_hex(plain, plain_octets);
  printf("\", \"");
  print_hex(made, made_octets);
  printf("\"]");
}

/* The nth packet of a case: contributing sources, either form of header extension, padding, and lengths around a block. */
static int make_rtp(uint8_t *packet, int nth, uint32_t ssrc) {
  static const int payloads[] = {160, 0, 1, 15, 16, 17, 33, 80};
  int payload = payloads[nth % 8];
  int at = 12;
  bool has_sources = nth % 3 == 1;
  int extension = nth % 4 == 1 || nth % 4 == 2 ? nth % 4 : 0;
  bool is_padded = nth % 8 == 7;
  packet[0] = (uint8_t)(0x80 | (has_sources ? 2 : 0) | (extension ? 0x10 : 0) | (is_padded ? 0x20 : 0));
  packet[1] = nth == 0 ? 0x88 : 0x08;
  uint16_t sequence = (uint16_t)(65533 + nth);
  packet[2] = (uint8_t)(sequence >> 8);
  packet[3] = (uint8_t)sequence;
  put32(packet + 4, 1000u + 160u * (uint32_t)nth);
  put32(packet + 8, ssrc);
  if (has_sources) {
    put32(packet + at, 0x01020304);
    put32(packet + at + 4, 0xa0b0c0d0);
    at += 8;
  }
  if (extension == 1) {
    /* One-byte form: id 1 of one octet, id 3 of four, padding, id 5 of two. */
    static const uint8_t elements[] = {0xbe, 0xde, 0, 3, 0x10, 0x9a, 0x33, 1, 2, 3, 4, 0, 0x51, 0xee, 0xff, 0};
    memcpy(packet + at, elements, sizeof elements);
    at += (int)sizeof elements;
  } else if (extension == 2) {
    /* Two-byte form: id 1 of none, id 3 of five octets, id 5 of one. */
    static const uint8_t elements[] = {0x10, 0, 0, 3, 1, 0, 3, 5, 9, 8, 7, 6, 5, 5, 1, 0x77};
    memcpy(packet + at, elements, sizeof elements);
    at += (int)sizeof elements;
  }
  for (int i = 0; i < payload; i++) packet[at + i] = (uint8_t)(0xd5 ^ (i * 7 + nth));
  at += payload;
  if (is_padded) {
    memset(packet + at, 0, 4);
    packet[at + 3] = 4;
    at += 4;
  }
  return at;
}

/* A sender report, and behind it every other time a source description. */
static int make_rtcp(uint8_t *packet, int nth, uint32_t ssrc) {
  packet[0] = 0x80;
  packet[1] = 200;
  packet[2] = 0;
  packet[3] = 6;
  put32(packet + 4, ssrc);
  for (uint32_t word = 2; word < 7; word++) put32(packet + 4 * word, 0x11111111u * word + (uint32_t)nth);
  if (nth % 2 == 0) return 28;
  static const uint8_t name[] = {0x81, 202, 0, 4, 0, 0, 0, 0, 1, 5, 'a', '@', 'b', '.', 'c', 0, 0, 0, 0, 0};
  memcpy(packet + 28, name, sizeof name);
  put32(packet + 32, ssrc);
  return 28 + (int)sizeof name;
}

static void write_case(bool is_first, const char *name, const struct suite *suite, int mki_octets, uint32_t roc, int *ids,
                       int id_count, int packets) {
  static uint32_t ssrc = 0x0badcafe;
  uint8_t key[64];
  uint8_t mki[] = {0xe1, 0xf9, 0x7a, 0x0d};
  ssrc += 0x01010101;
  for (int i = 0; i < suite->key_and_salt_octets; i++) key[i] = (uint8_t)(i * 37 + (int)(ssrc & 0xff) + (i >> 3));
  struct session session = open_session(suite, key, mki, mki_octets, ssrc, roc, ids, id_count);
  printf("%s\n  {\n    \"name\": \"%s\",\n    \"suite\": \"%s\",\n    \"keyAndSalt\": \"", is_first ? "" : ",", name,
         suite->name);
  print_hex(key, suite->key_and_salt_octets);
  printf("\",\n    \"mki\": \"");
  print_hex(mki, mki_octets);
  printf("\",\n    \"roc\": %u,\n    \"encryptedExtensions\": [", roc);
  for (int i = 0; i < id_count; i++) printf("%s%d", i ? ", " : "", ids[i]);
  printf("],\n    \"rtp\": [");
  uint8_t plain[MOST_OCTETS];
  uint8_t made[MOST_OCTETS];
  for (int nth = 0; nth < packets; nth++) {
    int octets = make_rtp(plain, nth, ssrc);
    int made_octets = octets;
    memcpy(made, plain, (size_t)octets);
    must(srtp_protect_mki(session.srtp, made, &made_octets, session.has_mki, 0), "srtp_protect");
    print_pair(nth == 0, plain, octets, made, made_octets);
  }
  printf("\n    ],\n    \"rtcp\": [");
  for (int nth = 0; nth < 3; nth++) {
    int octets = make_rtcp(plain, nth, ssrc);
    int made_octets = octets;
    memcpy(made, plain, (size_t)octets);
    must(srtp_protect_rtcp_mki(session.srtp, made, &made_octets, session.has_mki, 0), "srtp_protect_rtcp");
    print_pair(nth == 0, plain, octets, made, made_octets);
  }
  printf("\n    ]\n  }");
  must(srtp_dealloc(session.srtp), "srtp_dealloc");
}

static void write_cases(void) {
  int ids[] = {1, 3};
  printf("{\n\"libsrtp\": \"%s\",\n\"cases\": [", srtp_get_version_string());
  for (size_t i = 0; i < SUITES; i++) write_case(i == 0, "plain", &suites[i], 0, 0, NULL, 0, 8);
  const char *some[] = {"AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"};
  for (size_t i = 0; i < sizeof some / sizeof some[0]; i++) {
    const struct suite *suite = suite_named(some[i]);
    write_case(false, "mki", suite, 4, 0, NULL, 0, 5);
    write_case(false, "roc 5", suite, 0, 5, NULL, 0, 5);
    write_case(false, "roc 70", suite, 0, 70, NULL, 0, 5);
    write_case(false, "roc 40000", suite, 0, 40000, NULL, 0, 5);
    write_case(false, "encrypted extensions", suite, 0, 0, ids, 2, 8);
  }
  write_case(false, "encrypted extensions", suite_named("AES_256_CM_HMAC_SHA1_80"), 0, 0, ids, 2, 8);
  printf("\n]\n}\n");
}

static int octets_of(const char *text, uint8_t *octets) {
  if (strcmp(text, "-") == 0) return 0;
  int count = (int)strlen(text) / 2;
  for (int i = 0; i < count && i < MOST_OCTETS; i++) {
    unsigned int octet = 0;
    sscanf(text + 2 * i, "%2x", &octet);
    octets[i] = (uint8_t)octet;
  }
  return count < MOST_OCTETS ? count : MOST_OCTETS;
}

static int verify(void) {
  static char line[MOST_LINE], name[256], suite[256], first[MOST_LINE], second[MOST_LINE], list[256];
  struct session session = {0};
  int good = 0;
  int bad = 0;
  while (fgets(line, sizeof line, stdin)) {
    unsigned int ssrc, roc;
    if (sscanf(line, "case %255s %255s %16383s %16383s %x %u %255s", name, suite, first, second, &ssrc, &roc, list) == 7) {
      static uint8_t key[MOST_OCTETS], mki[MOST_OCTETS];
      int ids[MOST_IDS];
      int id_count = 0;
      for (char *id = strtok(list, ","); id && id[0] != '-' && id_count < MOST_IDS; id = strtok(NULL, ","))
        ids[id_count++] = atoi(id);
      octets_of(first, key);
      int mki_octets = octets_of(second, mki);
      if (session.srtp) must(srtp_dealloc(session.srtp), "srtp_dealloc");
      session = open_session(suite_named(suite), key, mki, mki_octets, ssrc, roc, id_count ? ids : NULL, id_count);
      continue;
    }
    if (sscanf(line, "%255s %16383s %16383s", list, first, second) != 3) continue;
    static uint8_t packet[MOST_OCTETS], plain[MOST_OCTETS];
    int octets = octets_of(first, packet);
    int plain_octets = octets_of(second, plain);
    srtp_err_status_t status = strcmp(list, "rtp") == 0
                                   ? srtp_unprotect_mki(session.srtp, packet, &octets, session.has_mki)
                                   : srtp_unprotect_rtcp_mki(session.srtp, packet, &octets, session.has_mki);
    bool is_same = status == srtp_err_status_ok && octets == plain_octets && memcmp(packet, plain, (size_t)octets) == 0;
    if (is_same) good++;
    else bad++;
    if (!is_same) printf("%s %s: %s status %d\n", name, suite, list, status);
  }
  printf("%s: %d packets opened as they should be, %d not\n", srtp_get_version_string(), good, bad);
  return bad > 0 || good == 0;
}

int main(int argc, char **argv) {
  must(srtp_init(), "srtp_init");
  if (argc > 1 && strcmp(argv[1], "verify") == 0) return verify();
  write_cases();
  return 0;
}
