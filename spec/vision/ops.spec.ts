import { describeGolden } from '../support/golden';

describe('boxes, their losses, and the focal loss', () => {
  describeGolden('losses_boxes');
});
