import { legalScriptix } from '../legal/scriptix.ts';
import { testPrecision } from '../harness/precision.ts';

testPrecision('scriptix', legalScriptix, { index: 3, count: 3 });
