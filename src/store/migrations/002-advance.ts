/**
 * How a run goes on, as functions: one statement of a worker ends an attempt, frees its children and claims the next block, in one round
 * trip and one commit. Every call that moves a run locks its row first, so that two blocks that end together do not each
 * see the other as running, and limits are held exactly.
 *
 * A block waits as 'queued'. It is *offered* when a job for it lies in the queue; offers stay within the run's
 * block_run_limit. A worker that goes on in place may take an offered block of the same run; the job is then stale, which its
 * taker notices, and which the worker deletes in its own time.
 */
export const advance = `
alter table wand.run add column block_run_limit int;
alter table wand.block_run add column offer uuid;
create index block_run_queued on wand.block_run (run_id, position) where status = 'queued';
create index block_run_open on wand.block_run (run_id) where status in ('initial', 'queued', 'running');

create function wand.outputs(the_block bigint) returns jsonb language sql stable as $$
  select coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('relation', o.relation)) || jsonb_build_object(
    'name', o.name, 'kind', o.kind, 'path', o.path, 'rows', o.rows, 'columns', o.columns, 'bytes', o.bytes,
    'host', o.host) order by o.position), '[]')
  from wand.output o where o.block_run_id = the_block
$$;

-- Everything it takes to execute a claimed attempt.
create function wand.claim(the_block bigint) returns jsonb language sql stable as $$
  select jsonb_build_object(
    'blockRunId', b.id::text, 'runId', b.run_id::text, 'attempt', b.attempt, 'uuid', b.uuid,
    'blockType', b.block_type, 'language', b.language, 'definition', b.definition,
    'projectPath', r.project_path, 'pipeline', r.pipeline, 'executionDate', wand.iso(r.execution_date),
    'variables', r.variables, 'settings', r.settings, 'trigger', r.trigger,
    'lostAttempts', (select coalesce(jsonb_agg(a.attempt order by a.attempt), '[]') from wand.attempt a
      where a.block_run_id = b.id and a.status = 'lost'),
    'failures', (select count(*) from wand.attempt a where a.block_run_id = b.id and a.status = 'failed'),
    'inputs', (select coalesce(jsonb_agg(jsonb_build_object(
        'block', u.uuid, 'blockType', u.block_type, 'language', u.language,
        'configuration', u.definition->'configuration', 'file', u.definition->'file',
        'outputs', wand.outputs(u.id)) order by d.position), '[]')
      from wand.dependency d join wand.block_run u on u.id = d.upstream where d.downstream = b.id))
  from wand.block_run b join wand.run r on r.id = b.run_id where b.id = the_block
$$;

-- Sets a queued block's attempt running for a worker; null if it is not queued any more or its run has ended.
create function wand.start_attempt(the_block bigint, the_worker uuid, the_host text) returns jsonb language plpgsql as $$
declare
  started wand.block_run;
begin
  update wand.block_run b
  set status = 'running', attempt = b.attempt + 1, started_at = clock_timestamp(), finished_at = null, error = null,
    tests = '[]', offer = null
  from wand.run r
  where b.id = the_block and b.status = 'queued' and r.id = b.run_id and r.status in ('initial', 'running')
  returning b.* into started;
  if not found then return null; end if;
  insert into wand.attempt (block_run_id, attempt, worker, worker_host, status)
  values (started.id, started.attempt, the_worker, the_host, 'running');
  update wand.run set status = 'running', started_at = coalesce(started_at, clock_timestamp())
  where id = started.run_id and status = 'initial';
  perform pg_notify('wand_run', started.run_id::text);
  return wand.claim(started.id);
end $$;

-- Marks waiting blocks as offered, within the run's limit, in file order; answers the jobs to enqueue: [[block run, job], ...].
create function wand.make_offers(the_run bigint) returns jsonb language plpgsql as $$
declare
  room int;
  offers jsonb;
begin
  select case when r.block_run_limit is null then null else greatest(0, r.block_run_limit - (
      select count(*) from wand.block_run b
      where b.run_id = r.id and (b.status = 'running' or (b.status = 'queued' and b.offer is not null)))) end
  into room from wand.run r where r.id = the_run and r.status in ('initial', 'running');
  if not found then return '[]'; end if;
  with waiting as (
    select id from wand.block_run
    where run_id = the_run and status = 'queued' and offer is null order by position limit room
  ), offered as (
    update wand.block_run b set offer = gen_random_uuid() from waiting where b.id = waiting.id
    returning b.id, b.offer
  )
  select coalesce(jsonb_agg(jsonb_build_array(id::text, offer)), '[]') into offers from offered;
  return offers;
end $$;

-- Tells the children of ended blocks, and theirs: ready when all upstreams are done, else ended without having run (mage-format.md 3.6, 3.8).
create function wand.settle_children(ended bigint[]) returns void language plpgsql as $$
declare
  passed_over bigint[];
begin
  while cardinality(ended) > 0 loop
    with children as (
      select d.downstream as id, count(*) as finished from wand.dependency d where d.upstream = any(ended) group by 1
    ), locked as (
      select b.id, c.finished from wand.block_run b join children c on c.id = b.id
      where b.status = 'initial' order by b.id for update of b
    ), judged as (
      select l.id, l.finished, (
        select case
          when bool_or(u.status in ('failed', 'upstream_failed', 'cancelled')) then 'upstream_failed'
          when bool_or(u.status = 'condition_failed') then 'condition_failed'
          else 'queued' end
        from wand.dependency d join wand.block_run u on u.id = d.upstream where d.downstream = l.id) as verdict
      from locked l
    ), updated as (
      update wand.block_run b set pending = b.pending - j.finished,
        status = case when b.pending = j.finished then j.verdict else b.status end,
        finished_at = case when b.pending = j.finished and j.verdict <> 'queued' then clock_timestamp() end
      from judged j where b.id = j.id
      returning b.id, b.status
    )
    select coalesce(array_agg(id) filter (where status in ('upstream_failed', 'condition_failed')), '{}')
    into passed_over from updated;
    ended := passed_over;
  end loop;
end $$;

-- Ends a run before its blocks are done: what has not ended becomes cancelled, and workers are told to stop.
create function wand.end_run(the_run bigint, how text) returns boolean language plpgsql as $$
begin
  update wand.run set status = how, finished_at = clock_timestamp(), started_at = coalesce(started_at, clock_timestamp())
  where id = the_run and status in ('initial', 'running');
  if not found then return false; end if;
  update wand.block_run set status = 'cancelled', finished_at = clock_timestamp()
  where run_id = the_run and status in ('initial', 'queued', 'running');
  perform pg_notify('wand_stop', the_run::text);
  perform pg_notify('wand_run', the_run::text);
  return true;
end $$;

create function wand.store_lines(the_run bigint, the_block text, the_attempt int, the_lines jsonb) returns void
language plpgsql as $$
declare
  amount int := jsonb_array_length(the_lines);
  place bigint;
begin
  if amount = 0 then return; end if;
  insert into wand.log_position as p (run_id, next) values (the_run, amount + 1)
  on conflict (run_id) do update set next = p.next + amount
  returning next - amount into place;
  insert into wand.log_chunk (run_id, first, count, block, attempt, lines)
  values (the_run, place, amount, the_block, the_attempt, the_lines);
  perform pg_notify('wand_log', the_run::text);
end $$;

-- Ends an attempt and advances its run. outcome: {status: completed | failed | condition_failed | lost, rows, tests, error, outputs,
-- retry: seconds | null, lines}. Answers {accepted, owner, offers, retry, next, stale}: offers are jobs to enqueue in the same transaction,
-- next the claim of the block that this worker goes on with, stale the job that made superfluous.
create function wand.advance(the_block bigint, the_attempt int, the_worker uuid, the_host text, outcome jsonb, go_on boolean)
returns jsonb language plpgsql as $$
declare
  the_run wand.run;
  block wand.block_run;
  how text := outcome->>'status';
  retry double precision := (outcome->>'retry')::double precision;
  next_block bigint;
  next_offer uuid;
  next_claim jsonb;
begin
  select r.* into the_run from wand.run r join wand.block_run b on b.run_id = r.id where b.id = the_block for update of r;
  update wand.attempt a set status = case when how = 'condition_failed' then 'completed' else how end,
    error = nullif(outcome->'error', 'null'), finished_at = clock_timestamp()
  from wand.block_run b
  where a.block_run_id = the_block and a.attempt = the_attempt and a.worker = the_worker and a.status = 'running'
    and b.id = a.block_run_id and b.status = 'running' and b.attempt = the_attempt;
  if not found then return jsonb_build_object('accepted', false); end if;

  update wand.block_run set
    status = case when how = 'lost' or (how = 'failed' and retry is not null) then 'queued' else how end,
    rows = (outcome->>'rows')::bigint, tests = coalesce(outcome->'tests', '[]'),
    error = nullif(outcome->'error', 'null'), finished_at = clock_timestamp(),
    offer = case when how = 'lost' or (how = 'failed' and retry is not null) then gen_random_uuid() end
  where id = the_block returning * into block;
  if the_attempt > 1 then delete from wand.output where block_run_id = the_block; end if;
  if jsonb_array_length(coalesce(outcome->'outputs', '[]')) > 0 then
    insert into wand.output (block_run_id, position, name, kind, host, path, rows, columns, bytes, relation)
    select the_block, o.place - 1, o.item->>'name', o.item->>'kind', the_host, o.item->>'path',
      (o.item->>'rows')::bigint, nullif(o.item->'columns', 'null'), (o.item->>'bytes')::bigint,
      nullif(o.item->'relation', 'null')
    from jsonb_array_elements(outcome->'outputs') with ordinality as o(item, place);
  end if;
  perform wand.store_lines(the_run.id, block.uuid, the_attempt, coalesce(outcome->'lines', '[]'));
  perform pg_notify('wand_run', the_run.id::text);

  if block.status = 'queued' then
    return jsonb_build_object('accepted', true, 'owner', the_run.owner, 'retry', retry,
      'offers', jsonb_build_array(jsonb_build_array(block.id::text, block.offer)));
  end if;
  if how = 'failed' and not coalesce((the_run.settings->>'allowBlocksToFail')::boolean, false) then
    perform wand.end_run(the_run.id, 'failed');
    return jsonb_build_object('accepted', true, 'offers', '[]'::jsonb);
  end if;

  perform wand.settle_children(array[the_block]);
  if go_on then
    -- What nobody was offered comes first; taking an offered one leaves a stale job.
    select b.id, b.offer into next_block, next_offer from wand.block_run b
    where b.run_id = the_run.id and b.status = 'queued'
    order by b.offer is not null, b.position limit 1 for update skip locked;
    if next_block is not null then next_claim := wand.start_attempt(next_block, the_worker, the_host); end if;
  end if;
  if next_claim is null and not exists (
    select from wand.block_run b where b.run_id = the_run.id and b.status in ('initial', 'queued', 'running')
  ) then
    update wand.run r set finished_at = clock_timestamp(),
      status = case when exists (select from wand.block_run b where b.run_id = r.id
        and b.status in ('failed', 'upstream_failed')) then 'failed' else 'completed' end
    where r.id = the_run.id and r.status = 'running';
  end if;
  return jsonb_build_object('accepted', true, 'owner', the_run.owner, 'offers', wand.make_offers(the_run.id),
    'next', next_claim, 'stale', case when next_claim is not null then next_offer end);
end $$;
`;
