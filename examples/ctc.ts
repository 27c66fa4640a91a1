/**
 * Reading words from frames, without being told which frames belong to which letter. Each letter is a noisy pattern that lasts two
 * to four frames, and a pause follows; the model sees the frames, and the loss only the word.
 */
import { manualSeed, nn, noGrad, optim, randint, randn, stack, type Tensor, tensor } from 'flambeau';

/** Class 0 is the blank. */
const ALPHABET = ' abcdefgh';
const [FEATURES, FRAMES, BATCH, STEPS] = [8, 26, 16, 240];

manualSeed(0);
const patterns = randn(ALPHABET.length, FEATURES);

const between = (low: number, high: number) => randint(low, high + 1, [1]).item();
const many = (n: number, letter: number) => new Array<number>(n).fill(letter);

/** A word of two to five letters, and the frames [FRAMES, FEATURES] in which it is heard. */
function utter(): { word: number[]; frames: Tensor } {
  const word = Array.from({ length: between(2, 5) }, () => between(1, ALPHABET.length - 1));
  const heard = word.flatMap((letter) => [...many(between(2, 4), letter), 0]);
  const classes = tensor([...heard, ...many(FRAMES - heard.length, 0)], { dtype: 'long' });
  return { word, frames: patterns.indexSelect(0, classes).add(randn(FRAMES, FEATURES).mul(0.4)) };
}

/** The likeliest class of each frame, without repetitions and blanks. */
function read(logits: Tensor): string {
  const best = logits.argmax(1).tolist() as number[];
  return best.map((c, t) => (c === best[t - 1] ? '' : ALPHABET[c]!.trim())).join('');
}

const model = new nn.Sequential(new nn.Linear(FEATURES, 32), new nn.ReLU(), new nn.Linear(32, ALPHABET.length));
const criterion = new nn.CTCLoss({ blank: 0 });
const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });

for (let step = 1; step <= STEPS; step++) {
  const batch = Array.from({ length: BATCH }, utter);
  const frames = stack(
    batch.map((said) => said.frames),
    1,
  );
  const words = batch.map((said) => said.word);
  const logProbs = (model(frames) as Tensor).logSoftmax(2);
  const targets = tensor(words.flat(), { dtype: 'long' });
  const loss = criterion(
    logProbs,
    targets,
    many(BATCH, FRAMES),
    words.map((word) => word.length),
  );
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  if (step % 80 === 0) console.log(`step ${step}: loss ${loss.item().toFixed(3)}`);
}

let right = 0;
for (let i = 0; i < 50; i++) {
  const { word, frames } = utter();
  const said = word.map((c) => ALPHABET[c]).join('');
  const understood = noGrad(() => read(model(frames) as Tensor));
  if (said === understood) right++;
  if (i < 5) console.log(`said ${said.padEnd(6)} read ${understood}`);
}
console.log(`${right} of 50 words read rightly`);
