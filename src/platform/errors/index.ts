export * from './panel-refusal';
export * from './refusal-table';
export * from './render-error';
