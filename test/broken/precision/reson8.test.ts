import { legalReson8 } from '../legal/reson8.ts';
import { testPrecision } from '../harness/precision.ts';

testPrecision('reson8', legalReson8);
