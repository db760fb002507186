/* Other people's codecs, from standard input to standard output, for make-fixtures.sh: bcg729, spandsp, opencore-amr, vo-amrwbenc, libopus. */
#include <bcg729/decoder.h>
#include <bcg729/encoder.h>
#include <opencore-amrnb/interf_dec.h>
#include <opencore-amrnb/interf_enc.h>
#include <opencore-amrwb/dec_if.h>
#include <opus/opus.h>
#include <spandsp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vo-amrwbenc/enc_if.h>

static const int narrow[16] = {12, 13, 15, 17, 19, 20, 26, 31, 5};
static const int wide[16] = {17, 23, 32, 36, 40, 46, 50, 58, 60, 5};

static void encode(int is_wide, int mode, int dtx) {
  int count = is_wide ? 320 : 160;
  short samples[320];
  unsigned char frame[64];
  void *state = is_wide ? E_IF_init() : Encoder_Interface_init(dtx);
  while (fread(samples, 2, count, stdin) == (size_t)count) {
    int length = is_wide ? E_IF_encode(state, mode, samples, frame, dtx)
                         : Encoder_Interface_Encode(state, mode, samples, frame, 0);
    fwrite(frame, 1, length, stdout);
  }
}

static void decode(int is_wide) {
  short samples[320];
  unsigned char frame[64];
  void *state = is_wide ? D_IF_init() : Decoder_Interface_init();
  for (int first; (first = getchar()) != EOF;) {
    int length = (is_wide ? wide : narrow)[first >> 3 & 15];
    frame[0] = first;
    if (fread(frame + 1, 1, length, stdin) != (size_t)length) return;
    if (is_wide) D_IF_decode(state, frame, samples, 0);
    else Decoder_Interface_Decode(state, frame, samples, 0);
    fwrite(samples, 2, is_wide ? 320 : 160, stdout);
  }
}

static void g726(int bits_per_second, int is_high_first) {
  static unsigned char octets[1 << 16];
  static short samples[1 << 18];
  int length = fread(octets, 1, sizeof octets, stdin);
  int packing = is_high_first ? G726_PACKING_LEFT : G726_PACKING_RIGHT;
  g726_state_t *state = g726_init(NULL, bits_per_second, G726_ENCODING_LINEAR, packing);
  fwrite(samples, 2, g726_decode(state, samples, octets, length), stdout);
}

/* With pauses each frame has its length before it: 10 octets, 2 where noise begins or changes, 0 where it goes on. */
static void encode_g729(int has_pauses) {
  bcg729EncoderChannelContextStruct *state = initBcg729EncoderChannel(has_pauses);
  int16_t samples[80];
  uint8_t frame[15], length;
  while (fread(samples, 2, 80, stdin) == 80) {
    bcg729Encoder(state, samples, frame, &length);
    if (has_pauses) putchar(length);
    fwrite(frame, 1, length, stdout);
  }
}

static void decode_g729(int has_pauses) {
  bcg729DecoderChannelContextStruct *state = initBcg729DecoderChannel();
  int16_t samples[80];
  uint8_t frame[15];
  for (int length = 10, in_pause = 0;;) {
    if (has_pauses && (length = getchar()) == EOF) return;
    if (fread(frame, 1, length, stdin) != (size_t)length) return;
    if (length > 0) in_pause = length == 2;
    bcg729Decoder(state, frame, length, length == 0 && !in_pause, in_pause, 0, samples);
    fwrite(samples, 2, 80, stdout);
  }
}

/* Packets of one length, of 20 ms at 48 kHz each. Those in `lost` do not come; the one after may repeat them. Writes what is heard of these. */
static void decode_opus(int length, int uses_repetition, int count, char **lost) {
  static unsigned char packets[200][256];
  static short samples[5760];
  char is_lost[200] = {0};
  int total = 0;
  OpusDecoder *state = opus_decoder_create(48000, 1, NULL);
  while (total < 200 && fread(packets[total], 1, length, stdin) == (size_t)length) total++;
  for (int i = 0; i < count; i++) is_lost[atoi(lost[i])] = 1;
  for (int i = 0; i < total; i++) {
    int given;
    if (!is_lost[i]) given = opus_decode(state, packets[i], length, samples, 5760, 0);
    else if (uses_repetition && !is_lost[i + 1]) given = opus_decode(state, packets[i + 1], length, samples, 960, 1);
    else given = opus_decode(state, NULL, 0, samples, 960, 0);
    if (is_lost[i]) fwrite(samples, 2, given, stdout);
  }
}

int main(int count, char **words) {
  if (count < 2) return 2;
  if (strcmp(words[1], "g726") == 0) g726(atoi(words[2]), strcmp(words[3], "high") == 0);
  else if (strcmp(words[1], "encode-g729") == 0) encode_g729(atoi(words[2]));
  else if (strcmp(words[1], "decode-g729") == 0) decode_g729(atoi(words[2]));
  else if (strcmp(words[1], "decode-opus") == 0) decode_opus(atoi(words[2]), atoi(words[3]), count - 4, words + 4);
  else if (strncmp(words[1], "encode-", 7) == 0) encode(words[1][7] == 'w', atoi(words[2]), atoi(words[3]));
  else decode(words[1][7] == 'w');
  return 0;
}
