import type { Command } from '../command.ts';
import { calls } from './calls.ts';
import { compare } from './compare.ts';
import { decrypt } from './decrypt.ts';
import { dtmf } from './dtmf.ts';
import { exportFile } from './export.ts';
import { flow } from './flow.ts';
import { ice } from './ice.ts';
import { info } from './info.ts';
import { keys } from './keys.ts';
import { open } from './open.ts';
import { packets } from './packets.ts';
import { problems } from './problems.ts';
import { quality } from './quality.ts';
import { split } from './split.ts';
import { streams } from './streams.ts';
import { wav } from './wav.ts';

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  info,
  packets,
  calls,
  flow,
  streams,
  quality,
  dtmf,
  keys,
  ice,
  problems,
  compare,
  wav,
  split,
  decrypt,
  exportFile,
  open,
];
