import type { Handlers } from '../../shared/channel.ts';
import type { EngineApi, IceDetail } from '../../shared/engine-api.ts';
import type { CaptureIndex } from '../query/capture-index.ts';
import { iceEntry } from '../query/ice/ice-lists.ts';
import { iceLadder } from '../query/ice/ice-ladder.ts';
import { answering } from './answering.ts';
import { notFound } from './coded-error.ts';
import type { CaptureSession } from './session.ts';

/** ICE sessions and TURN allocations, one at a time; the lists of them are rows. */
export function iceHandlers(session: CaptureSession): Handlers<Pick<EngineApi, 'ice.get' | 'ice.ladder'>> {
  return {
    'ice.get': answering(session, ({ index }, { id }) => detailOf(index, id)),
    'ice.ladder': answering(session, ({ index }, { id }) =>
      iceLadder(index.capture, index.iceMembers, detailOf(index, id)),
    ),
  };
}

function detailOf(index: CaptureIndex, id: string): IceDetail {
  const entry = iceEntry(index.ice, id);
  if (entry === null) throw notFound(`ICE session or allocation ${id}`);
  const { session, allocations } = entry;
  const packetCount =
    session === null
      ? index.iceMembers.packetCount('allocation', allocations[0].number)
      : index.iceMembers.packetCount('session', session.number);
  return { id, session, allocations, packetCount };
}
