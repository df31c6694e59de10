import { runs } from './001-runs.ts';
import { advance } from './002-advance.ts';
import { semantics } from './003-semantics.ts';
import { rerun } from './004-rerun.ts';
import { batch } from './005-batch.ts';
import { logWriters } from './006-log-writers.ts';
import { heartbeat } from './007-heartbeat.ts';
import { code } from './008-code.ts';
import { places } from './009-places.ts';
import { retention } from './010-retention.ts';
import { exactOffers } from './011-exact-offers.ts';
import { fewerStatements } from './012-fewer-statements.ts';

/** Applied in this order, each once; a migration only adds. The schema's number is the length. */
export const migrations: readonly string[] = [
  runs,
  advance,
  semantics,
  rerun,
  batch,
  logWriters,
  heartbeat,
  code,
  places,
  retention,
  exactOffers,
  fewerStatements,
];

/** Number of the schema this code is written for. */
export const schemaVersion = migrations.length;
