import { Presets, SingleBar } from 'cli-progress';

/** Where there is no terminal, a line is printed at each of so many equal parts. */
const LINES = 5;
/** The shown loss is a running mean over about so many steps. */
const SMOOTHING = 20;

/** A progress bar with loss and speed; where the output is a file or a pipe, a few plain lines. */
export class Progress {
  readonly #label: string;
  readonly #total: number;
  readonly #bar: SingleBar | null;
  readonly #start = performance.now();
  #done = 0;
  #loss = Number.NaN;
  #printed = 0;

  constructor(label: string, total: number) {
    this.#label = label;
    this.#total = total;
    this.#bar = process.stdout.isTTY ? createBar(label) : null;
    this.#bar?.start(total, 0, this.#figures());
  }

  /** `done` steps are done, and the last one had this loss. */
  update(done: number, loss: number): void {
    this.#done = done;
    this.#loss = Number.isNaN(this.#loss) ? loss : this.#loss + (loss - this.#loss) / SMOOTHING;
    if (this.#bar) this.#bar.update(done, this.#figures());
    else this.#printAt(Math.floor((done * LINES) / this.#total));
  }

  /** Ends the bar's line. */
  stop(): void {
    this.#bar?.stop();
  }

  #figures(): { loss: string; speed: string } {
    const seconds = (performance.now() - this.#start) / 1000;
    const speed = seconds > 0 ? this.#done / seconds : 0;
    return { loss: this.#loss.toFixed(4), speed: speed.toFixed(speed < 10 ? 1 : 0) };
  }

  #printAt(part: number): void {
    if (part <= this.#printed) return;
    this.#printed = part;
    const { loss, speed } = this.#figures();
    console.log(`${this.#label}  ${this.#done}/${this.#total}  loss ${loss}  ${speed} steps/s`);
  }
}

function createBar(label: string): SingleBar {
  const format = `${label} {bar} {value}/{total}  loss {loss}  {speed} steps/s  ETA {eta_formatted}`;
  return new SingleBar({ format, hideCursor: true, fps: 8, barsize: 24 }, Presets.shades_classic);
}
