// Finds a Node that can run wand. Node 20 syntax, no dependencies: this runs before anything is installed.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { existsSync } = createRequire(import.meta.url)('node:fs');

export const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Ink 8, commander 15, execa 10 and pg-boss 12 need it. */
const oldest = [22, 12];

const isNewEnough = (version) => {
  const [major, minor] = version.split('.').map(Number);
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]);
};

/** Path of a Node of at least 22.12: this one, `WAND_NODE`, or the npm package that brings one; null if there is none. */
export const suitableNode = () => {
  if (isNewEnough(process.versions.node)) return process.execPath;
  if (process.env.WAND_NODE) return process.env.WAND_NODE;
  return packagedNode();
};

/** Published under either name, by platform. */
const nodePackages = ['node', 'node-bin'].map((prefix) => `${prefix}-${process.platform}-${process.arch}`);

/** The binary of `node-<platform>-<arch>`, an optional dependency without install scripts, beside or above this package. */
const packagedNode = () => {
  for (let folder = packageRoot; ; folder = dirname(folder)) {
    const binary = nodePackages
      .map((name) => join(folder, 'node_modules', name, 'bin', 'node'))
      .find((path) => existsSync(path));
    if (binary) return binary;
    if (dirname(folder) === folder) return null;
  }
};

export const noNodeMessage = () =>
  `wand: needs Node 22.12 or newer; this is ${process.versions.node}, and the package ${nodePackages[0]} ` +
  'that brings one is not installed (was the install run with --omit=optional?). Install a newer Node, or name one in WAND_NODE.';
