export * from './context';
export * from './parse';
export * from './present';
