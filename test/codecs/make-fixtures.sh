#!/bin/sh
# Makes the encoded speech in fixtures/ anew, and what other people's decoders make of it. On Debian 12:
#   apt-get install ffmpeg sox gcc python3 nodejs libbcg729-dev libgsm1 libspandsp-dev libopencore-amrnb-dev libopencore-amrwb-dev libvo-amrwbenc-dev libopus-dev
# Every decoder that is exact is kept as the SHA-256 of its 16-bit samples (fixtures.json), that of Opus as the samples themselves.
set -eu
cd "$(dirname "$0")"
into=$PWD/fixtures
root=$PWD/../..
speech=$PWD/../captures/srtp-sdes-speech.caller.wav
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$into"
cp reference.c "$work"
cd "$work"
gcc -O1 -o reference reference.c -lbcg729 -lspandsp -lopencore-amrnb -lopencore-amrwb -lvo-amrwbenc -lopus -lm
for rate in 8000 16000 32000 48000; do
  sox -D "$speech" -r $rate -c 1 -b 16 -t raw -e signed "s$rate.raw" trim 0.4 1
  sox -D "$speech" -r $rate -c 1 -b 16 "s$rate.wav" trim 0.4 1
done
hash() { printf '  "%s": "%s",\n' "$1" "$(sha256sum < "$2" | cut -d' ' -f1)" >> hashes; }
quiet() { ffmpeg -loglevel error -y "$@"; }

quiet -i s16000.wav -c:a g722 -f g722 "$into/speech.g722"
quiet -f g722 -i "$into/speech.g722" -f s16le out.raw
hash speech.g722 out.raw
for kbits in 16 24 32 40; do
  quiet -i s8000.wav -c:a g726le -b:a ${kbits}k -f g726le "$into/speech.g726-$kbits"
  ./reference g726 ${kbits}000 low < "$into/speech.g726-$kbits" > out.raw
  hash speech.g726-$kbits out.raw
done
quiet -i s8000.wav -c:a g726 -b:a 24k -f g726 "$into/speech.aal2-g726-24"
./reference g726 24000 high < "$into/speech.aal2-g726-24" > out.raw
hash speech.aal2-g726-24 out.raw
quiet -i s8000.wav -c:a libgsm -f gsm "$into/speech.gsm"
quiet -c:a libgsm -f gsm -i "$into/speech.gsm" -f s16le out.raw
hash speech.gsm out.raw
# DVI4: packets of 20 ms, each with the state the decoder has there. audioop left Python with 3.13.
python3 -W ignore - "$into/speech.dvi4" out.raw <<'END'
import audioop, struct, sys
samples = open('s8000.raw', 'rb').read()
state, decoded, packets, heard = (0, 0), (0, 0), b'', b''
for at in range(0, len(samples) - 319, 320):
    packets += struct.pack('>hBB', decoded[0], decoded[1], 0)
    octets, state = audioop.lin2adpcm(samples[at:at + 320], 2, state)
    packets += octets
    part, decoded = audioop.adpcm2lin(octets, 2, decoded)
    heard += part
