import { legalScriptix } from '../legal/scriptix.ts';
import { testPrecision } from '../harness/precision.ts';

testPrecision('scriptix', legalScriptix, { index: 1, count: 3 });
