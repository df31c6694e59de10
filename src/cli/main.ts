import { Command } from 'commander';
import { programVersion } from './program-version.ts';
import { reportError } from './verb.ts';
import { type AddVerb, verbs } from './verbs/index.ts';

/** The `wand` program: one file per verb, each loaded only when it is called or when help lists them all. */
const main = async (argv: string[]): Promise<void> => {
  const program = new Command('wand')
    .description(
      'A terminal workbench for data pipelines: every instance holds projects, every project pipelines, every pipeline blocks',
    )
    .version(programVersion())
    .option(
      '-C, --directory <dir>',
      'instance or project to work on (default: the nearest one at or above the working directory)',
    )
    .option('--json', 'print JSON')
    .showHelpAfterError('(wand --help lists the verbs)')
    .exitOverride((error) => {
      // commander ends with 1 on wrong usage; the contract says 2.
      process.exit(error.exitCode === 0 ? 0 : 2);
    });
  const named = argv.find((argument) => argument in verbs);
  const wanted = named && argv[0] === named ? [named] : Object.keys(verbs);
  for (const name of wanted) {
    const add: AddVerb = await verbs[name as keyof typeof verbs]();
    add(program);
  }
  if (!named || wanted.length > 1) (await import('./verbs/workbench.ts')).addWorkbenchVerb(program);
  await program.parseAsync(argv, { from: 'user' });
};

// A reader that closes early (`| head`) ends us quietly.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

main(process.argv.slice(2)).catch((error) => {
  process.exitCode = reportError(error, process.argv.includes('--json'));
});
