/** Where a Postgres is and how to enter it. `host` may be a socket folder (starts with `/`). */
export type ConnectionConfig = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Default schema of a data profile (`POSTGRES_SCHEMA`). */
  schema?: string;
  /** Seconds. */
  connectTimeout?: number;
  sslMode?: string;
  /** Paths of PEM files. */
  sslRootCert?: string;
  sslCert?: string;
  sslKey?: string;
  /** What the user calls this place, for messages: `profile dev of io_config.yaml`, `WAND_DATABASE_URL`. */
  origin?: string;
};
