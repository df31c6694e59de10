import { enableCompileCache } from 'node:module';
import { statePath } from '../home/paths.ts';

// Compiled code is kept between starts, in wand's own folder; without it a start compiles the bundle anew.
enableCompileCache(statePath('run', 'compile-cache'));
await import('./main.ts');
