/**
 * Advancing with fewer statements. Each embedded one costs 10 to 20 us beside its work, and each change of a block's status five index entries:
 * a child that this worker goes on with becomes running at once, not queued and then running.
 */
export const fewerStatements = `
-- What a worker takes in place from the end of the queue, found without sorting what waits (0.17 ms a block of 1,000 side by side).
create index block_run_offered on wand.block_run (run_id, position, id) where status = 'queued' and offer is not null and error is null;
drop index wand.block_run_queued;

-- As before (005-batch).
create or replace function wand.advance(the_block bigint, the_attempt int, the_worker uuid, the_host text, outcome jsonb, go_on boolean)
returns jsonb language plpgsql as $$
declare
  the_run wand.run;
  block wand.block_run;
  how text := outcome->>'status';
  retry double precision := (outcome->>'retry')::double precision;
  again boolean := how = 'lost' or (how = 'failed' and retry is not null);
  next_id bigint;
  next_offer uuid;
  passed_over bigint[];
  offers jsonb := '[]';
  ended boolean := false;
begin
  select r.* into the_run from wand.run r join wand.block_run b on b.run_id = r.id where b.id = the_block for update of r;
  with done as (
    update wand.attempt a set status = case when how = 'condition_failed' then 'completed' else how end,
      error = nullif(outcome->'error', 'null'), finished_at = clock_timestamp(), usage = nullif(outcome->'usage', 'null')
    from wand.block_run b
    where a.block_run_id = the_block and a.attempt = the_attempt and a.status = 'running'
      -- Not by the index of a worker's attempts, in which those that have ended lie until they are swept up.
      and a.worker is not distinct from the_worker
      and b.id = a.block_run_id and b.status = 'running' and b.attempt = the_attempt
    returning a.block_run_id as id
  )
  update wand.block_run b set
    status = case when again then 'queued' else how end,
    rows = (outcome->>'rows')::bigint, tests = coalesce(outcome->'tests', '[]'),
    error = nullif(outcome->'error', 'null'), finished_at = clock_timestamp(),
    offer = case when again then gen_random_uuid() end
  from done where b.id = done.id returning b.* into block;
  if not found then return jsonb_build_object('accepted', false); end if;

  if the_attempt > 1 then delete from wand.output where block_run_id = the_block; end if;
  if jsonb_array_length(coalesce(outcome->'outputs', '[]')) > 0 then
    insert into wand.output (block_run_id, position, name, kind, host, path, rows, columns, bytes, relation)
    select the_block, o.place - 1, o.item->>'name', o.item->>'kind', the_host, o.item->>'path',
      (o.item->>'rows')::bigint, nullif(o.item->'columns', 'null'), (o.item->>'bytes')::bigint,
      nullif(o.item->'relation', 'null')
    from jsonb_array_elements(outcome->'outputs') with ordinality as o(item, place);
  end if;
  if jsonb_array_length(coalesce(outcome->'lines', '[]')) > 0 then
    with p as (
      insert into wand.log_position as p (run_id, next) values (the_run.id, jsonb_array_length(outcome->'lines') + 1)
      on conflict (run_id) do update set next = p.next + excluded.next - 1
      returning p.next - jsonb_array_length(outcome->'lines') as place
    )
    -- Under the number that they have if they are sent by themselves (store_chunk), because the answer to this was lost.
    insert into wand.log_chunk (run_id, first, count, block, attempt, lines, writer, number)
    select the_run.id, p.place, jsonb_array_length(outcome->'lines'), block.uuid, the_attempt, outcome->'lines',
      (outcome->>'writer')::uuid, (outcome->>'number')::int from p;
    perform pg_notify('wand_log', the_run.id::text);
  end if;
  perform pg_notify('wand_run', the_run.id::text);

  if again then
    return jsonb_build_object('accepted', true, 'owner', the_run.owner, 'retry', retry,
      'offers', jsonb_build_array(jsonb_build_array(block.id::text, block.offer)));
  end if;
  if how in ('completed', 'failed') and outcome->'children' is null and block.definition ? 'callbacks' then
    perform wand.owe_callback(block, case how when 'completed' then 'success' else 'failure' end);
  end if;
  if how = 'failed' and not coalesce((the_run.settings->>'allowBlocksToFail')::boolean, false) then
    perform wand.end_run(the_run.id, 'failed');
    return jsonb_build_object('accepted', true, 'ended', true, 'offers', offers);
  end if;

  if jsonb_array_length(coalesce(outcome->'children', '[]')) > 0 then
    perform wand.fan_out(block, outcome->'children');
  end if;
  -- Children: ready, or passed over, when this was the last that they waited for. The run's row is locked, so nobody else moves them. The first
  -- that is ready is begun at once, unless something that nobody was offered waits already, which comes first.
  with children as (
    select b.id, b.position, b.pending, case when b.pending > 1 then b.status else (
      select case
        when bool_or(u.status in ('failed', 'upstream_failed', 'cancelled')) then 'upstream_failed'
        when bool_or(u.status = 'condition_failed') then 'condition_failed'
        else 'queued' end
      from wand.dependency x join wand.block_run u on u.id = x.upstream where x.downstream = b.id) end as becomes
    -- One by one: else all open blocks of all runs are looked at for a few children.
    from wand.dependency d cross join lateral (select * from wand.block_run c where c.id = d.downstream offset 0) b
    where d.upstream = the_block and b.status = 'initial'
  ), first as (
    select c.id from children c
    where go_on and c.becomes = 'queued' and not exists (
      select from wand.block_run w where w.run_id = the_run.id and w.status = 'queued' and w.offer is null)
    order by c.position, c.id limit 1
  ), moved as (
    update wand.block_run b set pending = b.pending - 1,
      status = case when f.id is null then c.becomes else 'running' end,
      attempt = b.attempt + case when f.id is null then 0 else 1 end,
      started_at = case when f.id is null then b.started_at else clock_timestamp() end,
      finished_at = case when c.becomes in ('upstream_failed', 'condition_failed') then clock_timestamp()
        when f.id is null then b.finished_at end,
      error = case when f.id is null then b.error end,
      tests = case when f.id is null then b.tests else '[]' end
    from children c left join first f on f.id = c.id where b.id = c.id
    returning b.id, b.status, b.attempt
  ), begun as (
    insert into wand.attempt (block_run_id, attempt, worker, worker_host, status)
    select m.id, m.attempt, the_worker, the_host, 'running' from moved m where m.status = 'running'
  )
  select max(m.id) filter (where m.status = 'running'),
    array_agg(m.id) filter (where m.status in ('upstream_failed', 'condition_failed'))
  into next_id, passed_over from moved m;
  if passed_over is not null then perform wand.settle_children(passed_over); end if;
  if go_on and next_id is null then
    -- What nobody was offered comes first; taking an offered one leaves a stale job. That from the end: those who take from the queue take from
    -- the front, and would find one stale job after the other. One that failed waits for its retry delay, which the queue keeps.
    select w.id into next_id from wand.block_run w
    where w.run_id = the_run.id and w.status = 'queued' and w.offer is null
    order by w.position, w.id limit 1 for update skip locked;
    if not found then
      select w.id, w.offer into next_id, next_offer from wand.block_run w
      where w.run_id = the_run.id and w.status = 'queued' and w.offer is not null and w.error is null
      order by w.position desc, w.id desc limit 1 for update skip locked;
    end if;
    if next_id is not null then
      with begun as (
        update wand.block_run b set status = 'running', attempt = b.attempt + 1, started_at = clock_timestamp(),
          finished_at = null, error = null, tests = '[]', offer = null
        where b.id = next_id returning b.id, b.attempt
      )
      insert into wand.attempt (block_run_id, attempt, worker, worker_host, status)
      select b.id, b.attempt, the_worker, the_host, 'running' from begun b;
    end if;
  end if;
  if next_id is null and not wand.is_open(the_run.id) then
    update wand.run r set finished_at = clock_timestamp(),
      status = case when exists (select from wand.block_run b where b.run_id = r.id
        and b.status in ('failed', 'upstream_failed')) then 'failed' else 'completed' end
    where r.id = the_run.id and r.status = 'running';
    ended := found;
  end if;
  if exists (select from wand.block_run b where b.run_id = the_run.id and b.status = 'queued' and b.offer is null) then
    offers := wand.make_offers(the_run.id);
  end if;
  return jsonb_build_object('accepted', true, 'owner', the_run.owner, 'offers', offers,
    'ended', ended, 'next', case when next_id is not null then
      wand.claim_next(next_id, the_run.project_id, the_run.pipeline) end, 'stale', next_offer);
end $$;

-- Its plans are made once a session, maybe while the tables are still small: none may read a whole table once they are large.
alter function wand.advance_all(jsonb, boolean) set enable_seqscan = off;
alter function wand.advance_all(jsonb, boolean) set enable_hashjoin = off;
alter function wand.advance_all(jsonb, boolean) set enable_mergejoin = off;

-- What they did stands in 'advance' now. ('start_attempt' stays: workers of the release before call it by name.)
drop function wand.settle(bigint);
drop function wand.verdict(bigint);

-- What a worker owns is looked for when it ends.
create index run_owned on wand.run (owner) where owner is not null;
`;
