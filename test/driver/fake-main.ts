// The workbench on a made-up source, as a program: for tests on a real terminal device.
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openWorkbench } from '../../src/tui/open-workbench.ts';
import { FakeSource } from './fake-source.ts';

const source = new FakeSource();
source.addCompletedRun('/home/me/course/taxi', 'yellow_taxi');
if (process.env.FAKE_CRASH) {
  setTimeout(() => {
    throw new Error('a bug of ours');
  }, Number(process.env.FAKE_CRASH));
}
/** Ink waits for the file that FAKE_MOUNT names with `.go` behind it, and makes that with `.done` behind it. */
const { FAKE_MOUNT } = process.env;
process.exitCode = await openWorkbench({
  source,
  start: { pipeline: 'yellow_taxi' },
  ...(FAKE_MOUNT && {
    mounting: {
      before: async () => {
        while (!existsSync(`${FAKE_MOUNT}.go`)) await pause(5);
      },
      after: () => writeFileSync(`${FAKE_MOUNT}.done`, ''),
    },
  }),
});
await source.close();
