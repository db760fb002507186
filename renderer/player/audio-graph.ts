/** Where each lane is heard, how loud, and how loud it is: between the audio element and the ears. */

export interface LaneSound {
  isMuted: boolean;
  isSolo: boolean;
  /** 1 is as recorded. */
  gain: number;
  ear: 'left' | 'right' | 'both';
}

interface LaneNodes {
  readonly gain: GainNode;
  readonly left: GainNode;
  readonly right: GainNode;
  readonly meter: AnalyserNode;
}

const METER_SAMPLES = 1024;
/** Of both ears: as loud as in one. */
const BOTH = Math.SQRT1_2;
/** Silence to full within a few milliseconds: a jump would click. */
const GLIDE_SECONDS = 0.01;

/** The gain of a lane among all: solo silences those without it. */
export function gainOf(lane: LaneSound, lanes: readonly LaneSound[]): number {
  if (lane.isMuted) return 0;
  return lanes.some(({ isSolo }) => isSolo) && !lane.isSolo ? 0 : lane.gain;
}

export class AudioGraph {
  private readonly context = new AudioContext();
  private readonly source: MediaElementAudioSourceNode;
  private readonly samples = new Float32Array(METER_SAMPLES);
  private lanes: LaneNodes[] = [];
  private splitter: ChannelSplitterNode | null = null;

  /** Takes the sound of the element for good; from now on it is heard through the graph alone. */
  constructor(audio: HTMLAudioElement) {
    this.source = this.context.createMediaElementSource(audio);
    this.source.channelInterpretation = 'discrete';
  }

  /** Browsers let nothing sound before the user did something. */
  resume(): Promise<void> {
    return this.context.resume();
  }

  /** One lane for each channel of the audio. */
  connect(count: number): void {
    this.source.disconnect();
    this.splitter?.disconnect();
    for (const { gain, left, right } of this.lanes) for (const node of [gain, left, right]) node.disconnect();
    const splitter = this.context.createChannelSplitter(Math.max(1, count));
    const merger = this.context.createChannelMerger(2);
    this.splitter = splitter;
    this.lanes = Array.from({ length: count }, (_, channel) => {
      const gain = this.context.createGain();
      const left = this.context.createGain();
      const right = this.context.createGain();
      const meter = this.context.createAnalyser();
      meter.fftSize = METER_SAMPLES;
      splitter.connect(gain, channel);
      gain.connect(meter);
      gain.connect(left).connect(merger, 0, 0);
      gain.connect(right).connect(merger, 0, 1);
      return { gain, left, right, meter };
    });
    this.source.connect(splitter);
    merger.connect(this.context.destination);
  }

  apply(sounds: readonly LaneSound[]): void {
    this.lanes.forEach(({ gain, left, right }, at) => {
      const sound = sounds[at];
      if (sound === undefined) return;
      const glide = (node: GainNode, value: number): void => {
        node.gain.setTargetAtTime(value, this.context.currentTime, GLIDE_SECONDS);
      };
      glide(gain, gainOf(sound, sounds));
      glide(left, sound.ear === 'left' ? 1 : sound.ear === 'both' ? BOTH : 0);
      glide(right, sound.ear === 'right' ? 1 : sound.ear === 'both' ? BOTH : 0);
    });
  }

  /** The largest sample of a lane just now, 0 to 1, after its gain. */
  levelOf(lane: number): number {
    const meter = this.lanes[lane]?.meter;
    if (meter === undefined) return 0;
    meter.getFloatTimeDomainData(this.samples);
    let most = 0;
    for (const sample of this.samples) most = Math.max(most, Math.abs(sample));
    return most;
  }
}
