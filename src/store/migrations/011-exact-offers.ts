/** Offers taken by their job alone, one order of locks, and workers that somebody has suspended. */
export const exactOffers = `
-- Sets a queued block's attempt running for a worker that has taken the job which offers it. Null if the block is not offered by that job any
-- more (it was taken in place, waits for a retry delay or was offered anew), its run has ended, or the worker lacks a tag that it asks for.
-- A run that begins by it is locked first, as everywhere: the run, then its attempts and blocks, then its log.
create function wand.take_offer(the_block bigint, the_job uuid, the_worker uuid, the_host text) returns jsonb language plpgsql as $$
declare
  started wand.block_run;
begin
  perform from wand.run r join wand.block_run b on b.run_id = r.id
  where b.id = the_block and r.status = 'initial' for no key update of r;
  update wand.block_run b
  set status = 'running', attempt = b.attempt + 1, started_at = clock_timestamp(), finished_at = null, error = null,
    tests = '[]', offer = null
  from wand.run r
  where b.id = the_block and b.status = 'queued' and b.offer = the_job and r.id = b.run_id and r.status in ('initial', 'running')
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

-- As before; the run is locked (as a foreign key locks it) before its log is, since who ends a block holds the run and then stores its lines.
create or replace function wand.store_chunk(the_run bigint, the_block text, the_attempt int, the_writer uuid, the_number int, the_lines jsonb)
returns void language plpgsql as $$
declare
  amount int := jsonb_array_length(the_lines);
  place bigint;
begin
  if amount = 0 then return; end if;
  perform from wand.run where id = the_run for key share;
  if not found then return; end if;
  insert into wand.log_position as p (run_id, next) values (the_run, 1) on conflict (run_id) do update set next = p.next
  returning next into place;
  if exists (select from wand.log_chunk where writer = the_writer and number = the_number) then return; end if;
  update wand.log_position set next = place + amount where run_id = the_run;
  insert into wand.log_chunk (run_id, first, count, block, attempt, lines, writer, number)
  values (the_run, place, amount, the_block, the_attempt, the_lines, the_writer, the_number);
  perform pg_notify('wand_log', the_run::text);
end $$;

-- Since when somebody keeps a foreground worker stopped (ctrl-z): as long as it holds its lock it does not hang.
alter table wand.worker add column suspended_at timestamptz;
`;
