import { serveTalker } from './talker.ts';

await serveTalker(Number(process.argv[2]));
