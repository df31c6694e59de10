import type { Surroundings } from '../support/program.ts';
import { entry, pipelineFile, writeProject } from '../support/write-project.ts';

/** Adds project `waiting` with pipeline `slow`: a block that waits (variable `wait`, milliseconds), and one after it. */
export const addSlowProject = (place: Pick<Surroundings, 'root'>, wait = 2500): void => {
  const blocks = [
    entry({ uuid: 'waits', type: 'data_loader', language: 'typescript', downstream: ['counts'] }),
    entry({ uuid: 'counts', type: 'transformer', language: 'typescript', upstream: ['waits'] }),
  ];
  writeProject(place, 'waiting', {
    ...pipelineFile('slow', ...blocks, `variables: {wait: ${wait}}`),
    'data_loaders/waits.ts': `import { loader } from 'wand';
export default loader(async function* ({ variables }) {
  console.log('waiting begins');
  await new Promise((resolve) => setTimeout(resolve, Number(variables.wait)));
  yield { n: 1 };
});
`,
    'transformers/counts.ts': `import { sql, transformer } from 'wand';
export default transformer(({ inputs }) => sql\`select count(*) as n from \${inputs[0]}\`);
`,
  });
};
