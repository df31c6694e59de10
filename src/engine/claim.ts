import type pg from 'pg';
import type { BlockInput, CommitMarker } from '../model/block-task.ts';
import type { StoredOutput } from '../model/output.ts';
import type { Store } from '../store/open-store.ts';
import { inTransaction } from '../store/transaction.ts';
import { type Offer, type Queue, taggedQueue } from './queue.ts';
import type { BlockDefinition, RunSettings } from './run-definition.ts';

/** A block run that this worker holds: everything it takes to execute the attempt. */
export type Claim = {
  blockRunId: string;
  runId: string;
  attempt: number;
  lostAttempts: CommitMarker['lostAttempts'];
  /** Attempts that failed before this one. */
  failures: number;
  uuid: string;
  blockType: string;
  language: string;
  definition: BlockDefinition;
  projectPath: string;
  /** Set where `projectPath` is a snapshot that stands in for the project's folder, which this host does not have. */
  projectHome?: string;
  pipeline: string | null;
  executionDate: Date;
  variables: Record<string, unknown>;
  settings: RunSettings;
  trigger: string;
  inputs: ClaimInput[];
  projectId: string;
  /** Number of block runs that wait for this one among others. */
  downstream: number;
  /** Worker of a foreground run. */
  owner: string | null;
  /** Variables of the pipeline that blocks have set or deleted. */
  overlay: Record<string, { value: unknown; deleted: boolean }>;
};

/** What a block run above gives; `childOf` names the fan that it is a child of. */
export type ClaimInput = Omit<BlockInput, 'outputs' | 'item' | 'gathered'> & {
  blockRunId: string;
  childOf?: string | null;
  isFan?: boolean;
  outputs: (StoredOutput & { host: string })[];
};

export type RawClaim = Omit<Claim, 'executionDate'> & { executionDate: string };

/** The next block of a run against the one before it. */
export type NextClaim = Pick<
  Claim,
  | 'blockRunId'
  | 'attempt'
  | 'uuid'
  | 'blockType'
  | 'language'
  | 'definition'
  | 'overlay'
  | 'lostAttempts'
  | 'failures'
  | 'downstream'
  | 'inputs'
>;

export const claimFrom = (raw: RawClaim): Claim => ({ ...raw, executionDate: new Date(raw.executionDate) });

export type Claimant = { workerId: string; host: string };

/**
 * Takes one waiting block from a queue and sets its attempt running, in one transaction: a worker that dies before the commit has taken
 * nothing, one that dies after it is found by its attempt row. Answers null when the queue is empty, `'stale'` when
 * the job offers nothing any more (its block was cancelled, taken in place, or offered anew for after a retry delay).
 */
export const claimNext = (
  store: Store,
  queue: Queue,
  queueName: string,
  { workerId, host }: Claimant,
): Promise<Claim | 'stale' | null> =>
  inTransaction(store.pool, async (client) => {
    const offer = await queue.take(client, queueName);
    if (offer === null) return null;
    const { rows } = await client.query<{ claim: RawClaim | null }>({
      name: 'take_offer',
      text: 'select wand.take_offer($1, $2, $3, $4) as claim',
      values: [...offer, workerId, host],
    });
    const claim = rows[0]?.claim;
    if (claim) return claimFrom(claim);
    await passOn(client, queue, offer);
    return 'stale';
  });

/** A block that asks for tags which this worker lacks goes to the queue of those that have them. */
const passOn = async (client: pg.ClientBase, queue: Queue, [blockRunId, job]: Offer): Promise<void> => {
  const { rows } = await client.query<{ tags: string[]; offer: string }>(
    `update wand.block_run b set offer = gen_random_uuid() from wand.run r
     where b.id = $1 and b.offer = $2 and b.status = 'queued' and b.definition ? 'tags' and r.id = b.run_id
       and r.status in ('initial', 'running')
     returning b.definition->'tags' as tags, b.offer`,
    [blockRunId, job],
  );
  const [block] = rows;
  if (!block) return;
  const name = taggedQueue(block.tags);
  await queue.open(name);
  await queue.enqueue(client, name, [[blockRunId, block.offer]]);
};

/** Queues of blocks that wait for a worker with tags, as far as this one has them. */
export const taggedQueues = async (store: Store, tags: string[]): Promise<string[]> => {
  if (tags.length === 0) return [];
  const { rows } = await store.pool.query<{ tags: string[] }>(
    `select distinct b.definition->'tags' as tags from wand.block_run b
     where b.status = 'queued' and b.definition ? 'tags' and b.definition->'tags' <@ $1::jsonb`,
    [JSON.stringify(tags)],
  );
  return rows.map((row) => taggedQueue(row.tags));
};

/** What a worker holds according to the store. */
export const claimsOf = async (store: Store, workerId: string): Promise<Claim[]> => {
  const { rows } = await store.pool.query<{ claim: RawClaim }>(
    `select wand.claim(block_run_id) as claim from wand.attempt where worker = $1 and status = 'running'`,
    [workerId],
  );
  return rows.map(({ claim }) => claimFrom(claim));
};
