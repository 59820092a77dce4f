import { legalScriptix } from './legal-scriptix.ts';
import { testPrecision } from './precision.ts';

testPrecision('scriptix', legalScriptix);
