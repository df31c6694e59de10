// Runs a program under a given Node as if it were this process: same terminal, same signals, same exit.
import { spawn } from 'node:child_process';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

/** Ends this process with the exit code or the signal of the program. */
export const runNode = (node, args, environment = process.env) =>
  new Promise((resolve) => {
    const child = spawn(node, args, { stdio: 'inherit', env: environment });
    // The terminal sends ctrl-c to both; the child decides what it means.
    for (const signal of forwarded) process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
    child.on('error', (error) => {
      console.error(`wand: could not start ${node}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      if (!signal) return resolve(code ?? 1);
      for (const name of forwarded) process.removeAllListeners(name);
      process.kill(process.pid, signal);
    });
  });
