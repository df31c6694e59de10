// The workbench on a made-up source, as a program: for tests on a real terminal device.
import { writeFileSync } from 'node:fs';
import { openWorkbench } from '../../src/tui/open-workbench.ts';
import { FakeSource } from './fake-source.ts';

const source = new FakeSource();
source.addCompletedRun('/home/me/course/taxi', 'yellow_taxi');
if (process.env.FAKE_CRASH) {
  setTimeout(() => {
    throw new Error('a bug of ours');
  }, Number(process.env.FAKE_CRASH));
}
const { FAKE_MOUNTED } = process.env;
process.exitCode = await openWorkbench({
  source,
  start: { pipeline: 'yellow_taxi' },
  mounted: () => FAKE_MOUNTED && writeFileSync(FAKE_MOUNTED, ''),
});
await source.close();
