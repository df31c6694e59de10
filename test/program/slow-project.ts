import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Surroundings } from '../support/program.ts';

/** Adds project `waiting` with pipeline `slow`: a block that waits (variable `wait`, milliseconds), and one after it. */
export const addSlowProject = ({ root }: Pick<Surroundings, 'root'>, wait = 2500): void => {
  const project = join(root, 'projects', 'waiting');
  for (const folder of ['pipelines/slow', 'data_loaders', 'transformers'])
    mkdirSync(join(project, folder), { recursive: true });
  writeFileSync(join(project, 'metadata.yaml'), 'project_type: standalone\n');
  writeFileSync(
    join(project, 'pipelines', 'slow', 'metadata.yaml'),
    `name: slow
type: python
variables: {wait: ${wait}}
blocks:
- {uuid: waits, name: waits, type: data_loader, language: typescript, upstream_blocks: [], downstream_blocks: [counts]}
- {uuid: counts, name: counts, type: transformer, language: typescript, upstream_blocks: [waits], downstream_blocks: []}
`,
  );
  writeFileSync(
    join(project, 'data_loaders', 'waits.ts'),
    `import { loader } from 'wand';
export default loader(async function* ({ variables }) {
  console.log('waiting begins');
  await new Promise((resolve) => setTimeout(resolve, Number(variables.wait)));
  yield { n: 1 };
});
`,
  );
  writeFileSync(
    join(project, 'transformers', 'counts.ts'),
    `import { sql, transformer } from 'wand';
export default transformer(({ inputs }) => sql\`select count(*) as n from \${inputs[0]}\`);
`,
  );
};
