/**
 * Writes PARITY_TABLE.md: for each function, optimizer and scheduler, how far it is from PyTorch over all its fixtures.
 *
 *   npm run parity
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { functions } from './parity/functions';
import { optimizers } from './parity/optimizers';
import { schedulers } from './parity/schedulers';

const FILE = 'PARITY_TABLE.md';
writeFileSync(path.join(__dirname, '..', FILE), [functions(), optimizers(), schedulers()].join('\n'));
console.log(`${FILE} is written`);
