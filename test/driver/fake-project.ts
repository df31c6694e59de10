import type { Block, Pipeline, Project } from '../../src/model/project.ts';
import { emptyPipeline } from '../../src/project/empty-pipeline.ts';

/** Blocks of a made-up pipeline: name -> upstream names. */
export type Shape = Record<string, string[]>;

export const taxiShape: Shape = {
  load_trips: [],
  load_zones: [],
  clean_trips: ['load_trips', 'load_zones'],
  export_trips: ['clean_trips'],
  trips_per_zone: ['export_trips'],
  quality_report: ['clean_trips'],
};

export const failingShape: Shape = {
  load_api_data: [],
  transform_taxi_data: ['load_api_data'],
  taxi_data_to_postgres: ['transform_taxi_data'],
  check_counts: ['taxi_data_to_postgres'],
};

/** Path of the made-up instance. */
export const root = '/home/me/course';

const blockOf = (project: string, uuid: string, upstream: string[], shape: Shape, index: number): Block => ({
  uuid,
  name: uuid,
  type: upstream.length === 0 ? 'data_loader' : 'transformer',
  language: 'python',
  file: `${root}/${project}/transformers/${uuid}.py`,
  fileExists: true,
  upstream,
  downstream: Object.keys(shape).filter((other) => shape[other]!.includes(uuid)),
  configuration: {},
  retryConfig: {},
  timeout: null,
  replicatedBlock: null,
  line: index + 3,
});

export const pipelineOf = (project: string, uuid: string, shape: Shape): Pipeline => ({
  ...emptyPipeline(uuid, `${root}/${project}/pipelines/${uuid}/metadata.yaml`),
  blocks: Object.entries(shape).map(([name, upstream], index) => blockOf(project, name, upstream, shape, index)),
});

export const projectOf = (uuid: string, pipelines: Pipeline[]): Project => ({
  uuid,
  name: uuid,
  path: `${root}/${uuid}`,
  projectUuid: null,
  pipelines,
  retryConfig: {},
  problems: [],
});
