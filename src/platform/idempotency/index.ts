export * from './keys';
export * from './route';
