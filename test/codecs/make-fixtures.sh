#!/bin/sh
# Makes the encoded speech in fixtures/ anew, and what other people's decoders make of it. On Debian 12:
#   apt-get install ffmpeg sox gcc python3 libgsm1 libspandsp-dev libopencore-amrnb-dev libopencore-amrwb-dev libvo-amrwbenc-dev
# Every decoder that is exact is kept as the SHA-256 of its 16-bit samples (fixtures.json), that of Opus as the samples themselves.
set -eu
cd "$(dirname "$0")"
into=$PWD/fixtures
speech=$PWD/../captures/srtp-sdes-speech.caller.wav
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$into"
cp reference.c "$work"
cd "$work"
gcc -O1 -o reference reference.c -lspandsp -lopencore-amrnb -lopencore-amrwb -lvo-amrwbenc -lm
for rate in 8000 16000 48000; do
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
{ echo '{'; sed '$ s/,$//' hashes; echo '}'; } > "$into/fixtures.json"
