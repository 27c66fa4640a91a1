"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.StandardScaler = void 0;
/** Takes the mean out of each column and divides by its deviation, as sklearn.preprocessing.StandardScaler. */
class StandardScaler {
    #mean = [];
    #scale = [];
    fit(rows) {
        const columns = rows[0].map((_, j) => rows.map((row) => row[j]));
        const average = (values) => values.reduce((a, b) => a + b, 0) / values.length;
        this.#mean = columns.map(average);
        this.#scale = columns.map((column, j) => Math.sqrt(average(column.map((x) => (x - this.#mean[j]) ** 2))) || 1);
        return this;
    }
    transform(rows) {
        return rows.map((row) => row.map((x, j) => (x - this.#mean[j]) / this.#scale[j]));
    }
    fitTransform(rows) {
        return this.fit(rows).transform(rows);
    }
}
exports.StandardScaler = StandardScaler;