open(sys.argv[1], 'wb').write(packets)
open(sys.argv[2], 'wb').write(heard)
END
hash speech.dvi4 out.raw
# AMR: frames as in a file (RFC 4867 section 5.3) without its first line; with discontinuous transmission there are SID frames.
./reference encode-nb 7 0 < s8000.raw > "$into/speech.amr"
sox -D s8000.wav -t raw s8000-pause.raw pad 0 1.5
sox -D s16000.wav -t raw s16000-pause.raw pad 0 1.5
./reference encode-nb 2 1 < s8000-pause.raw > "$into/speech-dtx.amr"
./reference encode-wb 2 1 < s16000-pause.raw > "$into/speech.amr-wb"
for name in speech.amr speech-dtx.amr; do ./reference decode-nb < "$into/$name" > out.raw; hash $name out.raw; done
./reference decode-wb < "$into/speech.amr-wb" > out.raw
hash speech.amr-wb out.raw
# Opus: packets of 60 octets, and what libopus makes of them after the 312 samples that an Ogg file says to leave out.
opus="-c:a libopus -application voip -vbr off -b:a 24k -frame_duration 20"
quiet -t 0.3 -i s48000.wav $opus -map 0:a -f data "$into/speech.opus-packets"
quiet -t 0.3 -i s48000.wav $opus -f opus out.opus
quiet -c:a libopus -i out.opus -f s16le "$into/speech.opus-packets.s16le"
# With in-band FEC: what libopus makes of packets that were lost, from the one after each, and without it.
quiet -t 0.8 -i s48000.wav $opus -fec 1 -packet_loss 20 -map 0:a -f data "$into/speech-fec.opus-packets"
lost='5 12 16 33 35 38'
./reference decode-opus 60 1 $lost < "$into/speech-fec.opus-packets" > "$into/speech-fec.opus-packets.repeated.s16le"
./reference decode-opus 60 0 $lost < "$into/speech-fec.opus-packets" > "$into/speech-fec.opus-packets.concealed.s16le"
# G.729: what FFmpeg makes of it to the bit, and what bcg729 makes of it. With pauses: speech, then faint noise, a length before each frame.
./reference encode-g729 0 < s8000.raw > "$into/speech.g729"
quiet -f g729 -i "$into/speech.g729" -f s16le out.raw
hash speech.g729 out.raw
./reference decode-g729 0 < "$into/speech.g729" > "$into/speech.g729.s16le"
sox -D -R -r 8000 -n -c 1 -b 16 noise.wav synth 2 pinknoise vol -38dB
sox -D s8000.wav noise.wav -t raw s8000-noise.raw
./reference encode-g729 1 < s8000-noise.raw > "$into/speech-dtx.g729"
./reference decode-g729 1 < "$into/speech-dtx.g729" > out.raw
printf '  "speech-dtx.g729 noise": "%s",\n' "$(sox -t raw -r 8000 -e signed -b 16 -c 1 out.raw -n trim 2 stat 2>&1 | sed -n 's/^RMS *amplitude: *//p')" >> hashes
quiet -i s8000.wav -c:a g723_1 -b:a 6300 -f g723_1 "$into/speech.g723"
quiet -f g723_1 -i "$into/speech.g723" -f s16le out.raw
hash speech.g723 out.raw
# iLBC: there is no encoder in Debian; random octets are frames as well (some overflow in FFmpeg, differently on other processors).
for mode in 20:38 30:50; do
  file=$into/random.ilbc${mode%:*}
  python3 -c "import random, sys; r = random.Random(2); sys.stdout.buffer.write(bytes(r.randrange(256) for _ in range(20 * ${mode#*:})))" > "$file"
  { printf '#!iLBC%s\n' "${mode%:*}"; cat "$file"; } > in.lbc
  quiet -f ilbc -i in.lbc -f s16le out.raw
  hash "random.ilbc${mode%:*}" out.raw
done
# Speex: packets of one length, and what libspeex makes of them.
for kind in 8000:1 16000:0.5 32000:0.3; do
  rate=${kind%:*}
  speex="-c:a libspeex -cbr_quality 8"
  quiet -t "${kind#*:}" -i "s$rate.wav" $speex -map 0:a -f data "$into/speech.speex-$rate"
  quiet -t "${kind#*:}" -i "s$rate.wav" $speex -f ogg out.spx
  quiet -c:a libspeex -i out.spx -f s16le "$into/speech.speex-$rate.s16le"
done
# SILK, each packet with its length before it.
sox -D "$speech" -t raw all8000.raw
node -e '
  const { encode } = require(process.argv[1]);
  const { readFileSync, writeFileSync } = require("node:fs");
  encode(readFileSync("all8000.raw"), 8000).then(({ data }) => writeFileSync(process.argv[2], data.subarray(10)));
' "$root/node_modules/silk-wasm" "$into/speech.silk"
{ echo '{'; sed '$ s/,$//' hashes; echo '}'; } > "$into/fixtures.json"
