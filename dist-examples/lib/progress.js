"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.Progress = void 0;
const cli_progress_1 = require("cli-progress");
/** Where there is no terminal, a line is printed at each of so many equal parts. */
const LINES = 5;
/** The shown loss is a running mean over about so many steps. */
const SMOOTHING = 20;
/** A progress bar with loss and speed; where the output is a file or a pipe, a few plain lines. */
class Progress {
    #label;
    #total;
    #bar;
    #start = performance.now();
    #done = 0;
    #loss = Number.NaN;
    #printed = 0;
    constructor(label, total) {
        this.#label = label;
        this.#total = total;
        this.#bar = process.stdout.isTTY ? createBar(label) : null;
        this.#bar?.start(total, 0, this.#figures());
    }
    /** `done` steps are done, and the last one had this loss. */
    update(done, loss) {
        this.#done = done;
        this.#loss = Number.isNaN(this.#loss) ? loss : this.#loss + (loss - this.#loss) / SMOOTHING;
        if (this.#bar)
            this.#bar.update(done, this.#figures());
        else
            this.#printAt(Math.floor((done * LINES) / this.#total));
    }
    /** Ends the bar's line. */
    stop() {
        this.#bar?.stop();
    }
    #figures() {
        const seconds = (performance.now() - this.#start) / 1000;
        const speed = seconds > 0 ? this.#done / seconds : 0;
        return { loss: this.#loss.toFixed(4), speed: speed.toFixed(speed < 10 ? 1 : 0) };
    }
    #printAt(part) {
        if (part <= this.#printed)
            return;
        this.#printed = part;
        const { loss, speed } = this.#figures();
        console.log(`${this.#label}  ${this.#done}/${this.#total}  loss ${loss}  ${speed} steps/s`);
    }
}
exports.Progress = Progress;
function createBar(label) {
    const format = `${label} {bar} {value}/{total}  loss {loss}  {speed} steps/s  ETA {eta_formatted}`;
    return new cli_progress_1.SingleBar({ format, hideCursor: true, fps: 8, barsize: 24 }, cli_progress_1.Presets.shades_classic);
}
