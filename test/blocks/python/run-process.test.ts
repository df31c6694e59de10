import { afterEach, expect, test } from 'vitest';
import { endRunProcess, waitingRunProcesses } from '../../../src/blocks/python/run-process.ts';
import { describePython, inputsOf, makeProject, runBlock } from './run-block.ts';

describePython('Python blocks of a run in one process', () => {
  afterEach(() => {
    for (const runId of waitingRunProcesses()) endRunProcess(runId);
  });
  const head = `import os\nimport sys\n`;
  const block = (body: string) =>
    `${head}\n@data_loader\ndef load(*args, **kwargs):\n${body.trim().replaceAll(/^/gm, '    ')}\n`;

  test('share modules, environment and context, one after the other', async () => {
    const project = makeProject();
    const task = { inProcessOfRun: true, runId: '71', blockType: 'data_loader' };
    const first = await runBlock(
      block(
        `kwargs['context']['seen'] = 3\nos.environ['LEAKED'] = 'yes'\nos.system('echo plain')\nprint('one')\nreturn os.getpid()`,
      ),
      { project, task },
    );
    const second = await runBlock(
      block(`print('two', end='')\nreturn [str([args[0] == os.getpid(), kwargs['context'], os.environ['LEAKED']])]`),
      { project, task: { ...task, inputs: inputsOf({ first: first.result }) } },
    );
    expect([first.result.status, first.lines.sort()]).toEqual(['completed', ['one', 'plain']]);
    expect(second.result).toMatchObject({ status: 'completed' });
    expect(second.lines).toEqual(['two']);
    expect(second.logged.filter(({ level }) => level === 'warning')).toEqual([]);
    expect(second.result.status === 'completed' && second.result.usage?.cpuMs).toBeGreaterThan(0);
  });

  test('fail one by one, and a process that died is replaced, with a word about what was shared', async () => {
    const project = makeProject();
    const task = { inProcessOfRun: true, runId: '72', blockType: 'data_loader' };
    const raised = await runBlock(block(`kwargs['context']['seen'] = 3\nraise ValueError('no')`), { project, task });
    expect(raised.result).toMatchObject({ status: 'failed', error: { type: 'ValueError', message: 'no' } });
    const after = await runBlock(block(`return kwargs['context']`), { project, task });
    expect(after.result).toMatchObject({ status: 'completed' });
    expect(after.logged.filter(({ level }) => level === 'warning')).toEqual([]);
    const died = await runBlock(block(`os._exit(7)`), { project, task });
    expect(died.result).toMatchObject({ status: 'failed', error: { type: 'child-died' } });
    const fresh = await runBlock(block(`assert kwargs['context'] == {}\nreturn 1`), {
      project,
      task: { ...task, inputs: inputsOf({ after: after.result }) },
    });
    expect(fresh.result).toMatchObject({ status: 'completed' });
    expect(fresh.logged.find(({ level }) => level === 'warning')?.text).toContain("kwargs['context'] is empty");
  });

  test('are killed with their process when the run is stopped, and the next block of another run is none the worse', async () => {
    const project = makeProject();
    const task = { inProcessOfRun: true, runId: '73', blockType: 'data_loader' };
    const controller = new AbortController();
    const stopped = runBlock(block(`print('sleeps')\nsys.stdout.flush()\nimport time\ntime.sleep(600)`), {
      project,
      task,
      context: { signal: controller.signal, onProcess: async () => controller.abort('stopped') },
    });
    expect((await stopped).result).toMatchObject({ status: 'failed', error: { type: 'cancelled' } });
    const other = await runBlock(block(`return 1`), { project, task: { ...task, runId: '74' } });
    expect(other.result.status).toBe('completed');
  });
});
