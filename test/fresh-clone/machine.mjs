// A machine with little on it: a PATH of symlinks, a HOME of its own, an account. Node 20 syntax, no dependencies.
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const source = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** What a certificate authority, a mirror or a proxy of this machine needs goes along; nothing else does. */
const passedOn =
  /^(https?_proxy|no_proxy|npm_config_(registry|cafile|.*proxy)|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|PIP_.*|UV_.*INDEX.*)$/i;

const coreutils =
  'sh bash env cat ls cp mv rm mkdir rmdir ln chmod chown touch head tail sort uniq wc tr cut date sleep true false test echo printf id uname dirname basename readlink realpath mktemp stat tee nohup kill stty tty seq df du od sha256sum';
const others = 'setpriv ps grep sed awk tar gzip git';

/**
 * Makes a machine as seen by one account (null: the caller, who is root).
 * Its folders: `base` (with a blank), `home`, `temp` (TMPDIR), `clone`, `bin` (the PATH).
 */
export const makeMachine = ({ name, account, python }) => {
  const base = mkdtempSync('/tmp/wand fresh ');
  const folders = ['home', 'temp', 'bin', 'bin-without-python'].map((folder) => [folder, join(base, folder)]);
  for (const [, path] of folders) mkdirSync(path, { mode: 0o755 });
  const machine = { name, account, base, mark: base, ...Object.fromEntries(folders) };
  for (const folder of ['bin', 'bin-without-python']) linkPrograms(join(base, folder));
  if (python) symlinkSync(python, join(machine.bin, 'python3'));
  machine.clone = join(base, "a clone's folder");
  const cloned = spawnSync('git', ['clone', '--quiet', '--no-local', source, machine.clone], { stdio: 'inherit' });
  if (cloned.status !== 0) throw new Error('git clone failed');
  chmodSync(base, 0o755);
  // Root's clones lie where the server's user may not look, as below /root.
  if (!account) chmodSync(machine.clone, 0o700);
  else {
    for (const folder of ['base', 'home', 'temp']) chownSync(machine[folder], account.uid, account.gid);
    spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, machine.clone], { stdio: 'inherit' });
  }
  machine.environment = environmentOf(machine);
  return machine;
};

const linkPrograms = (bin) => {
  const node = systemProgram('node');
  symlinkSync(node, join(bin, 'node'));
  for (const name of ['npm', 'npx', ...coreutils.split(' '), ...others.split(' ')]) {
    const found = systemProgram(name);
    if (found) symlinkSync(found, join(bin, name));
  }
};

/** First on the PATH outside any node_modules: npm puts those of the clone in front. */
export const systemProgram = (name) =>
  process.env.PATH.split(delimiter)
    .filter((folder) => folder && !folder.includes('node_modules'))
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

const environmentOf = ({ home, temp, bin, mark }) => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name))),
  PATH: bin,
  HOME: home,
  TMPDIR: temp,
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  WAND_PG_SYSTEM: '0',
  // Whoever inherits it was started by this test.
  WAND_FRESH_CLONE: mark,
  npm_config_ignore_scripts: 'true',
  npm_config_update_notifier: 'false',
});

/** Runs a shell command line in the clone, as the machine's account; answers code, output and seconds. */
export const run = (machine, command, { environment = {}, directory = machine.clone, seconds = 900 } = {}) =>
  new Promise((resolve) => {
    const started = Date.now();
    const { uid, gid } = machine.account ?? {};
    const child = spawn('/bin/bash', ['-o', 'pipefail', '-c', command], {
      cwd: directory,
      env: { ...machine.environment, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(machine.account ? { uid, gid } : {}),
    });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'])
      child[name].setEncoding('utf8').on('data', (text) => {
        texts[name] += text;
      });
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? signal, ...texts, seconds: (Date.now() - started) / 1000 });
    });
  });

/** Not `nobody`, as whom tests and servers of others may run: what belongs to this account was made by this test. */
export const ordinaryAccount = () => accountNamed('games') ?? accountNamed('nobody');

/** The account with this name, from /etc/passwd. */
const accountNamed = (name) => {
  const fields = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const [, , uid, gid] = fields.find(([candidate]) => candidate === name) ?? [];
  return uid ? { name, uid: Number(uid), gid: Number(gid) } : null;
};

/** Folders of this machine's clusters: root's lie outside its HOME. */
export const clusterFolders = (homes) =>
  homes
    .map((home) => join(home, 'pg', 'location'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')).path);

export const removeMachine = ({ base }, clusters) => {
  for (const folder of [...clusters, base]) rmSync(folder, { recursive: true, force: true });
};
