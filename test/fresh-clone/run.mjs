// The fresh-clone test: clones HEAD into a path with blanks and does what a newcomer does, as root and as an ordinary user, with nothing
// on the PATH but the system's Node, npm, git, Python 3 and the core utilities. Needs root and a registry. Not part of `npm test`.
//   npm run fresh-clone [-- [root|user]... [--quick] [--keep]]    --quick leaves out `npm test`, --keep the folders
import { existsSync } from 'node:fs';
import { leftovers, processesOf, sharedEntries, wandHomes } from './leftovers.mjs';
import { clusterFolders, makeMachine, ordinaryAccount, removeMachine } from './machine.mjs';
import { steps } from './steps.mjs';

const options = process.argv.slice(2);
const names = options.filter((option) => !option.startsWith('--'));

const main = async () => {
  if (process.getuid() !== 0) return fail('fresh-clone: must be started by root: it also plays an ordinary user');
  const python = ['/usr/bin/python3', '/usr/local/bin/python3'].find((path) => existsSync(path));
  if (!python) console.log('no /usr/bin/python3 here: the steps with Python fail');
  let failures = 0;
  for (const name of names.length > 0 ? names : ['root', 'user']) {
    const account = name === 'root' ? null : ordinaryAccount();
    const machine = makeMachine({ name, account, python });
    console.log(`\n${name}: ${machine.clone}`);
    const before = sharedEntries();
    try {
      for (const step of steps(options)) failures += await perform(machine, step, before);
    } finally {
      await clear(machine);
    }
  }
  console.log(failures === 0 ? '\nfresh-clone: all well' : `\nfresh-clone: ${failures} steps failed`);
  return failures === 0 ? 0 : 1;
};

/** Answers 1 if the step failed. */
const perform = async (machine, { title, act, mayLeave = false }, before) => {
  const started = Date.now();
  const problems = [];
  let figures = '';
  try {
    figures = (await act(machine, (holds, text) => holds || problems.push(text))) ?? '';
    if (!mayLeave) problems.push(...leftovers(machine, before).map((line) => `left behind: ${line}`));
  } catch (error) {
    problems.push(error.stack ?? String(error));
  }
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${seconds.padStart(6)} s  ${machine.name}: ${title}${figures ? `  (${figures})` : ''}`,
  );
  for (const problem of problems) console.log(`         ${problem.replaceAll('\n', '\n         ')}`);
  return problems.length === 0 ? 0 : 1;
};

/** Ends what is still there, which was reported, and removes the folders. */
const clear = async (machine) => {
  const clusters = clusterFolders(wandHomes(machine));
  for (const { pid } of processesOf(machine, clusters)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  if (options.includes('--keep')) console.log(`kept: ${[machine.base, ...clusters].join(', ')}`);
  else removeMachine(machine, clusters);
};

const fail = (text) => {
  console.error(text);
  return 2;
};

process.exitCode = await main();
