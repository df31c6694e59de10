import { afterEach } from 'vitest';
import { Driver, type DriverOptions } from './driver.ts';
import type { FakeSource } from './fake-source.ts';

/** Path of the made-up project. */
export const taxi = '/home/me/course/taxi';

const open: Driver[] = [];

/** Opens a workbench that is left after the test. */
export const workbench = (source: FakeSource, options: DriverOptions = {}): Driver => {
  const driver = new Driver(source, { start: { pipeline: 'yellow_taxi' }, ...options });
  open.push(driver);
  return driver;
};

afterEach(async () => {
  for (const driver of open.splice(0)) await driver.quit();
});
