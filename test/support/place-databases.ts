import pg from 'pg';
import type { Surroundings } from './program.ts';

/** Connections to the two databases of surroundings: wand's own and the data's. */
export type PlaceDatabases = {
  state: pg.Client;
  data: pg.Client;
  /** Whether a statement with this text is under way in the data's database. */
  isUnderWay(text: string): Promise<boolean>;
  close(): Promise<void>;
};

/** Migrates the state database, so that a test may look into it, and connects to both. */
export const placeDatabases = async (place: Pick<Surroundings, 'ok' | 'environment'>): Promise<PlaceDatabases> => {
  await place.ok(['runs']);
  const [state, data] = [place.environment.WAND_DATABASE_URL, place.environment.WAND_TEST_DATA_URL].map(
    (connectionString) => new pg.Client({ connectionString }),
  ) as [pg.Client, pg.Client];
  await Promise.all([state.connect(), data.connect()]);
  return {
    state,
    data,
    isUnderWay: async (text) => {
      const { rowCount } = await data.query(
        `select from pg_stat_activity where strpos(query, $1) > 0 and state = 'active'
           and datname = current_database() and pid <> pg_backend_pid()`,
        [text],
      );
      return rowCount! > 0;
    },
    close: async () => void (await Promise.all([state.end(), data.end()])),
  };
};
