import { go } from '../../model/navigate.ts';

/** Packets that prove something: the first few lead to themselves, the rest is counted. */
export function PacketLinks({ packets, most = 2 }: { packets: readonly number[]; most?: number }) {
  const more = packets.slice(most);
  return (
    <>
      {packets.slice(0, most).map((packet) => (
        <button type="button" key={packet} className="pk" onClick={() => showPacket(packet)}>
          #{packet}
        </button>
      ))}
      {more.length > 0 && (
        <span className="t3 mono" title={more.map((packet) => `#${packet}`).join(' ')}>
          +{more.length}
        </span>
      )}
    </>
  );
}

export function showPacket(packet: number): void {
  go({ packet, detail: 'packet' });
}
