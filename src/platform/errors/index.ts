export * from './refusal-table';
export * from './render-error';
