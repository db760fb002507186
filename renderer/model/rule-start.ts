/** The two ends of what is selected, and its SSRC: what a Decode As rule could go by; '' where that is not known. */
export interface RuleStart {
  readonly transport: 'udp' | 'tcp';
  /** `10.0.0.1:5000`, `[2001:db8::1]:5000`. */
  readonly source: string;
  readonly destination: string;
  /** `0x1234abcd`. */
  readonly ssrc: string;
}
