import { describeGolden } from '../support/golden';

describeGolden('ops_nonfinite');
