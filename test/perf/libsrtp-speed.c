/* How fast libsrtp opens packets of 160 octets: prints packets a second, by the processor's time.
 *
 *   libsrtp-speed cm|gcm STREAMS PACKETS
 */
#include <srtp2/srtp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PLAIN_OCTETS 172
#define PLACE_OCTETS 192

static void must(srtp_err_status_t status) {
  if (status == srtp_err_status_ok) return;
  fprintf(stderr, "libsrtp says %d\n", status);
  exit(1);
}

static srtp_t session(srtp_ssrc_type_t type, uint8_t *key, int is_gcm) {
  srtp_policy_t policy = {0};
  if (is_gcm) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
  } else {
    srtp_crypto_policy_set_rtp_default(&policy.rtp);
    srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
  }
  policy.ssrc.type = type;
  policy.key = key;
  policy.window_size = 1024;
  srtp_t made;
  must(srtp_create(&made, &policy));
  return made;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int is_gcm = strcmp(argv[1], "gcm") == 0;
  int streams = atoi(argv[2]);
  int packets = atoi(argv[3]);
  size_t count = (size_t)streams * (size_t)packets;
  uint8_t *octets = calloc(count, PLACE_OCTETS);
  int *lengths = calloc(count, sizeof *lengths);
  srtp_t *receivers = calloc((size_t)streams, sizeof *receivers);
  must(srtp_init());
  for (int stream = 0; stream < streams; stream++) {
    uint8_t key[30];
    memset(key, stream + 1, sizeof key);
    srtp_t sender = session(ssrc_any_outbound, key, is_gcm);
    receivers[stream] = session(ssrc_any_inbound, key, is_gcm);
    for (int nth = 0; nth < packets; nth++) {
      size_t place = (size_t)stream * (size_t)packets + (size_t)nth;
      uint8_t *packet = octets + place * PLACE_OCTETS;
      packet[0] = 0x80;
      packet[1] = 8;
      packet[2] = (uint8_t)(nth >> 8);
      packet[3] = (uint8_t)nth;
      packet[11] = (uint8_t)stream;
      lengths[place] = PLAIN_OCTETS;
      must(srtp_protect(sender, packet, &lengths[place]));
    }
    must(srtp_dealloc(sender));
  }
  clock_t began = clock();
  for (size_t place = 0; place < count; place++)
    must(srtp_unprotect(receivers[place / (size_t)packets], octets + place * PLACE_OCTETS, &lengths[place]));
  printf("%.0f\n", (double)count / ((double)(clock() - began) / CLOCKS_PER_SEC));
  return 0;
}
