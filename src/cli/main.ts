#!/usr/bin/env node
import * as modules from 'node:module';

/** Node.js 22.8 and later can keep compiled code; version 20, whose types are used here, cannot. */
const { enableCompileCache } = modules as typeof modules & { readonly enableCompileCache?: () => unknown };

// Before anything else is loaded. It throws nothing if there is no place for the cache, such as on a read-only disk,
// and respects NODE_COMPILE_CACHE and NODE_DISABLE_COMPILE_CACHE.
enableCompileCache?.();

const { nameOwnFaults, outliveReaders, runCommand } = await import('./commands.ts');

nameOwnFaults();
outliveReaders();
await runCommand(process.argv.slice(2));
