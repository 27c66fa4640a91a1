/** Draws every learning rate schedule into docs/schedules.svg: npm run schedules */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { schedulesPicture } from './lib/schedules';

writeFileSync(path.join(__dirname, '../docs/schedules.svg'), schedulesPicture());
