import { readFileSync } from 'node:fs';
import path from 'node:path';
import { schedulesPicture, shownSchedules } from '../../examples/lib/schedules';
import { optim } from '../../lib';

describe('the picture of the schedules', () => {
  it('shows every one of them', () => {
    const all = Object.keys(optim.lrScheduler).filter((name) => name !== 'LRScheduler');
    expect([...shownSchedules].sort()).toEqual([...all, 'swaUtils.SWALR'].sort());
  });

  it('in the docs is what npm run schedules makes', () => {
    const file = readFileSync(path.join(__dirname, '../../docs/schedules.svg'), 'utf8');
    expect(schedulesPicture()).toBe(file);
  });

  it('is explained: the page names every one of them', () => {
    const page = readFileSync(path.join(__dirname, '../../docs/learning-rate-schedules.md'), 'utf8');
    for (const name of shownSchedules) expect(page).toContain(`\`${name}(`);
  });
});
