/** Where a block may run (tags of workers), and how outputs get from host to host. */
export const places = `
-- Sets a queued block's attempt running for a worker; null if it is not queued any more, its run has ended, or the worker lacks a tag
-- that the block asks for.
create or replace function wand.start_attempt(the_block bigint, the_worker uuid, the_host text) returns jsonb language plpgsql as $$
declare
  started wand.block_run;
begin
  update wand.block_run b
  set status = 'running', attempt = b.attempt + 1, started_at = clock_timestamp(), finished_at = null, error = null,
    tests = '[]', offer = null
  from wand.run r
  where b.id = the_block and b.status = 'queued' and r.id = b.run_id and r.status in ('initial', 'running')
    and (not b.definition ? 'tags'
      or b.definition->'tags' <@ (select to_jsonb(w.tags) from wand.worker w where w.id = the_worker))
  returning b.* into started;
  if not found then return null; end if;
  insert into wand.attempt (block_run_id, attempt, worker, worker_host, status)
  values (started.id, started.attempt, the_worker, the_host, 'running');
  update wand.run set status = 'running', started_at = coalesce(started_at, clock_timestamp())
  where id = started.run_id and status = 'initial';
  perform pg_notify('wand_run', started.run_id::text);
  return wand.claim(started.id);
end $$;

-- Files of outputs that a worker of another host has asked for, by the host that has them; their content in pieces, until retention removes it.
create table wand.output_request (
  host text not null,
  path text not null,
  requested_at timestamptz not null default clock_timestamp(),
  primary key (host, path)
);
create table wand.output_file (
  host text not null,
  path text not null,
  bytes bigint,
  sha256 text,
  -- Why it could not be read there.
  error text,
  stored_at timestamptz not null default clock_timestamp(),
  primary key (host, path)
);
create table wand.output_chunk (
  host text not null,
  path text not null,
  number int not null,
  data bytea not null,
  primary key (host, path, number),
  foreign key (host, path) references wand.output_file on delete cascade
);
alter table wand.output_chunk alter column data set storage external;
`;
