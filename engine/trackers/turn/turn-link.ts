import type { TurnAllocation } from './turn-allocation.ts';

/** A client's 5-tuple: the two flows between it and a server. Either is 0 where the capture lacks it. */
export class TurnLink {
  readonly clientFlow: number;
  readonly serverFlow: number;
  readonly isTcp: boolean;
  /** The allocation that lives on it now. */
  current: TurnAllocation | null = null;
  /** RFC 6062: it is a data connection of `current`, not a connection of its own. */
  isDataConnection = false;

  constructor(clientFlow: number, serverFlow: number, isTcp: boolean) {
    this.clientFlow = clientFlow;
    this.serverFlow = serverFlow;
    this.isTcp = isTcp;
  }
}
