/** Everything a run is: its blocks, their edges and attempts, who works on them, what they said and what they made. */
export const runs = `
create table wand.state (
  id uuid primary key default gen_random_uuid(),
  created_at timestamptz not null default now()
);
insert into wand.state default values;

create table wand.project (
  id text primary key,
  name text not null,
  path text not null,
  host text not null,
  seen_at timestamptz not null default now()
);

create table wand.run (
  id bigint generated always as identity primary key,
  project_id text not null references wand.project,
  project text not null,
  project_path text not null,
  pipeline text,
  status text not null default 'initial' check (status in ('initial', 'running', 'completed', 'failed', 'cancelled')),
  trigger text not null,
  execution_date timestamptz not null,
  variables jsonb not null default '{}',
  settings jsonb not null default '{}',
  parent_run_id bigint references wand.run on delete set null,
  owner uuid,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz
);
create index run_of_pipeline on wand.run (project_id, pipeline, id desc);
create index run_open on wand.run (id) where status in ('initial', 'running');

create table wand.block_run (
  id bigint generated always as identity primary key,
  run_id bigint not null references wand.run on delete cascade,
  uuid text not null,
  block_type text not null,
  language text not null,
  position int not null,
  definition jsonb not null,
  pending int not null,
  status text not null default 'initial' check (status in
    ('initial', 'queued', 'running', 'completed', 'failed', 'cancelled', 'upstream_failed', 'condition_failed')),
  attempt int not null default 0,
  rows bigint,
  tests jsonb not null default '[]',
  error jsonb,
  reused_from bigint,
  started_at timestamptz,
  finished_at timestamptz,
  unique (run_id, uuid)
);

create table wand.dependency (
  upstream bigint not null references wand.block_run on delete cascade,
  downstream bigint not null references wand.block_run on delete cascade,
  position int not null,
  primary key (upstream, downstream)
);
create index dependency_downstream on wand.dependency (downstream);

create table wand.worker (
  id uuid primary key,
  host text not null,
  pid int not null,
  lock_key bigint not null unique,
  foreground boolean not null,
  version text not null,
  schema_version int not null,
  tags text[] not null default '{}',
  state text not null default 'idle' check (state in ('idle', 'busy', 'draining')),
  started_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp()
);

create table wand.attempt (
  block_run_id bigint not null references wand.block_run on delete cascade,
  attempt int not null,
  worker uuid not null,
  worker_host text not null,
  status text not null check (status in ('running', 'completed', 'failed', 'cancelled', 'lost')),
  pgid int,
  start_ticks text,
  error jsonb,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (block_run_id, attempt)
);
create index attempt_running on wand.attempt (worker) where status = 'running';

create table wand.output (
  block_run_id bigint not null references wand.block_run on delete cascade,
  position int not null,
  name text not null,
  kind text not null check (kind in ('table', 'json', 'pickle', 'relation')),
  host text not null,
  path text,
  rows bigint,
  columns jsonb,
  bytes bigint,
  relation jsonb,
  primary key (block_run_id, position)
);

-- Lines are numbered per run in the order of their commits, so that a follower that asks for "after n" misses none.
create table wand.log_position (
  run_id bigint primary key references wand.run on delete cascade,
  next bigint not null
);
create table wand.log_chunk (
  run_id bigint not null references wand.run on delete cascade,
  first bigint not null,
  count int not null,
  block text,
  attempt int,
  lines jsonb not null,
  primary key (run_id, first)
);
create index log_chunk_of_block on wand.log_chunk (run_id, block, first);


-- One form of time everywhere: ISO 8601, UTC, milliseconds.
create function wand.iso(moment timestamptz) returns text language sql stable as $$
  select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
`;
