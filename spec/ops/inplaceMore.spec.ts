import { describeInPlace } from '../support/inPlace';

describeInPlace('ops_inplace');
