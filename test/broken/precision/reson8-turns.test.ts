import { legalTurns } from '../legal/reson8-turns.ts';
import { testPrecision } from '../harness/precision.ts';

testPrecision('reson8-turns', legalTurns);
