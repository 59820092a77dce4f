import { legalScriptix } from '../legal/scriptix.ts';
import { testPrecision } from '../harness/precision.ts';

testPrecision('scriptix', legalScriptix, { index: 2, count: 3 });
