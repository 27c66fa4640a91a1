import { describeGolden } from '../support/golden';

describeGolden('op_db_pointwise');
