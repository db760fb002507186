// Takes the recording machine's processor and kernel names out of a pcapng file: options shb_hardware (2) and
// shb_os (3) of section headers, if_os (12) of interface descriptions. Little-endian files only, as dumpcap writes
// here. Everything else stays as it was.
//
//   node plain-host.mjs file.pcapng
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2];
const octets = readFileSync(file);
const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const blocks = [];

for (let at = 0; at + 12 <= octets.length; ) {
  const type = octets.readUInt32LE(at);
  const lengthBytes = octets.readUInt32LE(at + 4);
  const block = octets.subarray(at, at + lengthBytes);
  if (type === sectionHeader) blocks.push(withoutOptions(block, 24, [2, 3]));
  else if (type === interfaceDescription) blocks.push(withoutOptions(block, 16, [12]));
  else blocks.push(block);
  at += lengthBytes;
}
writeFileSync(file, Buffer.concat(blocks));

function withoutOptions(block, optionsAt, unwanted) {
  const parts = [Buffer.from(block.subarray(0, optionsAt))];
  for (let at = optionsAt; at + 4 <= block.length - 4; ) {
    const code = block.readUInt16LE(at);
    const end = at + 4 + Math.ceil(block.readUInt16LE(at + 2) / 4) * 4;
    if (!unwanted.includes(code)) parts.push(block.subarray(at, end));
    if (code === 0) break;
    at = end;
  }
  parts.push(Buffer.alloc(4));
  const result = Buffer.concat(parts);
  result.writeUInt32LE(result.length, 4);
  result.writeUInt32LE(result.length, result.length - 4);
  return result;
}
