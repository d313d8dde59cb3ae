#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

// Compiled code is kept between calls, where Node can do that (from 22.8).
module.enableCompileCache?.();

const main = new URL('../dist/src/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write("Expected Sluice to be built, but there is no dist/. Run 'npm run build' first.\n");
  process.exitCode = 1;
}
