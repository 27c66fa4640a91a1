"use strict";
var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { "default": mod };
};
Object.defineProperty(exports, "__esModule", { value: true });
/**
 * House prices with SGD and mean squared error: section 4.2 of the article.
 *
 * The data's column `b` encodes a racist assumption, for which scikit-learn withdrew the data set. It is kept here only to
 * match published runs; see data/README.md.
 */
const node_fs_1 = require("node:fs");
const node_path_1 = __importDefault(require("node:path"));
const node_util_1 = require("node:util");
const flambeau_1 = require("flambeau");
const chart_1 = require("./lib/chart");
const scaler_1 = require("./lib/scaler");
const { DataLoader, TensorDataset } = flambeau_1.utils.data;
const { values: flags } = (0, node_util_1.parseArgs)({
    options: {
        epochs: { type: 'string', default: '100' },
        data: { type: 'string', default: node_path_1.default.join(__dirname, '../data/boston.csv') },
        chart: { type: 'string', default: 'out/boston.svg' },
    },
});
(0, flambeau_1.manualSeed)(0);
// The data: 13 features and the median value of a house, in 1000 dollars; 404 tracts to train with, 102 to test.
const rows = (0, node_fs_1.readFileSync)(flags.data, 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number));
const order = (0, flambeau_1.randperm)(rows.length).tolist();
const shuffled = order.map((i) => rows[i]);
const [train, test] = [shuffled.slice(0, 404), shuffled.slice(404)];
const scaler = new scaler_1.StandardScaler();
const features = (part) => part.map((row) => row.slice(0, 13));
const prices = (part) => part.map((row) => row.slice(13));
const xTrain = (0, flambeau_1.tensor)(scaler.fitTransform(features(train)));
const xTest = (0, flambeau_1.tensor)(scaler.transform(features(test)));
const yTrain = (0, flambeau_1.tensor)(prices(train));
const yTest = (0, flambeau_1.tensor)(prices(test));
const trainLoader = new DataLoader(new TensorDataset(xTrain, yTrain), { batchSize: 32, shuffle: true });
// The model.
class Net extends flambeau_1.nn.Module {
    fc1 = new flambeau_1.nn.Linear(13, 64);
    fc2 = new flambeau_1.nn.Linear(64, 1);
    forward(x) {
        x = flambeau_1.nn.functional.relu(this.fc1(x));
        return this.fc2(x);
    }
}
const model = new Net();
const criterion = new flambeau_1.nn.MSELoss();
const optimizer = new flambeau_1.optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
const trainLosses = [];
const testLosses = [];
const epochs = Number(flags.epochs);
for (let epoch = 0; epoch < epochs; epoch++) {
    let total = 0;
    for (const [inputs, targets] of trainLoader) {
        optimizer.zeroGrad();
        const loss = criterion(model(inputs), targets);
        loss.backward();
        optimizer.step();
        total += loss.item();
    }
    trainLosses.push(total / trainLoader.length);
    testLosses.push((0, flambeau_1.noGrad)(() => criterion(model(xTest), yTest).item()));
    if ((epoch + 1) % 10 === 0) {
        console.log(`Epoch ${epoch + 1}/${epochs}: training loss ${trainLosses.at(-1).toFixed(3)}, test loss ${testLosses.at(-1).toFixed(3)}`);
    }
}
const series = [
    { name: 'training', values: trainLosses },
    { name: 'test', values: testLosses },
];
(0, node_fs_1.mkdirSync)(node_path_1.default.dirname(flags.chart), { recursive: true });
(0, node_fs_1.writeFileSync)(flags.chart, (0, chart_1.lossChart)(series, { title: 'Boston housing', xLabel: 'epoch', yLabel: 'mean squared error' }));
console.log(`Loss curves: ${flags.chart}`);
